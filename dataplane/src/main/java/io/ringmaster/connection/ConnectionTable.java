package io.ringmaster.connection;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The connection table: lock-free, shared by all workers, fixed in size. This is the one thing in the data plane that
 * several threads write; these are its rules.
 * <p>
 * <b>Shape.</b> An entry is two words ({@link ConnectionKey}, {@link ConnectionValue}), four entries are a line, a line
 * is a cache line ({@link TableWords}). The hash of protocol, client address and client port, which both directions of
 * a connection have in common, gives the home line; an entry lies there or in one of the 63 lines after it.
 * <p>
 * <b>Forms.</b> Clients with IPv6 addresses and services of all ports need wider keys: entries of four words, two to a
 * line ({@link TableForm}, {@link WideKey}), in a table of their own. Companion slots in the lines of the narrow ones
 * were thought through and left: two free slots side by side are rare where single entries fill the gaps (simulated at
 * load 0.7 under churn: 71 % of wide entries away from their home lines and 0.27 % without a place, where lines of
 * their own have 53 % and 0.03 %), each narrow look-up would have to tell a companion from an entry, and claiming two
 * slots is no single step. The price is that room is not shared between the two.
 * <p>
 * <b>A slot's life</b> is in the phase of its value word: FREE → PENDING → LIVE → DYING → FREE.
 * <ul>
 * <li>Every write of a value word is a compare-and-set. A plain one would overwrite the next connection's value.</li>
 * <li>The step to PENDING stores the whole value; only its winner writes the key, release, after it. So whoever sees
 *     the key (acquire) and then loads the value (acquire) has this connection's value or a later one. The address of
 *     a wide key is written between the two, and nobody looks at it before he has seen the key word, which is never
 *     0 in an entry; so half a key is never taken for a whole one.</li>
 * <li>Only the winner of the step to DYING clears the key; then it notes the cycle in the value word. The address of a
 *     wide key stays where it is: without its key word it means nothing.</li>
 * <li>A DYING slot is claimed again only when every worker and lister has begun a later cycle ({@link Epochs}): within
 *     a cycle, a slot whose key was seen does not become another connection's.</li>
 * </ul>
 * <b>Insert is insert-or-get.</b> After its key is written an inserter passes a full fence and scans the probe path: of
 * two inserters of one key at least one sees the other. It yields to a LIVE twin, or to a PENDING one at a lower place
 * of the path; it ends a PENDING twin at a higher place, and yields if that fails because the twin went LIVE.
 * <p>
 * <b>Overflow marks.</b> A line tells whether entries passed it, by a mark for each range of steps at which they did
 * ({@link OverflowMarks}): CLEAR, SET, CLEARING. An inserter sets it before it passes; a look-up stops at CLEAR. Expiry
 * sets CLEARING, waits until all readers have begun a later cycle (an inserter that relied on SET is done by then),
 * looks for entries that passed, and sets CLEAR if there is none; an inserter that passes meanwhile sets SET, and the
 * last step fails.
 * <p>
 * <b>Room.</b> Clients that do not answer never fill the table. When an eighth of it is half-open connections and less
 * than half is free, as many give way as come ({@link Relief}); where a neighbourhood is full all the same, its oldest
 * half-open ones do ({@link RoomMaker}). Established connections never do.
 * <p>
 * <b>Threads.</b> Each worker has its {@link WorkerTable}, each listing thread its {@link ConnectionLister}; the
 * methods here may be called by any of them. Slot numbers and values are of use within the cycle they were found in.
 */
public final class ConnectionTable implements AutoCloseable {
    /** Answer of a look-up: no such connection. */
    public static final long NOT_FOUND = -1;
    /** Answer of an insert: no room within reach of the home line. */
    public static final long FULL = -2;
    /**
     * Lines that an entry may lie away from its home line, the home line included. Where entries come and go at load
     * 0.7, two of a million new ones found 32 lines full and none 48; at load 0.8, 370 found 32 and four found 64 full.
     * Look-ups do not pay for it: they stop where no entry passed.
     */
    static final int PROBES = 64;
    /** Protocols that make a difference to the hash; see {@link #hash}. */
    static final int PROTOCOL_CLASSES = 4;
    static final int SLOT_SHIFT = 2;

