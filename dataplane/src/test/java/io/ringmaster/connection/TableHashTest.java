package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an outsider could try without knowing the secret words: sets of clients that he may choose, over secrets that he
 * may not. Always the same secrets, so that a bound holds or does not.
 */
final class TableHashTest {
    private static final int SETS = 200;
    private static final int KEYS = 4_096;
    private static final int LINES_SHIFT = 52;
    private static final int REACH = 32;
    // Of 4,000 sets of 4,096 random numbers the fullest neighbourhood had 64; 32 is the mean.
    private static final int MOST = 75;
    // Bits that a client chooses: of the narrow form address, port and (almost) protocol; of the wide form all.
    private static final int NARROW_BITS = 50;
    private static final int WIDE_BITS = 146;
    private static final int LOW_BITS = 64;
    private static final int HIGH_BITS = 128;

    /** Up to 146 bits of choice. */
    private record Client(long low, long high, long rest) {
        Client flip(final int bit) {
            return bit < LOW_BITS ? new Client(low ^ 1L << bit, high, rest)
                : bit < HIGH_BITS ? new Client(low, high ^ 1L << bit, rest)
                : new Client(low, high, rest ^ 1L << bit - HIGH_BITS);
        }
    }

    private static long hash(final TableForm form, final TableHash hash, final Client client) {
        if (form == TableForm.NARROW) {
            return hash.narrow((int) (client.low >>> 48) & 3, client.low & (1L << 48) - 1);
        }
        return hash.wide((int) (client.rest >>> 16) & 3, client.high, client.low, (int) client.rest & 0xffff);
    }

    private static int bits(final TableForm form) {
        return form == TableForm.NARROW ? NARROW_BITS : WIDE_BITS;
    }

    private static void checkSpread(final TableForm form, final long seed, final Client[] clients) {
        final int[] counts = new int[1 << Long.SIZE - LINES_SHIFT];
        final TableHash hash = new TableHash(seed);
        for (final Client client : clients) {
            counts[(int) (hash(form, hash, client) >>> LINES_SHIFT)]++;
        }
        int within = 0;
        for (int line = 0; line < counts.length; line++) {
            within += counts[line] - (line < REACH ? 0 : counts[line - REACH]);
            assertTrue(within <= MOST, "seed " + seed + ": " + within + " in " + REACH + " lines");
        }
    }

    @ParameterizedTest
    @EnumSource
    void progressionsSpreadAsRandomNumbersDo(final TableForm form) {
        for (int set = 0; set < SETS; set++) {
            final SplittableRandom random = new SplittableRandom(set);
            final long start = random.nextLong();
            // Ports, addresses, both at once, powers of two, and any.
            final long step = new long[] {1, 1L << 16, 1L << 16 | 1, 1L << random.nextInt(38), random.nextLong()}[set
                % 5];
            final Client[] clients = new Client[KEYS];
            for (int i = 0; i < KEYS; i++) {
                clients[i] = set % 2 == 0 ? new Client(start + i * step, 0, 4_000)
                    : new Client(start + i * step, start + i * step, i * step);
            }
            checkSpread(form, set, clients);
        }
    }

    @ParameterizedTest
    @EnumSource
    void subcubesSpreadAsRandomNumbersDo(final TableForm form) {
        for (int set = 0; set < SETS; set++) {
            final SplittableRandom random = new SplittableRandom(set);
            final int[] chosen = random.ints(0, bits(form)).distinct().limit(12).toArray();
            final Client start = new Client(random.nextLong(), random.nextLong(), random.nextInt(1 << 18));
            final Client[] clients = new Client[KEYS];
            for (int i = 0; i < KEYS; i++) {
                clients[i] = start;
                for (int k = 0; k < chosen.length; k++) {
                    clients[i] = (i >> k & 1) == 0 ? clients[i] : clients[i].flip(chosen[k]);
                }
            }
            checkSpread(form, set, clients);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noDifferenceOfTwoBitsMeetsMoreOftenThanByChance(final TableForm form) {
        final int seeds = 512;
        final TableHash[] hashes = new TableHash[seeds];
        final Client[] clients = new Client[seeds];
        final SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < seeds; i++) {
            hashes[i] = new TableHash(i);
            clients[i] = new Client(random.nextLong(), random.nextLong(), random.nextInt(1 << 18));
        }
        for (int one = 0; one < bits(form); one++) {
            for (int two = one; two < bits(form); two++) {
                int meet = 0;
                for (int i = 0; i < seeds; i++) {
                    final Client other = one == two ? clients[i].flip(one) : clients[i].flip(one).flip(two);
                    final long difference = hash(form, hashes[i], clients[i]) ^ hash(form, hashes[i], other);
                    meet += difference >>> 58 == 0 ? 1 : 0;
                }
                // Mean 8, so that 32 lie eight standard deviations away.
                assertTrue(meet < 32, "bits " + one + " and " + two + ": " + meet + " of " + seeds);
            }
        }
    }

    @Test
    void secretsDifferAtEachStart() {
        final Set<Long> seen = new HashSet<>();
        for (int start = 0; start < 100; start++) {
            assertTrue(seen.add(TableHash.secret().narrow(0, 1)));
        }
        assertEquals(new TableHash(5).narrow(1, 2), new TableHash(5).narrow(1, 2));
        assertNotEquals(new TableHash(5).narrow(1, 2), new TableHash(5).narrow(0, 2));
        assertNotEquals(new TableHash(5).wide(1, 2, 3, 4), new TableHash(5).wide(2, 2, 3, 4));
    }
}
