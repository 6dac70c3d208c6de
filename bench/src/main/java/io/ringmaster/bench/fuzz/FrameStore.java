package io.ringmaster.bench.fuzz;

import io.ringmaster.packet.AccessWatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Packet memory of which is known where each packet lies, so that whatever reads or writes outside it is found:
 * <pre>
 *   0             128       256               256 + length        2,048
 *   | fragments    | headroom | the packet      | nobody's           |
 * </pre>
 * A packet lies between bytes of a pattern. Each access of the product is told ({@link AccessWatch}): it may read the
 * packet and what it wrote itself, and write frames that are the worker's. Copies of spans, which are not told, are
 * found where they write over the pattern; where they read behind the packet, in the last frame, whose packet ends
 * where the memory does, so that its bounds are theirs. Owned by one thread.
 */
final class FrameStore implements AccessWatch {
    static final int FRAME_BYTES = 2048;
    /** XDP_PACKET_HEADROOM: received packets start this many bytes into their frame. */
    static final int HEADROOM_BYTES = 256;
    static final int PACKET_BYTES_MAX = FRAME_BYTES - HEADROOM_BYTES;
    /** Packets that are made from nothing begin where a frame does; those that came in never begin as far in front. */
    static final int OWN_BYTES = 128;
    private static final int GROWTH_BYTES = 64;
    private static final int HEADERS_BYTES = 256;
    private static final int FTP_PORT = 21;
    private static final byte PATTERN = (byte) 0xa5;

    private final MemorySegment memory;
    private final long base;
    private final MemorySegment pattern = MemorySegment.ofArray(new byte[FRAME_BYTES]);
    private final boolean[] kernels;
    private final boolean[] received;
    private final boolean[] own;
    private final int[] from;
    private final int[] to;
    private final int[] begin;
    private final int[] end;

    FrameStore(final MemorySegment memory) {
        final int frames = (int) (memory.byteSize() / FRAME_BYTES);
        this.memory = memory;
        this.base = memory.address();
        this.kernels = new boolean[frames];
        this.received = new boolean[frames];
        this.own = new boolean[frames];
        this.from = new int[frames];
        this.to = new int[frames];
        this.begin = new int[frames];
        this.end = new int[frames];
        pattern.fill(PATTERN);
    }

    MemorySegment memory() {
        return memory;
    }

    int frames() {
        return kernels.length;
    }

    /** The number of the frame that an address of the product's lies in. */
    int frame(final long address) {
        if (address < 0 || address >= memory.byteSize()) {
            throw new Fault("address " + address + " lies outside packet memory");
        }
        return (int) (address / FRAME_BYTES);
    }

    /** A frame changes hands; a fault if it was not with the one who gives it. */
    void give(final int frame, final boolean toKernel) {
        if (kernels[frame] == toKernel) {
            throw new Fault("frame " + frame + " was given to the " + (toKernel ? "kernel" : "worker")
                + ", who had it already");
        }
        kernels[frame] = toKernel;
        received[frame] = false;
        own[frame] = false;
    }

    /** Frames that are the worker's. */
    int workers() {
        int count = 0;
        for (final boolean kernel : kernels) {
            count += kernel ? 0 : 1;
        }
        return count;
    }

    /** Puts a packet into a frame that the kernel has, and gives it to the worker; its address. */
    long receive(final int frame, final byte[] packet, final int lengthBytes) {
        give(frame, false);
        final long start = (long) frame * FRAME_BYTES;
        // What FTP says may become longer, by copies of spans.
        final int growth = mayGrow(packet, lengthBytes) ? Math.min(GROWTH_BYTES, PACKET_BYTES_MAX - lengthBytes) : 0;
        final int offset = frame == kernels.length - 1 && growth == 0 ? FRAME_BYTES - lengthBytes : HEADROOM_BYTES;
        MemorySegment.copy(pattern, 0, memory, start, FRAME_BYTES);
        MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, start + offset, lengthBytes);
        received[frame] = true;
        begin[frame] = offset;
        end[frame] = offset + lengthBytes + growth;
        from[frame] = offset;
        to[frame] = offset + lengthBytes + growth;
        return start + offset;
    }

    private static boolean mayGrow(final byte[] packet, final int lengthBytes) {
        for (int i = 0; i + 1 < Math.min(lengthBytes, HEADERS_BYTES); i++) {
            if (packet[i] == 0 && packet[i + 1] == FTP_PORT) {
                return true;
            }
        }
        return false;
    }

    /** The address of the packet that came into a frame. */
    long packet(final int frame) {
        return (long) frame * FRAME_BYTES + begin[frame];
    }

    /** That nothing was written far in front of a received packet or behind it. */
    void checkAround(final int frame) {
        if (!received[frame] || own[frame]) {
            return;
        }
        final long start = (long) frame * FRAME_BYTES;
        final int front = begin[frame] - (HEADROOM_BYTES - OWN_BYTES);
        checkPattern(start, front, "in front of");
        checkPattern(start + end[frame], FRAME_BYTES - end[frame], "behind");
        received[frame] = false;
    }

    private void checkPattern(final long at, final int bytes, final String where) {
        final long wrong = MemorySegment.mismatch(memory, at, at + bytes, pattern, 0, bytes);
        if (wrong >= 0) {
            throw new Fault("written " + where + " a packet: byte " + wrong + " of " + bytes);
        }
    }

    @Override
    public void reads(final long address, final int bytes) {
        final long at = address - base;
        if (at < 0 || at >= memory.byteSize()) {
            return;
        }
        final int frame = (int) (at / FRAME_BYTES);
        final int offset = (int) (at % FRAME_BYTES);
        if (kernels[frame]) {
            throw new Fault("read of " + bytes + " bytes in a frame that is the kernel's");
        }
        if (received[frame] && offset >= OWN_BYTES && (offset < from[frame] || offset + bytes > to[frame])) {
            throw new Fault("read of " + bytes + " bytes at " + (offset - begin[frame]) + " of a packet of "
                + (end[frame] - begin[frame]) + " bytes");
        }
    }

    @Override
    public void writes(final long address, final int bytes) {
        final long at = address - base;
        if (at < 0 || at >= memory.byteSize()) {
            return;
        }
        final int frame = (int) (at / FRAME_BYTES);
        final int offset = (int) (at % FRAME_BYTES);
        if (kernels[frame] || offset + bytes > FRAME_BYTES) {
            throw new Fault("write of " + bytes + " bytes at " + offset + " of a frame that "
                + (kernels[frame] ? "is the kernel's" : "ends there"));
        }
        if (offset < OWN_BYTES) {
            own[frame] = true;
        }
        from[frame] = Math.min(from[frame], offset);
        to[frame] = Math.max(to[frame], offset + bytes);
    }

    /** All frames are the worker's, as at the start. */
    void reset() {
        Arrays.fill(kernels, false);
        Arrays.fill(received, false);
        Arrays.fill(own, false);
    }
}