    // 183 GiB. A larger table would take too long to be gone over: see Sweeper.
    static final long MAX_CAPACITY = 1L << 33;
    private static final int MAX_READERS = 1024;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int SLOT_MASK = TableWords.SLOTS_PER_LINE - 1;

    private final long capacity;
    private final int workers;
    private final TableMemory memory;
    private final TableWords words;
    private final Epochs epochs;
    private final SlotLife life;
    private final OverflowMarks marks;
    private final TableForm form;
    private final TableHash hashes;
    /** Of the wide form; null of the narrow one. */
    private final SideTable side;
    private final WantedAddresses wanted;

    private ConnectionTable(final TableForm form, final long capacity, final int workers, final int listers,
                            final TableMemory memory, final TableHash hashes) {
        this.form = form;
        this.capacity = capacity;
        this.workers = workers;
        this.memory = memory;
        this.words = memory.words();
        this.epochs = new Epochs(workers + listers);
        this.life = new SlotLife(words, epochs);
        this.marks = new OverflowMarks(words, form.slotStep());
        this.hashes = hashes;
        this.side = form == TableForm.WIDE ? new SideTable(capacity, epochs) : null;
        this.wanted = form == TableForm.WIDE ? new WantedAddresses(hashes) : null;
    }

    /** A table of the narrow form in memory of its own; see {@link #allocate(TableForm, long, int, int)}. */
    public static ConnectionTable allocate(final long capacity, final int workers, final int listers) {
        return allocate(TableForm.NARROW, capacity, workers, listers);
    }

    /**
     * A table in memory of its own.
     *
     * @param form     how wide its keys are.
     * @param capacity connections that fit at load 0.7, 1 to 2^33; at least 179 (89 wide ones) are made room for.
     * @param workers  threads that look up and insert, 1 to 1,000.
     * @param listers  threads that list, 0 or more.
     * @throws IllegalArgumentException if one of them is out of range.
     * @throws IllegalStateException    if there is not so much memory.
     */
    public static ConnectionTable allocate(final TableForm form, final long capacity, final int workers,
                                           final int listers) {
        check(capacity, workers, listers);
        return new ConnectionTable(form, capacity, workers, listers, new TableMemory(form.lines(capacity)),
            TableHash.secret());
    }

    static ConnectionTable allocate(final long capacity, final int workers, final int listers, final long seed) {
        return allocate(TableForm.NARROW, capacity, workers, listers, seed);
    }

    /**
     * As {@link #allocate(TableForm, long, int, int)}, but where its hash puts connections is known beforehand: for
     * what must be the same again, never for a table that strangers fill.
     */
    public static ConnectionTable allocate(final TableForm form, final long capacity, final int workers,
                                           final int listers, final long seed) {
        check(capacity, workers, listers);
        return new ConnectionTable(form, capacity, workers, listers, new TableMemory(form.lines(capacity)),
            new TableHash(seed));
    }

    /** A table of the narrow form in given memory; see {@link #over(TableForm, List, long, int, int)}. */
    public static ConnectionTable over(final List<MemorySegment> blocks, final long capacity, final int workers,
                                       final int listers) {
        return over(TableForm.NARROW, blocks, capacity, workers, listers);
    }

    /**
     * A table in given memory, which must be zero, stay valid until the table is closed, and be used by nothing else.
     *
     * @param blocks one native block of any size, or several of which all but the last have the same size, a power of
     *               two; aligned to 64 bytes; together at least {@link TableForm#memoryBytes(long)}.
     * @throws IllegalArgumentException if the blocks or a number are not as they must be.
     */
    public static ConnectionTable over(final TableForm form, final List<MemorySegment> blocks, final long capacity,
                                       final int workers, final int listers) {
        check(capacity, workers, listers);
        return new ConnectionTable(form, capacity, workers, listers, new TableMemory(form.lines(capacity), blocks),
            TableHash.secret());
    }

