package io.ringmaster.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * The kernel's side of one AF_XDP socket in ordinary memory: packets go in by {@link #receive} and come out by
 * {@link #transmit}. It throws when a frame lies outside packet memory or is handed to it while it is being sent;
 * {@link #frames} finds every frame that lies in two places.
 */
public final class FakeKernelSocket {
    /** XDP_PACKET_HEADROOM: received packets start this many bytes into their frame. */
    public static final int HEADROOM_BYTES = 256;

    private final MemorySegment umem;
    private final int frameBytes;
    private final FakeKernelRing rxRing;
    private final FakeKernelRing txRing;
    private final FakeKernelRing fillRing;
    private final FakeKernelRing completionRing;
    private final RxRing rx;
    private final TxRing tx;
    private final FillRing fill;
    private final CompletionRing completion;
    private final BitSet sent;
    private final Deque<Long> toComplete = new ArrayDeque<>();
    private long fillRingEmpty;
    private long rxRingFull;

    /**
     * A socket with four empty rings.
     *
     * @param umem       packet memory, frames from offset 0 on.
     * @param frameBytes 2,048 or 4,096.
     * @param ringSize   entries of each ring, a power of two.
     * @param start      where all indices begin; -3 is three before the wrap.
     */
    public FakeKernelSocket(final MemorySegment umem, final int frameBytes, final int ringSize, final int start) {
        this.umem = umem;
        this.frameBytes = frameBytes;
        this.rxRing = FakeKernelRing.ofDescriptors(ringSize, start);
        this.txRing = FakeKernelRing.ofDescriptors(ringSize, start);
        this.fillRing = FakeKernelRing.ofAddresses(ringSize, start);
        this.completionRing = FakeKernelRing.ofAddresses(ringSize, start);
        this.rx = rxRing.rx();
        this.tx = txRing.tx();
        this.fill = fillRing.fill();
        this.completion = completionRing.completion();
        this.sent = new BitSet();
    }

    public RxRing rx() {
        return rx;
    }

    public TxRing tx() {
        return tx;
    }

    public FillRing fill() {
        return fill;
    }

    public CompletionRing completion() {
        return completion;
    }

    /** Lets the TX and fill ring say NEED_WAKEUP, or no longer. */
    public void needWakeup(final boolean on) {
        txRing.needWakeup(on);
        fillRing.needWakeup(on);
    }

    /**
     * A packet arrives: takes a frame from the fill ring, copies the packet and puts it into the RX ring.
     *
     * @return false when it is lost, which the counters of this socket then tell as XDP_STATISTICS would.
     */
    public boolean receive(final byte[] packet) {
        if (packet.length > frameBytes - HEADROOM_BYTES) {
            throw new IllegalArgumentException("a frame of " + frameBytes + " bytes takes no packet of "
                + packet.length);
        }
        if (rxRing.room() == 0) {
            rxRingFull++;
            return false;
        }
        if (fillRing.submitted() == 0) {
            fillRingEmpty++;
            return false;
        }
        final long frame = idle(fillRing.address(0));
        fillRing.consume();
        final long address = frame + HEADROOM_BYTES;
        MemorySegment.copy(packet, 0, umem, ValueLayout.JAVA_BYTE, address, packet.length);
        return rxRing.produce(address, packet.length);
    }

    /**
     * Sends what was submitted and completes it at once.
     *
     * @param max packets at most; copy mode sends 32 per system call.
     * @return the packets, oldest first.
     */
    public List<byte[]> transmit(final int max) {
        final List<byte[]> packets = send(max);
        complete(packets.size());
        return packets;
    }

    /**
     * Sends what was submitted. As in the kernel, nothing is sent that the completion ring would have no room for.
     *
     * @param max packets at most.
     * @return the packets, oldest first; their frames stay with the kernel until {@link #complete}.
     */
    public List<byte[]> send(final int max) {
        final List<byte[]> packets = new ArrayList<>();
        while (packets.size() < max && txRing.submitted() > 0 && completionRing.room() > toComplete.size()) {
            final long address = txRing.address(0);
            final int lengthBytes = txRing.lengthBytes();
            final long frame = idle(address);
            if (lengthBytes <= 0 || address + lengthBytes > frame + frameBytes) {
                throw new AssertionError(lengthBytes + " bytes at " + address + " do not lie in one frame");
            }
            packets.add(umem.asSlice(address, lengthBytes).toArray(ValueLayout.JAVA_BYTE));
            sent.set((int) (frame / frameBytes));
            txRing.consume();
            toComplete.add(address);
        }
        return packets;
    }

    /** Gives frames of sent packets back by the completion ring, oldest first, max at most. */
    public void complete(final int max) {
        for (int i = 0; i < max && !toComplete.isEmpty(); i++) {
            final long address = toComplete.removeFirst();
            sent.clear(frame(address));
            if (!completionRing.produce(address, 0)) {
                throw new AssertionError("the completion ring has no room for a packet that was sent");
            }
        }
    }

    /**
     * The frames that are not with the worker: in one of the four rings, or sent and not yet completed.
     *
     * @return numbers of frames, from 0; throws when one is in two places.
     */
    public BitSet frames() {
        final BitSet frames = (BitSet) sent.clone();
        add(frames, fillRing, fillRing.submitted());
        add(frames, txRing, txRing.submitted());
        add(frames, rxRing, rxRing.room() - rxRing.size());
        add(frames, completionRing, completionRing.room() - completionRing.size());
        return frames;
    }

    /** Packets lost because the fill ring was empty. */
    public long fillRingEmpty() {
        return fillRingEmpty;
    }

    /** Packets lost because the RX ring was full. */
    public long rxRingFull() {
        return rxRingFull;
    }

    private long idle(final long address) {
        final int frame = frame(address);
        if (sent.get(frame)) {
            throw new AssertionError("frame " + frame + " was handed to the kernel while it is being sent");
        }
        return (long) frame * frameBytes;
    }

    private int frame(final long address) {
        if (address < 0 || address >= umem.byteSize()) {
            throw new AssertionError("address " + address + " lies outside packet memory");
        }
        return (int) (address / frameBytes);
    }

    private void add(final BitSet frames, final FakeKernelRing ring, final int entries) {
        for (int i = Math.min(entries, 0); i < Math.max(entries, 0); i++) {
            final int frame = frame(ring.address(i));
            if (frames.get(frame)) {
                throw new AssertionError("frame " + frame + " is in two places");
            }
            frames.set(frame);
        }
    }
}
