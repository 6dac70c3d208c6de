package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * One UMEM chunk with one packet in it, as the worker would have it: headroom, the frame, and a cursor around it. The
 * bytes outside the frame are filled with a pattern, so that a test sees what should not have been read or written.
 */
public final class PacketMemory {
    /** Headroom in front of every received frame (XDP_PACKET_HEADROOM). */
    public static final int HEADROOM_BYTES = 256;
    /** A place for another frame, behind the largest that is received. */
    public static final int SPARE = 2_048;
    private static final int CHUNK_BYTES = 4_096;
    private static final byte PATTERN = (byte) 0xa5;
    private final MemorySegment memory = MemorySegment.ofArray(new byte[CHUNK_BYTES]);
    private final Packet packet = new Packet(memory);

    /** A cursor around a frame that was just received on port 0. */
    public Packet receive(final byte[] frame) {
        memory.fill(PATTERN);
        MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, HEADROOM_BYTES, frame.length);
        packet.wrap(HEADROOM_BYTES, frame.length, 0);
        return packet;
    }

    /** As {@link #receive(byte[])}, from hex digits. */
    public Packet receive(final String hex) {
        return receive(HexFormat.of().parseHex(hex));
    }

    /** The frame that the cursor describes now. */
    public byte[] frame() {
        return memory.asSlice(packet.frame(), packet.lengthBytes()).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Some bytes, wherever they are. */
    public byte[] bytes(final long offset, final int lengthBytes) {
        return memory.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Whether nothing behind the place was written. */
    public boolean untouchedFrom(final long offset) {
        for (long at = offset; at < CHUNK_BYTES; at++) {
            if (memory.get(ValueLayout.JAVA_BYTE, at) != PATTERN) {
                return false;
            }
        }
        return true;
    }
}