    private static void check(final long capacity, final int workers, final int listers) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("A connection table for " + capacity
                + " connections cannot be made; ask for 1 to " + MAX_CAPACITY);
        }
        if (workers < 1 || listers < 0 || workers + (long) listers > MAX_READERS) {
            throw new IllegalArgumentException("A connection table for " + workers + " workers and " + listers
                + " listers cannot be made; ask for at least one worker and at most " + MAX_READERS + " in all");
        }
    }

    /** Bytes of memory that a table of the narrow form and this capacity needs: 22.9 for each connection. */
    public static long memoryBytes(final long capacity) {
        return TableForm.NARROW.memoryBytes(capacity);
    }

    /** What few of the connections of a table of the wide form have more; null of the narrow form. */
    public SideTable side() {
        return side;
    }

    /** How wide its keys are. */
    public TableForm form() {
        return form;
    }

    /** The numbers of IPv6 addresses in keys of the wide form. */
    public WantedAddresses wantedAddresses() {
        requireForm(TableForm.WIDE);
        return wanted;
    }

    void requireForm(final TableForm asked) {
        if (form != asked) {
            throw new IllegalArgumentException("This connection table has keys of the " + form + " form, not the "
                + asked + " one that was asked for");
        }
    }

    /** Connections that fit at load 0.7. */
    public long capacity() {
        return capacity;
    }

    /** Numbers of slots in all; in the wide form every second one is an entry. */
    public long slots() {
        return words.lines() << SLOT_SHIFT;
    }

    /** Bytes of memory of the slots. */
    public long memoryBytes() {
        return words.lines() * TableWords.LINE_BYTES;
    }

    /** Bytes of memory of the cycle numbers: 128 for each worker and lister, and some. */
    public long cycleBytes() {
        return epochs.bytes();
    }

    /** Connections and templates in the table, a little old; any thread. */
    public long size() {
        return Math.max(0, epochs.balance());
    }

    /**
     * The part of one worker in this table; made once for each worker, before it starts.
     *
     * @param worker   0 to workers − 1.
     * @param listener is told of the connections that this worker ends because of time or room.
     */
    public WorkerTable worker(final int worker, final EndListener listener) {
        requireForm(TableForm.NARROW);
        requireWorker(worker);
        return new WorkerTable(this, worker, workers, listener);
    }

    /** As {@link #worker}, of a table of the wide form. */
    public WideWorkerTable wideWorker(final int worker, final WideEndListener listener) {
        requireForm(TableForm.WIDE);
        requireWorker(worker);
        return new WideWorkerTable(this, worker, workers, listener);
    }

    private void requireWorker(final int worker) {
        if (worker < 0 || worker >= workers) {
            throw new IllegalArgumentException("There is no worker " + worker + " of " + workers);
        }
    }

    /**
     * The part of one listing thread.
     *
     * @param lister 0 to listers − 1.
     */
    public ConnectionLister lister(final int lister) {
        return new ConnectionLister(this, reader(lister));
    }

    private int reader(final int lister) {
        if (lister < 0 || workers + lister >= epochs.readers()) {
            throw new IllegalArgumentException("There is no lister " + lister + " of " + (epochs.readers() - workers));
        }
        return workers + lister;
    }

    /**
     * A check of the whole table, to be run in steps by a listing thread, between its listings' steps.
     *
     * @param lister  0 to listers − 1.
     * @param facts   what numbers in entries stand for.
     * @param nowMs   the director's monotonic clock.
     * @param pauseMs to wait before what may have been moving is looked at again: {@link TableChecker#PAUSE_MS}, or 0
     *                where no other thread uses the table.
     */
    public TableChecker checker(final int lister, final TableFacts facts, final LongSupplier nowMs,
                                final long pauseMs) {
        return new TableChecker(this, reader(lister), facts, nowMs, pauseMs);
    }

    /**
     * Hash of what both directions of a connection have in common; seeded, so that nobody outside can aim at a line.
     *
     * @param protocol      IP protocol number; TCP, UDP and SCTP are told apart, all others are one.
     * @param clientAddress 32 bits in network order.
     * @param clientPort    0 to 65,535; 0 for templates.
     */
    public long hash(final int protocol, final int clientAddress, final int clientPort) {
        return hashes.narrow(protocolClass(protocol), ConnectionKey.client(clientAddress, clientPort));
    }

    /** As {@link #hash}, in a table of the wide form; an address is two halves of 64 bits. */
    public long wideHash(final int protocol, final long addressHigh, final long addressLow, final int clientPort) {
        return hashes.wide(protocolClass(protocol), addressHigh, addressLow, clientPort);
    }

    private static int protocolClass(final int protocol) {
        return protocol == TCP ? 0 : protocol == UDP ? 1 : protocol == SCTP ? 2 : 3;
    }

    /** Hash of the entry in a slot, if it is one of that class; an entry does not tell its protocol. */
    long hashOfClass(final int protocolClass, final long at, final int slot, final long key) {
        return form == TableForm.NARROW ? hashes.narrow(protocolClass, ConnectionKey.client(key))
            : hashes.wide(protocolClass, hashedHigh(at, slot, key), words.addressLow(at, slot),
                WideKey.clientPort(key));
    }

    /** First half of the client's address of an entry of the wide form, where its word may be of other use. */
    long hashedHigh(final long at, final int slot, final long key) {
        return WideKey.isMarked(key, words.addressLow(at, slot)) ? 0 : words.addressHigh(at, slot);
    }

    /** The home line of a hash: 0 to lines − 1. */
    long line(final long hash) {
        return Math.unsignedMultiplyHigh(hash, words.lines());
    }

    /** Where the home line of a hash is, for {@link WorkerTable#insertAt}, if it was not touched. */
    public long home(final long hash) {
        return words.at(line(hash));
    }

    /** The line after a line; the first follows the last. */
    long lineAfter(final long line) {
        return line + 1 == words.lines() ? 0 : line + 1;
    }

    /**
     * Loads the first key of the home line of each hash of a batch, so that the cache misses of all of them overlap.
     *
     * @param homes receives where the home line of each hash is, for {@link WorkerTable#findAt}.
     * @return the keys, folded: to be kept in a field of the caller, or the loads could be left out.
     */
    public long touch(final long[] hashes, final int count, final long[] homes) {
        return words.touch(hashes, count, homes);
    }

    /**
     * Looks for the keys of a batch in their home lines after {@link #touch}, so that the cache misses of those that
     * are not there overlap, too.
     *
     * @param slots receives what {@link WorkerTable#findAt} wants to know.
     * @return to be kept in a field of the caller, as the answer of touch.
     */
    public long locate(final long[] homes, final long[] keys, final int count, final int[] slots) {
        return words.locate(homes, keys, count, slots);
    }

    /** The key in a slot; 0 if there is none. */
    public long key(final long slot) {
        return words.keyAcquire(words.at(slot >>> SLOT_SHIFT), (int) slot & SLOT_MASK);
    }

    /** First half of the client's address in a slot whose key was found in this cycle, in the wide form. */
    public long addressHigh(final long slot) {
        return words.addressHigh(words.at(slot >>> SLOT_SHIFT), (int) slot & SLOT_MASK);
    }

    /** The other half. */
    public long addressLow(final long slot) {
        return words.addressLow(words.at(slot >>> SLOT_SHIFT), (int) slot & SLOT_MASK);
    }

    /** The value in a slot as it is now; ask {@link ConnectionValue#isLive} before using it. */
    public long value(final long slot) {
        return words.valueAcquire(words.at(slot >>> SLOT_SHIFT), (int) slot & SLOT_MASK);
    }

    /**
     * Replaces the value of a connection that is in the table. When this fails, another worker was faster: look up
     * again.
     *
     * @param slot     as found in this cycle.
     * @param expected as it was when looked at; if it is not live, this fails.
     * @param update   made of expected by the functions of {@link ConnectionValue}.
     */
    public boolean compareAndSetValue(final long slot, final long expected, final long update) {
        assert ((expected ^ update) & ConnectionValue.PHASE_MASK) == 0 : "a value's phase belongs to the table";
        return ConnectionValue.isLive(expected)
            && life.replace(words.at(slot >>> SLOT_SHIFT), (int) slot & SLOT_MASK, expected, update);
    }

    /** Gives the memory back. No worker or lister may use the table any more: their calls would read freed memory. */
    @Override
    public void close() {
        memory.close();
    }

    TableWords words() {
        return words;
    }

    Epochs epochs() {
        return epochs;
    }

    SlotLife life() {
        return life;
    }

    OverflowMarks marks() {
        return marks;
    }
}
