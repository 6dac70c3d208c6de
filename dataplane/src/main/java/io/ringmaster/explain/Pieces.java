package io.ringmaster.explain;

import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Ipv6FragmentHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The frames in which a packet that is asked about comes: one, or those of its fragments. */
public final class Pieces {
    /** Most fragments that a rehearsal takes. */
    public static final int MOST = StageQueue.RING;
    /** What offsets of fragments are counted in. */
    private static final int UNIT_BYTES = 8;
    /** Any would do: no other datagram is in a rehearsal. */
    private static final int IDENTIFICATION = 1;

    private Pieces() {
    }

    /** In how many fragments a packet would come, by an interface of an MTU. */
    public static int count(final Question question, final int mtuBytes) {
        return Math.ceilDiv(dataBytes(question), pieceBytes(question, mtuBytes));
    }

    /** All frames that come, in their order, of a packet by an interface of an MTU. */
    public static List<byte[]> of(final Question question, final int mtuBytes) {
        final byte[] whole = MadePacket.of(question);
        if (!question.form().cut()) {
            return List.of(whole);
        }
        final List<byte[]> pieces = new ArrayList<>();
        final int pieceBytes = pieceBytes(question, mtuBytes);
        for (int at = 0; at < dataBytes(question); at += pieceBytes) {
            pieces.add(piece(whole, question, at, Math.min(pieceBytes, dataBytes(question) - at)));
        }
        return switch (question.form().part()) {
            case FIRST -> List.of(pieces.getFirst());
            case LATER -> List.of(pieces.getLast());
            default -> List.copyOf(pieces);
        };
    }

    private static int dataBytes(final Question question) {
        return question.lengthBytes() - (question.ipv4() ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES);
    }

    /** As much as goes into a packet, as senders cut; half of what would go into one. */
    private static int pieceBytes(final Question question, final int mtuBytes) {
        final int dataBytes = dataBytes(question);
        final int room = (mtuBytes - headerBytes(question)) / UNIT_BYTES;
        return UNIT_BYTES * (dataBytes > UNIT_BYTES * room ? room : Math.ceilDiv(dataBytes, 2 * UNIT_BYTES));
    }

    private static int headerBytes(final Question question) {
        return question.ipv4() ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES + Ipv6FragmentHeader.BYTES;
    }

    private static byte[] piece(final byte[] whole, final Question question, final int offset, final int lengthBytes) {
        final int network = whole.length - question.lengthBytes();
        final int plainBytes = question.lengthBytes() - dataBytes(question);
        final int headerBytes = headerBytes(question);
        final byte[] piece = new byte[network + headerBytes + lengthBytes];
        System.arraycopy(whole, 0, piece, 0, network + plainBytes);
        System.arraycopy(whole, network + plainBytes + offset, piece, network + headerBytes, lengthBytes);
        final boolean more = offset + lengthBytes < dataBytes(question);
        final MemorySegment memory = MemorySegment.ofArray(piece);
        if (question.ipv4()) {
            Ipv4.totalLength(memory, network, headerBytes + lengthBytes);
            Ipv4.identification(memory, network, IDENTIFICATION);
            Ipv4.fragmentWord(memory, network, (more ? Ipv4.MORE_FRAGMENTS : 0) | offset / UNIT_BYTES);
            Ipv4.writeChecksum(memory, network);
        } else {
            Ipv6.payloadLength(memory, network, Ipv6FragmentHeader.BYTES + lengthBytes);
            Ipv6.nextHeader(memory, network, Ipv6FragmentHeader.PROTOCOL);
            Ipv6FragmentHeader.write(memory, network + Ipv6.HEADER_BYTES, question.protocol(), offset, more,
                IDENTIFICATION);
        }
        return piece;
    }
}
