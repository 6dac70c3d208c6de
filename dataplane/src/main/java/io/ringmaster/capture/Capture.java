package io.ringmaster.capture;

import io.ringmaster.ring.SpscRing;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One capture: its filter, and for each worker a ring that this fills and the verb's thread empties.
 */
public final class Capture {
    private final CaptureFilter filter;
    private final SpscRing[] rings;
    private final int ports;
    private final AtomicLongArray missed;
    private final long[] numbers;
    private boolean left;

    Capture(final CaptureFilter filter, final SpscRing[] rings, final int ports) {
        this.filter = filter;
        this.rings = rings;
        this.ports = ports;
        this.missed = new AtomicLongArray(rings.length * ports);
        this.numbers = new long[rings.length];
        for (final SpscRing ring : rings) {
            // What the capture before had not taken out.
            while (ring.poll((memory, offset, lengthBytes, tag) -> { }, Integer.MAX_VALUE) > 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Takes one record; see {@link CaptureRecord}. */
    @FunctionalInterface
    public interface Reader {
        /**
         * A record, which is gone when this returns.
         *
         * @param lengthBytes of record and packet together.
         */
        void onRecord(MemorySegment memory, long offset, int lengthBytes);
    }

    /** Nothing is read from it any more; under the lock of its {@link Captures}. */
    void left() {
        left = true;
    }

    /** Whether nothing is read from it any more; under the lock of its {@link Captures}. */
    boolean isLeft() {
        return left;
    }

    /** What is taken. */
    public CaptureFilter filter() {
        return filter;
    }

    /** A number for the next packet of a worker: 1 and up, and no other worker's; that worker. */
    public long nextNumber(final int worker) {
        return numbers[worker]++ * rings.length + worker + 1;
    }

    /**
     * Puts a record into a worker's ring, or counts it as missed; that worker.
     *
     * @param port the interface of the packet.
     * @return whether there was room.
     */
    public boolean offer(final int worker, final MemorySegment record, final int lengthBytes, final int port) {
        if (rings[worker].offer(record, 0, lengthBytes, 0)) {
            return true;
        }
        // Only this worker writes it.
        missed.lazySet(worker * ports + port, missed.get(worker * ports + port) + 1);
        return false;
    }

    /**
     * Takes records out of the workers' rings, in the order of their times; the verb's thread. A worker whose ring is
     * empty may still be about to put an older record into it than others have: as long as there is such a one, records
     * wait until they are as old as the caller says.
     *
     * @param most      records at most.
     * @param settledNs on the director's clock; what is not younger waits for no worker.
     * @return how many there were.
     */
    public int poll(final Reader reader, final int most, final long settledNs) {
        final SpscRing.Handler handler = (memory, offset, lengthBytes, tag) ->
            reader.onRecord(memory, offset, lengthBytes);
        if (rings.length == 1) {
            return rings[0].poll(handler, most);
        }
        int records = 0;
        for (SpscRing ring = oldest(settledNs); ring != null && records < most; ring = oldest(settledNs)) {
            records += ring.poll(handler, 1);
        }
        return records;
    }

    /** The ring whose first record is to be taken next; null for none yet. */
    private SpscRing oldest(final long settledNs) {
        SpscRing oldest = null;
        long oldestNs = Long.MAX_VALUE;
        boolean empty = false;
        for (final SpscRing ring : rings) {
            final long record = ring.peek();
            if (record == SpscRing.NOTHING) {
                empty = true;
            } else if (oldest == null || CaptureRecord.timeNs(ring.memory(), record) < oldestNs) {
                oldest = ring;
                oldestNs = CaptureRecord.timeNs(ring.memory(), record);
            }
        }
        return empty && oldestNs > settledNs ? null : oldest;
    }

    /** Records of an interface for which a ring had no room; any thread. */
    public long missed(final int port) {
        long sum = 0;
        for (int worker = 0; worker < rings.length; worker++) {
            sum += missed.get(worker * ports + port);
        }
        return sum;
    }
}
