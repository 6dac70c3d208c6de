package io.ringmaster.connection;

import io.ringmaster.connection.TableFacts.Count;

/**
 * Counts live entries by real server and compares the sums with what workers count. Owned by the checker's thread.
 * <p>
 * Workers go on meanwhile, so a difference is a fault only beyond what moved: between the counts before and after all
 * entries were looked at, connections made and ended are known for each real server ({@code moved}); one that had none
 * is quiet, and everything of it must agree exactly.
 */
final class EntryTally {
    static final int NUMBERS = 1 << 16;
    /** Bits of a server's flags: which rule seems broken. */
    private static final int COUNTS = 1;
    private static final int PERSISTENT = 2;
    private static final int CHILDREN = 4;
    private static final int BUSY = 8;
    private static final int SEEMS = COUNTS | PERSISTENT | CHILDREN;
    private static final Count[] COUNT = Count.values();
    private static final int FIELDS = COUNT.length;

    private final TableFacts facts;
    private final Families families;
    private final long[] active = new long[NUMBERS];
    private final long[] inactive = new long[NUMBERS];
    private final long[] templates = new long[NUMBERS];
    private final long[] before = new long[NUMBERS * FIELDS];
    private final byte[] now = new byte[NUMBERS];
    private final byte[] seems = new byte[NUMBERS];
    private final boolean[] everSeemed = new boolean[NUMBERS];

    EntryTally(final TableForm form, final TableFacts facts) {
        this.facts = facts;
        this.families = new Families(form, facts);
    }

    /** Begins a look at all entries: counts as they are before it, of some numbers. */
    void begin(final int from, final int to) {
        for (int server = from; server < to; server++) {
            active[server] = 0;
            inactive[server] = 0;
            templates[server] = 0;
            for (int f = 0; f < FIELDS; f++) {
                before[server * FIELDS + f] = facts.counted(server, COUNT[f]);
            }
        }
        if (from == 0) {
            families.begin();
        }
    }

    /** One live entry. */
    void add(final long key, final long value) {
        final int server = ConnectionValue.realServer(value);
        if (ConnectionValue.isTemplate(value)) {
            templates[server]++;
        } else if (ConnectionValue.state(value) < TcpState.values().length
            && TcpState.isActive(ConnectionValue.state(value))) {
            active[server]++;
        } else {
            inactive[server]++;
        }
        families.add(key, value);
    }

    /**
     * Compares what was found with the counts after it, for some numbers.
     *
     * @param changes of the table's own count since the look began.
     * @param first   whether this is the first look; else only what seemed wrong at all looks before stays so.
     */
    void compare(final int from, final int to, final long changes, final boolean first) {
        for (int server = from; server < to; server++) {
            int flags = compareCounts(server) | comparePersistent(server, changes);
            final long moved = moved(server);
            final long bound = moved < 0 ? changes : moved;
            flags |= bound > 0 ? BUSY : 0;
            flags |= families.agree(server, bound) ? 0 : CHILDREN;
            now[server] = (byte) flags;
            everSeemed[server] |= (flags & SEEMS) != 0;
            seems[server] = (byte) (first ? flags : seems[server] & flags);
        }
    }

    /** Families of servers that were quiet, all of them at once, after all numbers were compared. */
    void compareFamilies(final boolean first) {
        families.compareEach(first, server -> (now[server] & BUSY) == 0);
    }

    /** Whether something seems wrong that a further look may explain. */
    boolean seemsWrong() {
        for (final byte flags : seems) {
            if ((flags & SEEMS) != 0) {
                return true;
            }
        }
        return families.seemsWrong();
    }

    /** Connections of a real server that were made or ended since the look began; −1 if nobody counts. */
    private long moved(final int server) {
        final long made = facts.counted(server, Count.MADE);
        if (made == TableFacts.NOT_COUNTED) {
            return -1;
        }
        if (before(server, Count.MADE) == TableFacts.NOT_COUNTED) {
            // Added meanwhile: all of it is new.
            return made;
        }
        final long newly = made - before(server, Count.MADE);
        final long more = facts.counted(server, Count.ACTIVE) + facts.counted(server, Count.INACTIVE)
            - before(server, Count.ACTIVE) - before(server, Count.INACTIVE);
        // What was made is there more than before, or was ended.
        return newly + Math.abs(newly - more);
    }

    private long before(final int server, final Count count) {
        return before[server * FIELDS + count.ordinal()];
    }

    private int compareCounts(final int server) {
        final long countedActive = facts.counted(server, Count.ACTIVE);
        final long countedInactive = facts.counted(server, Count.INACTIVE);
        if (countedActive == TableFacts.NOT_COUNTED) {
            return 0;
        }
        final long moved = moved(server);
        final long differ = active[server] + inactive[server] - countedActive - countedInactive;
        // A change between active and inactive counts nothing else: these are compared where neither moved.
        final boolean still = moved == 0 && countedActive == before(server, Count.ACTIVE);
        return Math.abs(differ) > moved || still && active[server] != countedActive ? COUNTS : 0;
    }

    private int comparePersistent(final int server, final long changes) {
        final long counted = facts.counted(server, Count.PERSISTENT);
        return counted != TableFacts.NOT_COUNTED && Math.abs(templates[server] - counted) > changes ? PERSISTENT : 0;
    }

    /** Tells what seemed wrong at every look, and how many real servers could not be compared well. */
    void tell(final TableReport report) {
        long moved = 0;
        long uncompared = 0;
        for (int server = 0; server < NUMBERS; server++) {
            final int flags = seems[server];
            moved += everSeemed[server] && (flags & SEEMS) == 0 ? 1 : 0;
            uncompared += (flags & BUSY) != 0 && active[server] + inactive[server] + templates[server] > 0 ? 1 : 0;
            if ((flags & COUNTS) != 0) {
                report.violation(TableRule.COUNTS, facts.name(server) + ": " + active[server] + " active and "
                    + inactive[server] + " inactive entries, counted " + facts.counted(server, Count.ACTIVE) + " and "
                    + facts.counted(server, Count.INACTIVE));
            }
            if ((flags & PERSISTENT) != 0) {
                report.violation(TableRule.PERSISTENT, facts.name(server) + ": " + templates[server]
                    + " templates, counted " + facts.counted(server, Count.PERSISTENT));
            }
            if ((flags & CHILDREN) != 0) {
                report.violation(TableRule.CHILDREN, facts.name(server) + ": " + families.text(server));
            }
        }
        families.tell(report);
        report.compared(moved, uncompared);
    }
}
