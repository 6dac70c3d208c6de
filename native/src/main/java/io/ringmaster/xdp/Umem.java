package io.ringmaster.xdp;

import io.ringmaster.sys.LockedMemory;
import io.ringmaster.sys.Mapping;
import java.lang.foreign.MemorySegment;

/**
 * The packet memory that all sockets of a director share: frames of one size, side by side. An AF_XDP address is an
 * offset into it. Who owns a frame is told by rings and frame pools, not here.
 */
public final class Umem implements AutoCloseable {
    /** What the kernel keeps free in front of a received packet (XDP_PACKET_HEADROOM in linux/bpf.h). */
    public static final int HEADROOM_BYTES = 256;
    /** Ethernet header and one VLAN tag: what a packet of MTU size takes in addition. */
    private static final int LINK_HEADER_BYTES = 18;
    private static final int SMALL_FRAME_BYTES = 2048;
    private static final int LARGE_FRAME_BYTES = 4096;
    private final Mapping mapping;
    private final int frames;
    private final int frameBytes;

    private Umem(final Mapping mapping, final int frames, final int frameBytes) {
        this.mapping = mapping;
        this.frames = frames;
        this.frameBytes = frameBytes;
    }

    /**
     * Allocates it, in huge pages where there are some, and raises the limit of locked memory as far as needed.
     *
     * @param frames     how many, at least 1.
     * @param frameBytes 2,048 or 4,096 (the kernel's page size is the most).
     * @throws IllegalStateException if this process may not lock so much memory.
     */
    public static Umem allocate(final int frames, final int frameBytes) {
        if (frames <= 0 || frameBytes != SMALL_FRAME_BYTES && frameBytes != LARGE_FRAME_BYTES) {
            throw new IllegalArgumentException("A packet memory of " + frames + " frames of " + frameBytes
                + " bytes cannot be made; frames have 2048 or 4096 bytes, and there is at least one.");
        }
        final long bytes = (long) frames * frameBytes;
        LockedMemory.require(bytes, "the packet memory of " + frames + " frames");
        return new Umem(Mapping.allocate(bytes, true), frames, frameBytes);
    }

    /**
     * The smallest frame for packets of an MTU.
     *
     * @throws IllegalArgumentException if no frame holds them.
     */
    public static int frameBytesFor(final String interfaceName, final int mtuBytes) {
        if (mtuBytes > largestMtuBytes(LARGE_FRAME_BYTES)) {
            throw new IllegalArgumentException("The MTU of " + interfaceName + " is " + mtuBytes + ", and a frame holds"
                + " packets of an MTU up to " + largestMtuBytes(LARGE_FRAME_BYTES)
                + "; lower it with \"ip link set " + interfaceName + " mtu 1500\".");
        }
        return mtuBytes <= largestMtuBytes(SMALL_FRAME_BYTES) ? SMALL_FRAME_BYTES : LARGE_FRAME_BYTES;
    }

    /** The largest MTU whose packets a frame holds. */
    public static int largestMtuBytes(final int frameBytes) {
        return frameBytes - HEADROOM_BYTES - LINK_HEADER_BYTES;
    }

    /** All frames; frame n begins at n * {@link #frameBytes}. */
    public MemorySegment memory() {
        return mapping.segment();
    }

    /** How many there are. */
    public int frames() {
        return frames;
    }

    /** Bytes of each. */
    public int frameBytes() {
        return frameBytes;
    }

    /** The longest packet, Ethernet header included, that can be received; longer ones count as rx_dropped. */
    public int longestPacketBytes() {
        return frameBytes - HEADROOM_BYTES;
    }

    /** Whether it lies in pages of 2 MB. */
    public boolean hugePages() {
        return mapping.hugePages();
    }

    /** One line for people. */
    public String describe() {
        return frames + " frames of " + frameBytes + " bytes in " + mapping.pages();
    }

    /** Gives the memory back; sockets and workers must have ended. */
    @Override
    public void close() {
        mapping.close();
    }
}
