package io.ringmaster.stats;

import io.ringmaster.service.RealServerView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;

/**
 * {@link ServerLoad} of one worker, owned by it: connection counts are sums over all workers, the overload bit of each
 * real server is the worker's own.
 * <p>
 * The bit has a memory (ip_vs_conn.c: bind and unbind; ip_vs_ctl.c: update). It is set when a connection is made and
 * active + inactive connections, templates not counted, have reached the upper threshold. It is cleared when one ends
 * and they are below the lower threshold, or without a lower one when 4 × connections &lt; 3 × upper. An edit clears it
 * where it raises the upper threshold or takes it away; whatever else it sets counts from the next connection on.
 * <p>
 * The kernel looks at every connection that is made or ends. This class looks when it is asked and when
 * {@link #connectionsChanged} is called, and acts where there are more connections than at the last look, or fewer:
 * with one worker that calls it each time the bit is exactly the kernel's; with several, a peak that another worker saw
 * alone is missed if it is over before this one looks.
 */
public final class WorkerServerLoad implements ServerLoad {
    private static final long MS_PER_SEC = 1_000;

    private final ServerCounters counters;
    private final boolean[] overloaded = new boolean[ServerCounters.NUMBERS];
    /** The upper threshold of the last view: an edit that raises it clears the bit. */
    private final int[] upperSeen = new int[ServerCounters.NUMBERS];
    /** Connections at the last look, of real servers with an upper threshold. */
    private final long[] connectionsSeen = new long[ServerCounters.NUMBERS];
    private long nowMs;
    private long lblcMs;
    private long lblcrMs;

    /** The load as seen over all workers' counters. */
    public WorkerServerLoad(final ServerCounters counters) {
        this.counters = counters;
        use(Sysctls.DEFAULTS);
    }

    /** Once a duty cycle: the time that counts until the next one, in milliseconds, never negative. */
    public void beginCycle(final long cycleMs) {
        nowMs = cycleMs;
    }

    /** Other settings count from now on. */
    public void use(final Sysctls sysctls) {
        lblcMs = sysctls.value(Sysctl.LBLC_EXPIRATION) * MS_PER_SEC;
        lblcrMs = sysctls.value(Sysctl.LBLCR_EXPIRATION) * MS_PER_SEC;
    }

    /** Whether this worker holds a real server for overloaded, as it was when it looked last. */
    public boolean heldOverloaded(final int number) {
        return overloaded[number];
    }

    /** The upper threshold that a real server has in this worker's view. */
    public int upperSeen(final int number) {
        return upperSeen[number];
    }

    /** The connections that a real server with an upper threshold had at this worker's last look. */
    public long connectionsSeen(final int number) {
        return connectionsSeen[number];
    }

    /** Takes over what another worker's load says of a real server; before the first look at it. */
    public void become(final int number, final boolean heldOverloaded, final int upper, final long connections) {
        overloaded[number] = heldOverloaded;
        upperSeen[number] = upper;
        connectionsSeen[number] = connections;
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public long lblcExpirationMs() {
        return lblcMs;
    }

    @Override
    public long lblcrExpirationMs() {
        return lblcrMs;
    }

    @Override
    public long active(final int number) {
        return counters.sum(number, ServerCounters.ACTIVE);
    }

    @Override
    public long inactive(final int number) {
        return counters.sum(number, ServerCounters.INACTIVE);
    }

    @Override
    public boolean overloaded(final RealServerView server) {
        connectionsChanged(server);
        return server.upperThreshold() != 0 && overloaded[server.number()];
    }

    /** Takes over the thresholds of a real server, which may be others or its first, before it is asked for. */
    public void edited(final RealServerView server) {
        final int number = server.number();
        final int upper = server.upperThreshold();
        if (upper != upperSeen[number]) {
            connectionsSeen[number] = connections(number);
            // Without connections the number may have been another real server's.
            overloaded[number] &= upper != 0 && upper < upperSeen[number] && connectionsSeen[number] != 0;
            upperSeen[number] = upper;
        }
    }

    /**
     * Looks at a real server after one of its connections was made or ended on this worker. Costs one comparison where
     * it has no threshold.
     */
    public void connectionsChanged(final RealServerView server) {
        final int upper = server.upperThreshold();
        if (upper == 0) {
            return;
        }
        final int number = server.number();
        final long connections = connections(number);
        if (connections > connectionsSeen[number]) {
            overloaded[number] |= connections >= upper;
        } else if (connections < connectionsSeen[number] && released(server, connections)) {
            overloaded[number] = false;
        }
        connectionsSeen[number] = connections;
    }

    private long connections(final int number) {
        return active(number) + inactive(number);
    }

    private static boolean released(final RealServerView server, final long connections) {
        final int lower = server.lowerThreshold();
        return lower != 0 ? connections < lower : 4 * connections < 3L * server.upperThreshold();
    }
}
