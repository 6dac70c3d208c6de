package io.ringmaster.application;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import java.lang.foreign.MemorySegment;

/**
 * Moves the sequence numbers of segments by {@link SequenceOffsets}: those that the sender of changed data counts, and
 * those by which its peer acknowledges them, in SACK blocks (RFC 2018 §3), too. The checksum is corrected, not
 * computed: a wrong one stays wrong.
 */
public final class TcpNumbers {
    private static final int OPTION_END = 0;
    private static final int OPTION_NOTHING = 1;
    private static final int OPTION_SACK = 5;
    private static final int SACK_HEADER_BYTES = 2;
    private static final int SACK_BLOCK_BYTES = 8;

    private TcpNumbers() {
    }

    /** Where the data of a segment begins; behind its end if its header says so, or is too short to be one. */
    public static long dataStart(final Packet packet) {
        final int headerBytes = Tcp.headerBytes(packet.memory(), packet.transport());
        return headerBytes < Tcp.HEADER_BYTES ? dataLimit(packet) : packet.transport() + headerBytes;
    }

    /** Behind the last byte of a segment's data. */
    public static long dataLimit(final Packet packet) {
        return packet.network() + packet.networkLengthBytes();
    }

    /** A segment of the side whose data was changed. */
    public static void ofChangedSide(final Packet packet, final long offsets) {
        final MemorySegment memory = packet.memory();
        final int sequence = Tcp.sequence(memory, packet.transport());
        final int moved = sequence + SequenceOffsets.ofSequence(offsets, sequence);
        Tcp.sequence(memory, packet.transport(), moved);
        correct(packet, sequence, moved);
    }

    /** A segment of the other side. */
    public static void ofOtherSide(final Packet packet, final long offsets) {
        if ((packet.tcpFlags() & Tcp.ACK) == 0) {
            return;
        }
        final MemorySegment memory = packet.memory();
        final int acknowledged = Tcp.acknowledgment(memory, packet.transport());
        final int moved = acknowledged - SequenceOffsets.ofAcknowledgment(offsets, acknowledged);
        Tcp.acknowledgment(memory, packet.transport(), moved);
        correct(packet, acknowledged, moved);
        moveSelective(packet, offsets);
    }

    private static void moveSelective(final Packet packet, final long offsets) {
        final MemorySegment memory = packet.memory();
        final long limit = Math.min(packet.transport() + Tcp.headerBytes(memory, packet.transport()),
            dataLimit(packet));
        long at = packet.transport() + Tcp.HEADER_BYTES;
        while (at < limit && BigEndian.u8(memory, at) != OPTION_END) {
            if (BigEndian.u8(memory, at) == OPTION_NOTHING) {
                at++;
                continue;
            }
            final int bytes = at + 1 < limit ? BigEndian.u8(memory, at + 1) : 0;
            if (bytes < SACK_HEADER_BYTES || at + bytes > limit) {
                return;
            }
            if (BigEndian.u8(memory, at) == OPTION_SACK && bytes % SACK_BLOCK_BYTES == SACK_HEADER_BYTES) {
                moveBlocks(packet, at + SACK_HEADER_BYTES, at + bytes, offsets);
            }
            at += bytes;
        }
    }

    private static void moveBlocks(final Packet packet, final long from, final long limit, final long offsets) {
        final MemorySegment memory = packet.memory();
        for (long at = from; at < limit; at += Integer.BYTES) {
            final int edge = BigEndian.i32(memory, at);
            final int moved = edge - SequenceOffsets.ofAcknowledgment(offsets, edge);
            BigEndian.i32(memory, at, moved);
            // An odd place, as options may have, puts its bytes into the other halves of words.
            correct(packet, (at - packet.transport() & 1) == 0 ? edge : swapped(edge),
                (at - packet.transport() & 1) == 0 ? moved : swapped(moved));
        }
    }

    private static int swapped(final int bytes) {
        return Integer.rotateLeft(bytes, Byte.SIZE);
    }

    private static void correct(final Packet packet, final int before, final int after) {
        if (before != after) {
            Tcp.checksum(packet.memory(), packet.transport(),
                Checksum.update32(Tcp.checksum(packet.memory(), packet.transport()), before, after));
        }
    }
}
