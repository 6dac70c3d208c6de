package io.ringmaster.ring;

import java.util.BitSet;

/**
 * The frames of the UMEM that nobody uses; owned by one worker. Last in, first out: the frame that was just given back
 * is the one most likely still in the processor's cache.
 * <p>
 * A frame given twice would be two packets in one place. That and an address of no frame of this pool are found when
 * assertions are on, as they are in every test.
 */
public final class FramePool extends CacheLinePadding {
    private final long firstAddress;
    private final int frameShift;
    private final int[] free;
    private final BitSet given;
    private int available;

    /**
     * A pool that starts full.
     *
     * @param firstAddress offset of its first frame in the UMEM, a multiple of frameBytes.
     * @param frameBytes   bytes of a frame: a power of two (AF_XDP takes 2,048 and 4,096).
     * @param frames       number of frames, side by side from firstAddress on.
     */
    public FramePool(final long firstAddress, final int frameBytes, final int frames) {
        if (frameBytes <= 0 || Integer.bitCount(frameBytes) != 1) {
            throw new IllegalArgumentException("Frames of " + frameBytes
                + " bytes cannot be: AF_XDP wants a power of two, 2048 or 4096.");
        }
        if (firstAddress < 0 || firstAddress % frameBytes != 0 || frames < 0) {
            throw new IllegalArgumentException("A pool of " + frames + " frames at address " + firstAddress
                + " cannot be: it must start at a multiple of " + frameBytes + " and hold 0 or more frames.");
        }
        this.firstAddress = firstAddress;
        this.frameShift = Integer.numberOfTrailingZeros(frameBytes);
        this.free = new int[frames];
        this.given = new BitSet(frames);
        this.available = frames;
        for (int i = 0; i < frames; i++) {
            free[i] = frames - 1 - i;
        }
        given.set(0, frames);
    }

    /** Bytes of a frame, a power of two; every frame begins at a multiple of it. */
    public int frameBytes() {
        return 1 << frameShift;
    }

    /** The address of a free frame, which is now the caller's; -1 if there is none. */
    public long take() {
        if (available == 0) {
            return -1;
        }
        final int frame = free[--available];
        assert setTaken(frame);
        return firstAddress + ((long) frame << frameShift);
    }

    /**
     * Takes a frame back.
     *
     * @param address any address inside it, since a packet seldom starts where its frame does.
     */
    public void give(final long address) {
        final long frame = address - firstAddress >> frameShift;
        assert setGiven(frame, address);
        free[available++] = (int) frame;
    }

    /** Frames that can be taken now. */
    public int available() {
        return available;
    }

    /** Frames of the pool, free or not. */
    public int capacity() {
        return free.length;
    }

    private boolean setTaken(final int frame) {
        given.clear(frame);
        return true;
    }

    private boolean setGiven(final long frame, final long address) {
        assert 0 <= frame && frame < free.length : "address " + address + " is in no frame of this pool, which is "
            + free.length + " frames of " + (1 << frameShift) + " bytes at " + firstAddress;
        assert !given.get((int) frame) : "the frame of address " + address + " was given back twice";
        given.set((int) frame);
        return true;
    }
}
