package io.ringmaster.connection;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Numbers for the IPv6 addresses that clients of firewall marks' services ask for: an entry of the wide form has no
 * room for 128 bits beside those of its client ({@link WideKey}). Shared by all threads; memory is taken at the start.
 * <pre>
 *   63                              32 31                               0
 *  +----------------------------------+----------------------------------+
 *  |   how often it was given anew    |  connections with this number    |   one word for each number
 *  +----------------------------------+----------------------------------+
 * </pre>
 * An address has its number as long as any connection has it, and {@link #IDLE_MS} more: whoever found the number acts
 * on it within one cycle, which never takes so long. Then another address may get it.
 * <p>
 * <b>Order.</b> An address is written while the count is {@link #BUSY}, after which the word is stored, release, with
 * another upper half; so a reader who has seen the same word before the address (acquire) and after it has that word's
 * address. Whoever counts itself in does so by compare-and-set of the word under which it saw the address, and so
 * counts for no other. Only one thread at a time gives a number to an address that has none, so none ever gets two;
 * others do not wait for it for long, but go without, as if all numbers were in use.
 */
public final class WantedAddresses {
    /** No number. */
    public static final int NONE = 0;
    /** Numbers are below this. */
    static final int LIMIT = 1 << 14;
    /** How long a number without connections stays its address's. */
    static final long IDLE_MS = 2_000;
    // Where three quarters of the numbers are in use, nearly every address finds one that is free within these.
    private static final int PROBES = 256;
    private static final int TRIES = 256;
    private static final int BUSY = -1;
    private static final long GENERATION = 1L << Integer.SIZE;
    private static final int HOME_SHIFT = Long.SIZE - 14;

    private final AtomicLongArray words = new AtomicLongArray(LIMIT);
    private final AtomicLongArray high = new AtomicLongArray(LIMIT);
    private final AtomicLongArray low = new AtomicLongArray(LIMIT);
    private final AtomicLongArray idleSinceMs = new AtomicLongArray(LIMIT);
    private final AtomicInteger giving = new AtomicInteger();
    /** With a secret, so that nobody can choose addresses that stand in each other's way. */
    private final TableHash hashes;

    WantedAddresses(final TableHash hashes) {
        this.hashes = hashes;
    }

    /** The number of an address, or {@link #NONE}: then no connection has it. */
    public int number(final long addressHigh, final long addressLow) {
        final int home = home(addressHigh, addressLow);
        for (int i = 0; i < PROBES; i++) {
            final int number = probe(home, i);
            final long word = words.getAcquire(number);
            if (word == 0 && number != NONE) {
                // Never given: nothing lies behind it.
                return NONE;
            }
            if (is(number, word, addressHigh, addressLow)) {
                final long after = words.get(number);
                if (after >>> Integer.SIZE == word >>> Integer.SIZE && (int) after != BUSY) {
                    return number;
                }
            }
        }
        return NONE;
    }

    /**
     * The number of an address for one more connection, which is to {@link #release} it when it ends.
     *
     * @param nowMs the director's monotonic clock.
     * @return {@link #NONE} if all numbers that it could have are in use, or others are giving some all the time.
     */
    public int take(final long addressHigh, final long addressLow, final long nowMs) {
        for (int i = 0; i < TRIES; i++) {
            final int known = number(addressHigh, addressLow);
            if (known != NONE) {
                if (takeKnown(known, addressHigh, addressLow)) {
                    return known;
                }
            } else if (giving.compareAndSet(0, 1)) {
                try {
                    // Another thread may have given it one since.
                    if (number(addressHigh, addressLow) == NONE) {
                        return give(addressHigh, addressLow, nowMs);
                    }
                } finally {
                    giving.setRelease(0);
                }
            } else {
                Thread.onSpinWait();
            }
        }
        return NONE;
    }

    private boolean takeKnown(final int number, final long addressHigh, final long addressLow) {
        final long word = words.getAcquire(number);
        return is(number, word, addressHigh, addressLow) && words.compareAndSet(number, word, word + 1);
    }

    private boolean is(final int number, final long word, final long addressHigh, final long addressLow) {
        return number != NONE && (int) word != BUSY && word != 0 && high.getAcquire(number) == addressHigh
            && low.getAcquire(number) == addressLow;
    }

    private int give(final long addressHigh, final long addressLow, final long nowMs) {
        final int home = home(addressHigh, addressLow);
        for (int i = 0; i < PROBES; i++) {
            final int number = probe(home, i);
            final long word = words.getAcquire(number);
            final boolean free = number != NONE && (int) word == 0
                && (word == 0 || nowMs - idleSinceMs.getAcquire(number) > IDLE_MS);
            if (free && words.compareAndSet(number, word, word | BUSY & GENERATION - 1)) {
                high.setRelease(number, addressHigh);
                low.setRelease(number, addressLow);
                words.setRelease(number, (word & -GENERATION) + GENERATION + 1);
                return number;
            }
        }
        return NONE;
    }

    /** A connection with this number has ended, or did not come about. */
    public void release(final int number, final long nowMs) {
        // Before the count, so that whoever finds it 0 knows since when.
        idleSinceMs.setRelease(number, nowMs);
        final long before = words.getAndDecrement(number);
        assert (int) before > 0 : "number " + number + " was released more often than taken";
    }

    /** First 64 bits of the address of a number that a connection has, found in this cycle. */
    public long high(final int number) {
        return high.getAcquire(number);
    }

    /** The other 64. */
    public long low(final int number) {
        return low.getAcquire(number);
    }

    /** Connections that have a number. */
    int connections(final int number) {
        return (int) words.get(number);
    }

    private int home(final long addressHigh, final long addressLow) {
        return (int) (hashes.wide(0, addressHigh, addressLow, 0) >>> HOME_SHIFT);
    }

    private static int probe(final int home, final int step) {
        return home + step & LIMIT - 1;
    }
}
