package io.ringmaster.bench.pipeline;

import static io.ringmaster.bench.report.BenchException.refuseUnless;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.service.ForwardingMethod;
import java.util.Locale;

/**
 * What one run does.
 *
 * @param connections in the table from the start, 1 to 2^28.
 * @param method      how packets are forwarded.
 * @param frames      packets of one round of a worker, each in a frame of its own; a power of two, 256 to 2^20.
 * @param newPerMille packets of a thousand that open a connection, 0 to 1,000.
 * @param rounds      measured rounds of each side, at least 3; a flood has as many as it takes.
 * @param cpu         number of the first worker's core; -1 for any.
 * @param workers     1 or 2, each on a core of its own.
 * @param scenario    what is looked at.
 * @param amount      of the scenario: how many times its capacity of SYNs a table is flooded with, seconds of a tail.
 * @param warmUp      packets before the measured rounds, for the JIT compiler to be done; what is needed for a steady
 *                    state comes on top.
 */
record Plan(long connections, Method method, int frames, int newPerMille, int rounds, int cpu, int workers,
            Scenario scenario, int amount, long warmUp) {
    static final long WARM_UP_PACKETS = 4_000_000;
    static final long MAX_CONNECTIONS = 1L << 28;
    static final int MAX_WORKERS = 2;
    static final int BATCH = 64;
    // Before a thread is pinned: then the JVM sees but one.
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final long MANY = 50_000_000;
    private static final int MIN_FRAMES = 256;
    private static final int MAX_FRAMES = 1 << 20;
    private static final int PER_MILLE = 1_000;
    private static final int FULL_FLOOD = 2;
    private static final long MAX_WARM_UP = 1_000_000_000;
    private static final int MAX_FLOOD = 20;
    private static final int MAX_TAIL_SEC = 3_600;
    // A batch takes about as long in C; the clock is made of batches, so that both sides see the same times.
    private static final long CYCLE_NS = 4_096;
    // 64 packets of 200 ns: slots of connections that gave way are free again a millisecond or two later.
    private static final long FLOOD_CYCLE_NS = 12_800;
    private static final long HALF_OPEN_NS = 1_250_000_000L;
    private static final int HALF_OPEN_ROUNDS = 100;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SWEPT_SLOTS_PER_CYCLE = 128;
    private static final int SWEPT_SLOTS_PER_SEC = 16_000_000;
    private static final int MOST_STEADY_ROUNDS = 1_000;

    /** What a run looks at. */
    enum Scenario {
        /** Packets of connections that are there, and new ones if the plan says so. */
        KNOWN,
        /** Connections end as fast as new ones come. */
        EXPIRY,
        /** More half-open connections than the table can hold. */
        FLOOD,
        /** The time of each single batch. */
        TAIL
    }

    /** The forwarding methods by the words of the command line. */
    enum Method {
        NAT(ForwardingMethod.MASQUERADING, 8080),
        DR(ForwardingMethod.DIRECT_ROUTING, 80),
        TUN(ForwardingMethod.TUNNELING, 80);

        private final ForwardingMethod forwarding;
        private final int serverPort;

        Method(final ForwardingMethod forwarding, final int serverPort) {
            this.forwarding = forwarding;
            this.serverPort = serverPort;
        }

        /** The method of a word. */
        static Method of(final String word) {
            for (final Method each : values()) {
                if (each.word().equals(word)) {
                    return each;
                }
            }
            throw BenchException.usage("--method " + word + " is not one; give nat, dr or tun.");
        }

        ForwardingMethod forwarding() {
            return forwarding;
        }

        int serverPort() {
            return serverPort;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Plan {
        refuseUnless(connections >= 1 && connections <= MAX_CONNECTIONS, "--connections " + connections
            + " is not possible; give 1 to " + MAX_CONNECTIONS);
        refuseUnless(frames >= MIN_FRAMES && frames <= MAX_FRAMES && Integer.bitCount(frames) == 1, "--frames " + frames
            + " is not possible; give a power of two from " + MIN_FRAMES + " to " + MAX_FRAMES);
        refuseUnless(newPerMille >= 0 && newPerMille <= PER_MILLE, "--new is a share of the packets; give 0% to 100%");
        refuseUnless(warmUp >= 0 && warmUp <= MAX_WARM_UP, "--warm-up " + warmUp + " is not possible; give 0 to "
            + MAX_WARM_UP + " packets");
        refuseUnless(rounds >= 3, "--rounds " + rounds + " tell nothing of a spread; give at least 3");
        refuseUnless(cpu >= -1 && cpu < CORES, "--cpu " + cpu + " is not there; give 0 to " + (CORES - 1));
        refuseUnless(workers >= 1 && workers <= MAX_WORKERS, "--workers " + workers
            + " is not possible; give 1 to " + MAX_WORKERS);
        refuseUnless(workers <= CORES, "--workers " + workers + " need a core each, and this machine has " + CORES);
        refuseUnless(workers == 1 || scenario == Scenario.KNOWN,
            "--workers 2 goes with neither --expiry nor --flood nor --tail");
        refuseUnless(scenario != Scenario.FLOOD || amount >= FULL_FLOOD && amount <= MAX_FLOOD, "--flood " + amount
            + " is not possible; give 2 to " + MAX_FLOOD + " times the table's capacity, or it is never full for long");
        refuseUnless(scenario != Scenario.FLOOD || newPerMille >= 1 && newPerMille < PER_MILLE,
            "--flood needs SYNs and other packets; give --new 0.1% to 99.9%");
        refuseUnless(scenario != Scenario.EXPIRY || newPerMille >= 1,
            "--expiry needs connections that can end; give --new 0.1% or more");
        refuseUnless(scenario != Scenario.TAIL || amount >= 1 && amount <= MAX_TAIL_SEC, "--tail " + amount
            + " is not possible; give 1 to " + MAX_TAIL_SEC + " seconds");
        refuseUnless(scenario != Scenario.TAIL || newPerMille == 0, "--tail goes without --new");
    }

    /** One worker, packets of connections that are there. */
    Plan(final long connections, final Method method, final int frames, final int newPerMille, final int rounds,
         final int cpu) {
        this(connections, method, frames, newPerMille, rounds, cpu, 1, Scenario.KNOWN, 0, WARM_UP_PACKETS);
    }

    /**
     * Connections the table is made for: those from the start, all new ones that are there at once, and a quarter (or
     * as many as a round opens), which makes its load 0.56; at its nominal load, 0.7, some of a million find a crowded
     * neighbourhood. Of 100 million, a tenth has to do: all is to fit into 3 GB. New ones are half-open, and many of
     * them are a flood where half of the slots are taken, so there its load is less: both sides must keep every one.
     * What is flooded is half full before.
     */
    long capacity() {
        return switch (scenario) {
            case FLOOD -> 2 * connections;
            case EXPIRY -> roomFor(connections + newPerRound() * Math.min(steadyRounds(), MOST_STEADY_ROUNDS));
            default -> newPerMille == 0 ? roomFor(connections) : roomForNew(connections
                + (warmRounds() + (long) rounds) * newPerRound() * workers * 2 * 5 / 4);
        };
    }

    /** The same with connections that one opens to warm up, and a table for them alone. */
    Plan warmingUp() {
        final long all = Math.max(frames, Math.min(MAX_CONNECTIONS, (warmUp / 2 + frames - 1) / frames * frames));
        return new Plan(all, method, frames, 0, rounds, cpu, workers, Scenario.KNOWN, 0, 0);
    }

    private long roomFor(final long all) {
        return all + (all > MANY ? all / 10 : Math.max(all / 4, frames)) + 64;
    }

    private static long roomForNew(final long all) {
        return all + all * 2 / 5 + 64;
    }

    private long newPerRound() {
        return (long) frames * newPerMille / PER_MILLE;
    }

    /** Bytes of one side: the table and the frames. */
    long memoryBytes() {
        return ConnectionTable.memoryBytes(capacity()) + (long) workers * frames * FakeKernel.FRAME_BYTES;
    }

    /** The core of a worker; -1 for any. */
    int cpuOf(final int worker) {
        return cpu < 0 ? -1 : (cpu + CORES - worker) % CORES;
    }

    /** The core that is taken if none is asked for: the last, which interrupts like least. */
    static int defaultCpu() {
        return CORES - 1;
    }

    /** Duty cycles of a round. */
    int cycles() {
        return frames / BATCH;
    }

    /** How far the clock goes on in a cycle; where time matters, about as fast as it does on a machine. */
    long cycleNs() {
        return switch (scenario) {
            // A slice of expiry is bounded: if more were due, it would go on while time stands still.
            case EXPIRY -> Math.min(HALF_OPEN_NS / HALF_OPEN_ROUNDS / cycles(),
                SWEPT_SLOTS_PER_CYCLE * 9 / 10 * lookThroughNs() / mostSlots());
            case FLOOD -> FLOOD_CYCLE_NS;
            default -> CYCLE_NS;
        };
    }

    /** Rounds before the measured ones: enough packets for the JIT compiler to be done, and for a steady state. */
    int warmRounds() {
        final int compiled = (int) Math.max(2, warmUp / frames);
        return switch (scenario) {
            case EXPIRY -> Math.max(compiled, steadyRounds());
            case FLOOD -> roundsFor(ConnectionTable.memoryBytes(capacity()) / 16 - connections);
            default -> compiled;
        };
    }

    /** Until as many connections end as are made: their time, and two looks at the whole table. */
    private int steadyRounds() {
        return (int) ((HALF_OPEN_NS + 2 * lookThroughNs() * 5 / 4) / cycleNs() / cycles()) + 10;
    }

    /** How long expiry takes for a table of so many slots: a second up to 16 million. */
    private long lookThroughNs() {
        return Math.max(SECOND_NS, mostSlots() * SECOND_NS / SWEPT_SLOTS_PER_SEC);
    }

    private long mostSlots() {
        return connections * 10 / 7 * 3 / 2 + newPerRound() * MOST_STEADY_ROUNDS * 2;
    }

    /** Rounds of a flood after those that filled the table. */
    int floodRounds() {
        return Math.max(3, roundsFor(amount * capacity()) - warmRounds());
    }

    private int roundsFor(final long syns) {
        return Math.toIntExact(syns * PER_MILLE / newPerMille / frames + 1);
    }
}
