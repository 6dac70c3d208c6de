package io.ringmaster.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells when all readers have read what had come in before. A reader takes the question before it looks and answers it
 * when it finds nothing left; any other thread may wait for that.
 */
public final class CaughtUp {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int LOOK_MS = 1;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLongArray answered;

    /** For so many readers, which are counted from 0. */
    public CaughtUp(final int readers) {
        answered = new AtomicLongArray(readers);
    }

    /** What a reader is to answer once it has found nothing left. */
    public long question() {
        return asked.get();
    }

    /** A reader has found nothing left since it took the question. */
    public void nothingLeft(final int reader, final long question) {
        answered.setRelease(reader, question);
    }

    /** Waits until every reader has found nothing left once since now, or for a minute. */
    public void await() {
        final long question = asked.incrementAndGet();
        final long startNs = System.nanoTime();
        for (int reader = 0; reader < answered.length(); reader++) {
            while (answered.getAcquire(reader) < question && System.nanoTime() - startNs < LONGEST_NS) {
                try {
                    Thread.sleep(LOOK_MS);
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
