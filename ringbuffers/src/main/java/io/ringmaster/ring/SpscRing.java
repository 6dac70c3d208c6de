package io.ringmaster.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Messages of any length from one thread to one other, copied through bounded memory. Exactly one thread may call
 * {@link #offer} and exactly one {@link #poll}.
 * <pre>
 *   record, 8-byte aligned:   lengthBytes i32 | tag i32 | message, padded to 8 bytes
 *   padding record:           -1 i32          | nothing that is read, up to the end of the data
 *
 *   [ data: capacity ][ line pair: produced u64, copy of consumed ][ line pair: consumed u64, copy of produced ]
 * </pre>
 * Both positions count bytes ever and never wrap in practice (2^63). Each side writes one line only, and looks at the
 * other's when its copy says full, or empty.
 */
public final class SpscRing {
    /** Answer of {@link #peek}: no message waits. */
    public static final long NOTHING = -1;
    private static final int HEADER_BYTES = 8;
    private static final int TAG = 4;
    private static final int PADDING = -1;
    private static final int MIN_CAPACITY_BYTES = 64;
    // Two lines of 64 bytes: processors fetch them in pairs.
    private static final int LINE_BYTES = 128;
    private static final int COPY = 8;
    private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final int capacity;
    private final long produced;
    private final long consumed;

    /** Takes one message; runs on the polling thread. */
    @FunctionalInterface
    public interface Handler {
        /**
         * A message, which lies in the ring and is gone when this returns.
         *
         * @param memory      the ring's memory.
         * @param offset      of the first byte of the message in it, a multiple of 8.
         * @param lengthBytes 0 or more.
         * @param tag         what was offered with it.
         */
        void onMessage(MemorySegment memory, long offset, int lengthBytes, int tag);
    }

    /**
     * An empty ring outside the heap, freed when the ring is unreachable.
     *
     * @param capacityBytes a power of two from 64 to 2^30; a message takes its length and 8 to 15 bytes more.
     */
    public SpscRing(final int capacityBytes) {
        if (capacityBytes < MIN_CAPACITY_BYTES || Integer.bitCount(capacityBytes) != 1) {
            throw new IllegalArgumentException("A message ring of " + capacityBytes
                + " bytes cannot be: the capacity must be a power of two from 64 to 1073741824.");
        }
        this.capacity = capacityBytes;
        this.produced = Math.max(capacityBytes, LINE_BYTES);
        this.consumed = produced + LINE_BYTES;
        this.memory = Arena.ofAuto().allocate(consumed + LINE_BYTES, LINE_BYTES);
    }

    /** Longest message the ring takes at whatever position: half the capacity less 8 bytes. */
    public int maxMessageBytes() {
        return capacity / 2 - HEADER_BYTES;
    }

    /**
     * Copies a message into the ring.
     *
     * @param from        where it lies.
     * @param offset      of its first byte there.
     * @param lengthBytes 0 to {@link #maxMessageBytes}.
     * @param tag         anything; the handler gets it back.
     * @return false, and nothing is done, when there is no room now or the message is longer than the ring ever takes.
     */
    public boolean offer(final MemorySegment from, final long offset, final int lengthBytes, final int tag) {
        if (lengthBytes > maxMessageBytes()) {
            return false;
        }
        final long position = memory.get(ValueLayout.JAVA_LONG, produced);
        final int recordBytes = recordBytes(lengthBytes);
        final int at = (int) position & capacity - 1;
        final int paddingBytes = capacity - at < recordBytes ? capacity - at : 0;
        final long end = position + paddingBytes + recordBytes;
        if (!hasRoom(end)) {
            return false;
        }
        if (paddingBytes > 0) {
            memory.set(ValueLayout.JAVA_INT, at, PADDING);
        }
        final int record = paddingBytes > 0 ? 0 : at;
        MemorySegment.copy(from, offset, memory, record + HEADER_BYTES, lengthBytes);
        memory.set(ValueLayout.JAVA_INT, record, lengthBytes);
        memory.set(ValueLayout.JAVA_INT, record + TAG, tag);
        // Release: header and message are written before the other thread can see the position behind them.
        POSITION.setRelease(memory, produced, end);
        return true;
    }

    /**
     * Hands waiting messages to the handler, oldest first, and frees their room when it is done with all of them. A
     * message whose handler throws is gone as if it had returned.
     *
     * @param handler takes each message.
     * @param limit   messages at most.
     * @return messages handled, 0 to limit.
     */
    public int poll(final Handler handler, final int limit) {
        final long start = memory.get(ValueLayout.JAVA_LONG, consumed);
        final long end = produced(start);
        long position = start;
        int messages = 0;
        try {
            while (messages < limit && position < end) {
                final int record = (int) position & capacity - 1;
                final int lengthBytes = memory.get(ValueLayout.JAVA_INT, record);
                if (lengthBytes == PADDING) {
                    position += capacity - record;
                } else {
                    position += recordBytes(lengthBytes);
                    messages++;
                    handler.onMessage(memory, record + HEADER_BYTES, lengthBytes,
                        memory.get(ValueLayout.JAVA_INT, record + TAG));
                }
            }
        } finally {
            if (position != start) {
                // Release: every read of these records, the handler's too, is done before the producer can see their
                // room as free.
                POSITION.setRelease(memory, consumed, position);
            }
        }
        return messages;
    }

    /**
     * Where the oldest waiting message is, for the polling thread to look at before it takes it.
     *
     * @return offset of its first byte in {@link #memory}, or {@link #NOTHING}.
     */
    public long peek() {
        final long start = memory.get(ValueLayout.JAVA_LONG, consumed);
        if (start >= produced(start)) {
            return NOTHING;
        }
        final int record = (int) start & capacity - 1;
        // Behind a padding stands a message, at the start: both are published at once.
        return memory.get(ValueLayout.JAVA_INT, record) == PADDING ? HEADER_BYTES : record + HEADER_BYTES;
    }

    /** The memory that messages lie in. */
    public MemorySegment memory() {
        return memory;
    }

    private boolean hasRoom(final long end) {
        if (end - memory.get(ValueLayout.JAVA_LONG, produced + COPY) <= capacity) {
            return true;
        }
        // Acquire: the consumer read these records before it released its position, so it cannot read what we write.
        final long now = (long) POSITION.getAcquire(memory, consumed);
        memory.set(ValueLayout.JAVA_LONG, produced + COPY, now);
        return end - now <= capacity;
    }

    private long produced(final long start) {
        final long copy = memory.get(ValueLayout.JAVA_LONG, consumed + COPY);
        if (copy != start) {
            return copy;
        }
        // Acquire: the producer wrote all records up to this position before it released it.
        final long now = (long) POSITION.getAcquire(memory, produced);
        memory.set(ValueLayout.JAVA_LONG, consumed + COPY, now);
        return now;
    }

    private static int recordBytes(final int lengthBytes) {
        return HEADER_BYTES + lengthBytes + 7 & -8;
    }
}
