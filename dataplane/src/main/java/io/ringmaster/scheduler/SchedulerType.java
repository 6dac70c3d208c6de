package io.ringmaster.scheduler;

import io.ringmaster.service.RealServerView;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** The schedulers that a service can have, by the names that ipvsadm's {@code -s} takes. */
public enum SchedulerType {
    /** Round robin. */
    RR("rr", RoundRobin::new),
    /** Weighted round robin. */
    WRR("wrr", WeightedRoundRobin::new),
    /** Least connections. */
    LC("lc", LeastConnections::new),
    /** Weighted least connections. */
    WLC("wlc", WeightedLeastConnections::new),
    /** Source hashing. */
    SH("sh", SourceHashing::new, SourceHashing::table),
    /** Maglev hashing. */
    MH("mh", MaglevHashing::new, MaglevHashing::table),
    /** Destination hashing. */
    DH("dh", DestinationHashing::new, DestinationHashing::table),
    /** Shortest expected delay. */
    SED("sed", ShortestExpectedDelay::new),
    /** Never queue. */
    NQ("nq", NeverQueue::new),
    /** Weighted failover. */
    FO("fo", WeightedFailover::new),
    /** Weighted overflow. */
    OVF("ovf", WeightedOverflow::new),
    /** Locality-based least connections. */
    LBLC("lblc", LocalityBasedLeastConnections::new),
    /** Locality-based least connections with replication. */
    LBLCR("lblcr", ReplicatedLocality::new),
    /** Power of two choices. */
    TWOS("twos", () -> new TwoChoices(new SplittableRandom())),
    /** Nobody is chosen. */
    NONE("none", NoScheduler::new);

    /** Flag bit of {@code sh-fallback} and {@code mh-fallback} (include/uapi/linux/ip_vs.h: F_SCHED1). */
    public static final int FALLBACK = 0x8;
    /** Flag bit of {@code sh-port} and {@code mh-port} (F_SCHED2). */
    public static final int PORT = 0x10;

    private final String word;
    private final IntFunction<Scheduler> maker;
    private final BiFunction<RealServerView[], Integer, int[]> table;

    SchedulerType(final String word, final Supplier<Scheduler> maker) {
        this(word, maker, SchedulerType::noTable);
    }

    SchedulerType(final String word, final IntFunction<Scheduler> maker) {
        this(word, maker, SchedulerType::noTable);
    }

    SchedulerType(final String word, final Supplier<Scheduler> maker,
                  final BiFunction<RealServerView[], Integer, int[]> table) {
        this(word, destinations -> maker.get(), table);
    }

    SchedulerType(final String word, final IntFunction<Scheduler> maker,
                  final BiFunction<RealServerView[], Integer, int[]> table) {
        this.word = word;
        this.maker = maker;
        this.table = table;
    }

    /** The scheduler of a name, empty if there is none of it. */
    public static Optional<SchedulerType> find(final String word) {
        for (final SchedulerType type : values()) {
            if (type.word.equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The name in rules and listings. */
    public String word() {
        return word;
    }

    private static int[] noTable(final RealServerView[] servers, final int flags) {
        return new int[0];
    }

    /**
     * A new scheduler for one service on one worker, with all the memory that it will need.
     *
     * @param manyDestinations whether clients reach the service by many addresses, as one of a firewall mark, and not
     *                         by a VIP alone: lblc and lblcr remember each.
     */
    public Scheduler newScheduler(final boolean manyDestinations) {
        return maker.apply(manyDestinations ? DestinationTable.MANY : DestinationTable.ONE);
    }

    /**
     * The look-up table for a list of real servers, made on the control thread so that no worker waits for it.
     *
     * @param servers in the kernel's order.
     * @param flags   scheduler flags, the kernel's bits.
     * @return places in the list, -1 for none; empty for schedulers without a table.
     */
    public int[] prepare(final RealServerView[] servers, final int flags) {
        return table.apply(servers, flags);
    }
}
