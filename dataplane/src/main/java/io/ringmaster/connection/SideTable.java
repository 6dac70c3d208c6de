package io.ringmaster.connection;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What only few connections need and no entry has room for: of a control connection how its sequence numbers are moved,
 * what its client asked for, and how many data connections it has; of a data connection which control connection made
 * it. Lock-free and shared by all workers, beside a table of the wide form, fixed in size.
 * <pre>
 *   tags     | tag of record 0 | tag of record 1 | ...        eight to a bucket
 *   records  | key | address high | address low | children | word 0 | word 1 | word 2 | unused |
 *   tag      hash of key and address, but for its lowest two bits: FREE, PENDING, LIVE, DYING
 * </pre>
 * A record lies in one of two buckets that its hash names. <b>Its life</b> is in its tag: FREE → PENDING (claimed by
 * one compare-and-set) → LIVE (after all its words are written, release) → DYING, with the cycle in place of the hash,
 * and claimed again when every worker has begun a later cycle: within a cycle nobody's record becomes another's.
 * <p>
 * <b>One record for a connection.</b> A claimer looks at the other places behind a full fence once its tag is there; if
 * one with this tag is there, it gives up. Of two claimers at one time at least one sees the other; if both do, both
 * give up, and their packets, which nobody has, come again. The entry has {@link ConnectionValue#SIDE_TABLE} from after
 * its record is LIVE; who ends such an entry, which is one, ends its record.
 * <p>
 * <b>Children</b> is a number that is another for each life of a record, in the upper half, and how many data
 * connections there are, in the lower: a data connection knows its control connection's record by place and this
 * number, so it never counts for another. A control connection stays while it has children ({@link #keeps}), as the
 * kernel's does (ip_vs_conn.c, ip_vs_conn_expire).
 */
public final class SideTable {
    /** No such record. */
    public static final int NONE = -1;
    /** The words of a record that its owner's protocol gives a meaning; all 0 when it is claimed. */
    public static final int WORDS = 3;
    private static final int SLOTS = 8;
    private static final int BUCKETS_OF_KEY = 2;
    private static final int RECORD_LONGS = 8;
    private static final int ADDRESS_HIGH = 1;
    private static final int ADDRESS_LOW = 2;
    private static final int CHILDREN = 3;
    private static final int FIRST_WORD = 4;
    private static final long PHASE_MASK = 3;
    private static final long FREE = 0;
    private static final long PENDING = 1;
    private static final long LIVE = 2;
    private static final long DYING = 3;
    private static final int CYCLE_SHIFT = 2;
    private static final long COUNT_MASK = 0xffff_ffffL;
    private static final long ONE_LIFE = 1L << Integer.SIZE;
    private static final int LEAST_RECORDS = 1 << 9;
    private static final int MOST_RECORDS = 1 << 17;
    private static final int SHARE = 4;

    private final int records;
    private final AtomicLongArray tags;
    private final AtomicLongArray words;
    private final Epochs epochs;
    private final TableHash hashes = TableHash.secret();
    private volatile PortCounts ports;

    SideTable(final long capacity, final Epochs epochs) {
        this.records = Math.clamp(Long.highestOneBit(Math.max(1, capacity / SHARE)), LEAST_RECORDS, MOST_RECORDS);
        this.tags = new AtomicLongArray(records);
        this.words = new AtomicLongArray(records * RECORD_LONGS);
        this.epochs = epochs;
    }

    /** Records there is room for, nearly: of a few more than nine tenths of them each key finds a place. */
    public int records() {
        return records;
    }

    /** Data connections are counted here by their ports; set once, before the workers start. */
    public void countPortsIn(final PortCounts counts) {
        ports = counts;
    }

    /**
     * Finds the record of a connection.
     *
     * @param key  see {@link WideKey}.
     * @param high first 64 bits of the client's address.
     * @param low  the other 64.
     * @return its place, for as long as the worker's cycle lasts; or {@link #NONE}.
     */
    public int find(final long key, final long high, final long low) {
        final long hash = hash(key, high, low);
        for (int i = 0; i < BUCKETS_OF_KEY * SLOTS; i++) {
            final int record = place(hash, i);
            if (tags.getAcquire(record) == (hash | LIVE) && word(record, 0, key) && word(record, ADDRESS_HIGH, high)
                && word(record, ADDRESS_LOW, low)) {
                return record;
            }
        }
        return NONE;
    }

    private boolean word(final int record, final int offset, final long wanted) {
        return words.getPlain(record * RECORD_LONGS + offset) == wanted;
    }

    /** Makes the record of a control connection; its place, or {@link #NONE} without room or where there is one. */
    public int claim(final long key, final long high, final long low) {
        return claim(key, high, low, 0, 0);
    }

    /**
     * Makes the record of a data connection, which counts as a child from now on.
     *
     * @param link       see {@link #link}.
     * @param serverPort the port of the real server; that of the service is the key's destination port.
     */
    public int claimData(final long key, final long high, final long low, final long link, final int serverPort) {
        final int record = claim(key, high, low, link, serverPort);
        if (record >= 0) {
            addChildren(link, 1);
            countPorts(record, 1);
        }
        return record;
    }

    private int claim(final long key, final long high, final long low, final long word0, final long word1) {
        final long hash = hash(key, high, low);
        final long oldest = epochs.oldest();
        int claimed = NONE;
        for (int i = 0; i < BUCKETS_OF_KEY * SLOTS && claimed < 0; i++) {
            final int record = place(hash, i);
            final long seen = tags.getAcquire(record);
            if (isClaimable(seen, oldest) && tags.compareAndSet(record, seen, hash | PENDING)) {
                claimed = record;
            }
        }
        if (claimed < 0) {
            return NONE;
        }
        if (hasTwin(hash, claimed)) {
            tags.set(claimed, FREE);
            return NONE;
        }
        final int at = claimed * RECORD_LONGS;
        words.setPlain(at, key);
        words.setPlain(at + ADDRESS_HIGH, high);
        words.setPlain(at + ADDRESS_LOW, low);
        words.set(at + CHILDREN, (words.get(at + CHILDREN) & ~COUNT_MASK) + ONE_LIFE);
        words.setPlain(at + FIRST_WORD, word0);
        words.setPlain(at + FIRST_WORD + 1, word1);
        words.setPlain(at + FIRST_WORD + 2, 0);
        tags.setRelease(claimed, hash | LIVE);
        return claimed;
    }

    private static boolean isClaimable(final long tag, final long oldestCycle) {
        return tag == FREE || (tag & PHASE_MASK) == DYING && tag >>> CYCLE_SHIFT < oldestCycle;
    }

    /** Whether another place has this tag: volatile loads after the volatile step that took ours. */
    private boolean hasTwin(final long hash, final int own) {
        for (int i = 0; i < BUCKETS_OF_KEY * SLOTS; i++) {
            final int record = place(hash, i);
            final long seen = tags.get(record);
            if (record != own && (seen & ~PHASE_MASK) == hash && ((seen & PHASE_MASK) == PENDING
                || (seen & PHASE_MASK) == LIVE)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes the record of a connection as another table has it; nothing where that has none. Of a data connection the
     * control connection is not taken over: another record stands for it. Of a table that one thread alone uses.
     *
     * @param value of its entry.
     */
    public void copy(final SideTable from, final long key, final long high, final long low, final long value) {
        final int there = from.find(key, high, low);
        if (there < 0) {
            return;
        }
        if (ConnectionValue.isControlled(value)) {
            // No entry has this key and a record: it is that of a template.
            final long standIn = WideKey.of(0, WideKey.endpoint(key));
            final int control = find(standIn, high, low);
            claimData(key, high, low, link(control < 0 ? claim(standIn, high, low) : control),
                (int) from.word(there, 1));
            return;
        }
        final int here = claim(key, high, low);
        for (int i = 0; here >= 0 && i < WORDS; i++) {
            compareAndSet(here, i, 0, from.word(there, i));
        }
    }

    /** One of the words of a record, 0 to {@link #WORDS} − 1. */
    public long word(final int record, final int number) {
        return words.get(record * RECORD_LONGS + FIRST_WORD + number);
    }

    /**
     * The port of the real server of a data connection; negative if it has ended. Any thread: one that is no worker may
     * get that of the record's next connection.
     */
    public int serverPort(final long key, final long high, final long low) {
        final int record = find(key, high, low);
        return record < 0 ? NONE : (int) word(record, 1);
    }

    /** Replaces a word of a record if it still is as expected. */
    public boolean compareAndSet(final int record, final int number, final long expected, final long update) {
        return words.compareAndSet(record * RECORD_LONGS + FIRST_WORD + number, expected, update);
    }

    /** What names a control connection's record in those of its data connections. */
    public long link(final int record) {
        return words.get(record * RECORD_LONGS + CHILDREN) & ~COUNT_MASK | record;
    }

    /** Data connections that a control connection has. */
    public int children(final int record) {
        return (int) words.get(record * RECORD_LONGS + CHILDREN);
    }

    private void addChildren(final long link, final int change) {
        final int at = (int) (link & COUNT_MASK) * RECORD_LONGS + CHILDREN;
        for (long seen = words.get(at); (seen & ~COUNT_MASK) == (link & ~COUNT_MASK); seen = words.get(at)) {
            if (words.compareAndSet(at, seen, seen + change)) {
                return;
            }
        }
    }

    /** Whether there may be a data connection of this port; surely if it is not known which there are. */
    public boolean mayHavePort(final int port) {
        return ports == null || ports.count(port) != 0;
    }

    private void countPorts(final int record, final int change) {
        final PortCounts counts = ports;
        if (counts != null) {
            counts.add(WideKey.destinationPort(words.getPlain(record * RECORD_LONGS)), change);
            counts.add((int) word(record, 1), change);
        }
    }

    /**
     * Whether a connection stays although its time is over: one with children.
     *
     * @param key of an entry with {@link ConnectionValue#SIDE_TABLE}.
     */
    boolean keeps(final long key, final long high, final long low) {
        final int record = find(key, high, low);
        return record >= 0 && children(record) > 0;
    }

    /**
     * Ends the record of a connection that has ended; by whoever ended that, in the same cycle.
     *
     * @param value the connection's last.
     */
    public void ended(final long key, final long high, final long low, final long value) {
        final int record = find(key, high, low);
        assert record >= 0 : "a connection's record is gone";
        if (record >= 0) {
            if (ConnectionValue.isControlled(value)) {
                release(record);
            } else {
                free(record);
            }
        }
    }

    /** Ends the record of a data connection that was not made after all. */
    public void release(final int record) {
        countPorts(record, -1);
        addChildren(word(record, 0), -1);
        free(record);
    }

    /** Ends the record of a control connection whose entry does not tell of it. */
    public void free(final int record) {
        // As of a slot: nobody finds it any more, then the cycle is read in which somebody may still hold it.
        tags.set(record, DYING | Long.MAX_VALUE & ~PHASE_MASK);
        tags.set(record, DYING | epochs.current() << CYCLE_SHIFT);
    }

    private long hash(final long key, final long high, final long low) {
        // The key is all of a connection's, not only its client's port as in the table.
        return hashes.wide(0, hashes.wide(0, high, low, 0), key, 0) & ~PHASE_MASK;
    }

    /** The i-th place where a record of this hash may lie: those of one bucket, then those of another. */
    private int place(final long hash, final int i) {
        final int buckets = records / SLOTS;
        final long half = i < SLOTS ? hash >>> Integer.SIZE + 1 : hash >>> 2;
        return (int) (half & buckets - 1) * SLOTS + i % SLOTS;
    }
}
