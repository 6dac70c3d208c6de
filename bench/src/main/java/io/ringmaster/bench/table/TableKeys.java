package io.ringmaster.bench.table;

import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.WideKey;

/**
 * The keys of a round, made before it is timed: the same ones as in table.c. Owned by one thread. Connection number i
 * has a client of its own, spread over addresses and ports, and a real server by which it is known again.
 */
final class TableKeys {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long HIGH = 0x2001_0db8_0000_0000L;
    private static final int CLIENT_BITS = 48;
    private static final int PORT_BITS = 16;
    private static final int SERVERS = 60_000;
    private static final int ENDPOINT = 1;

    final long[] keys = new long[TablePlan.ROUND];
    final long[] highs = new long[TablePlan.ROUND];
    final long[] lows = new long[TablePlan.ROUND];
    final int[] addresses = new int[TablePlan.ROUND];
    final int[] ports = new int[TablePlan.ROUND];
    final int[] servers = new int[TablePlan.ROUND];
    private final TablePlan plan;
    private int count;

    TableKeys(final TablePlan plan) {
        this.plan = plan;
    }

    int count() {
        return count;
    }

    /** Connections in turn, from a number on, up to the last of the plan. */
    void sequence(final long first) {
        count = (int) Math.min(TablePlan.ROUND, plan.connections() - first);
        for (int i = 0; i < count; i++) {
            set(i, first + i);
        }
    }

    /** Connections at random. */
    void random(final long round, final boolean known) {
        count = TablePlan.ROUND;
        for (int i = 0; i < count; i++) {
            final long random = mix((round << 32) + i + 1);
            set(i, Math.unsignedMultiplyHigh(random, plan.connections()) + (known ? 0 : plan.connections()));
        }
    }

    private void set(final int i, final long number) {
        // A multiplication by an odd number repeats nothing.
        final long client = (number + 1) * SPREAD & (1L << CLIENT_BITS) - 1;
        addresses[i] = (int) (client >>> PORT_BITS);
        ports[i] = (int) client & (1 << PORT_BITS) - 1;
        servers[i] = 1 + (int) (number % SERVERS);
        if (plan.form() == TableForm.NARROW) {
            keys[i] = ConnectionKey.of(addresses[i], ports[i], ENDPOINT);
        } else {
            keys[i] = WideKey.of(ports[i], ENDPOINT);
            highs[i] = HIGH | client & 0xffff;
            lows[i] = (number + 1) * SPREAD;
        }
    }

    /** SplitMix64. */
    private static long mix(final long n) {
        long z = (n ^ n >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
