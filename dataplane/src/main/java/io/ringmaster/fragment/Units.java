package io.ringmaster.fragment;

import io.ringmaster.packet.Packet;
import java.util.Arrays;

/**
 * Which units of 8 bytes of a datagram have come, a bit each, and with which of them a fragment began. Owned by one
 * worker.
 */
final class Units {
    private static final int UNIT_BYTES = 8;
    private static final int UNITS = (Packet.LENGTH_BYTES_MAX + UNIT_BYTES) / UNIT_BYTES;

    private final long[] came = new long[(UNITS + Long.SIZE - 1) / Long.SIZE];
    private final long[] began = new long[came.length];
    private int cameCount;
    private int fragments;

    void clear() {
        Arrays.fill(came, 0);
        Arrays.fill(began, 0);
        cameCount = 0;
        fragments = 0;
    }

    /** Units that have come. */
    int came() {
        return cameCount;
    }

    /** Fragments that have come. */
    int fragments() {
        return fragments;
    }

    /** How many of a range have come. */
    int count(final int from, final int to) {
        int count = 0;
        for (int unit = from; unit < to; unit++) {
            count += (int) (came[unit >> 6] >>> unit & 1);
        }
        return count;
    }

    /** Whether one from a number on has come. */
    boolean anyFrom(final int from) {
        return count(from, UNITS) > 0;
    }

    /** A fragment came. */
    void mark(final int from, final int to) {
        for (int unit = from; unit < to; unit++) {
            came[unit >> 6] |= 1L << unit;
        }
        began[from >> 6] |= 1L << from;
        cameCount += to - from;
        fragments++;
    }

    /** Writes where each fragment ends, in bytes; how many they are. */
    int ends(final int[] ends, final int dataBytes) {
        int number = 0;
        for (int word = 0; word < began.length; word++) {
            for (long left = began[word]; left != 0; left &= left - 1) {
                final int unit = word * Long.SIZE + Long.numberOfTrailingZeros(left);
                if (unit > 0) {
                    ends[number++] = unit * UNIT_BYTES;
                }
            }
        }
        ends[number] = dataBytes;
        return number + 1;
    }
}
