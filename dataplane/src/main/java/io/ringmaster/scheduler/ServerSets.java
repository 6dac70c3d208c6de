package io.ringmaster.scheduler;

import java.util.Arrays;

/**
 * The sets of real servers of {@link ReplicatedLocality}: lists out of one pool of members, taken at the start. A set
 * does not grow while the pool is empty. Owned by one worker's scheduler.
 */
final class ServerSets {
    /** No further member. */
    static final int END = -1;
    private static final int MEMBERS_PER_SET = 4;
    private static final int LEAST_MEMBERS = 256;

    private final int[] first;
    private final int[] size;
    private final long[] changedMs;
    private final long[] server;
    private final int[] next;
    private int free;

    ServerSets(final int sets) {
        final int members = Math.max(LEAST_MEMBERS, sets * MEMBERS_PER_SET);
        first = new int[sets];
        size = new int[sets];
        changedMs = new long[sets];
        server = new long[members];
        next = new int[members];
        Arrays.fill(first, END);
        Arrays.setAll(next, i -> i + 1 < members ? i + 1 : END);
    }

    /** Takes over the sets of another of the same size. */
    void become(final ServerSets other) {
        System.arraycopy(other.first, 0, first, 0, first.length);
        System.arraycopy(other.size, 0, size, 0, size.length);
        System.arraycopy(other.changedMs, 0, changedMs, 0, changedMs.length);
        System.arraycopy(other.server, 0, server, 0, server.length);
        System.arraycopy(other.next, 0, next, 0, next.length);
        free = other.free;
    }

    int size(final int set) {
        return size[set];
    }

    /** When a member joined or left last. */
    long changedMs(final int set) {
        return changedMs[set];
    }

    /** The member that joined last, or {@link #END}. */
    int first(final int set) {
        return first[set];
    }

    /** The one that joined before, or {@link #END}. */
    int next(final int member) {
        return next[member];
    }

    /** {@link Locality#name} of a member. */
    long server(final int member) {
        return server[member];
    }

    /** Puts a real server in front of a set that it is not in. */
    void add(final int set, final long name, final long nowMs) {
        for (int m = first[set]; m != END; m = next[m]) {
            if (server[m] == name) {
                return;
            }
        }
        if (free == END) {
            return;
        }
        final int member = free;
        free = next[member];
        server[member] = name;
        next[member] = first[set];
        first[set] = member;
        size[set]++;
        changedMs[set] = nowMs;
    }

    /** Takes a member out of its set. */
    void remove(final int set, final int member, final long nowMs) {
        if (first[set] == member) {
            first[set] = next[member];
        } else {
            int before = first[set];
            while (next[before] != member) {
                before = next[before];
            }
            next[before] = next[member];
        }
        release(member);
        size[set]--;
        changedMs[set] = nowMs;
    }

    /** Empties a set. */
    void clear(final int set) {
        while (first[set] != END) {
            final int member = first[set];
            first[set] = next[member];
            release(member);
        }
        size[set] = 0;
    }

    private void release(final int member) {
        next[member] = free;
        free = member;
    }
}
