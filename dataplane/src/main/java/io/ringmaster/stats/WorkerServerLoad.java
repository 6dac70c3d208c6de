package io.ringmaster.stats;

import io.ringmaster.service.RealServerView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;

/**
 * {@link ServerLoad} of one worker, owned by it: connection counts are sums over all workers, the overload bit of each
 * real server is the worker's own.
 * <p>
 * The bit has a memory (ip_vs_conn.c: bind and unbind; ip_vs_ctl.c: update). It is set when active + inactive +
 * persistent connections reach the upper threshold and cleared when they sink below the lower one, or without a lower
 * one when 4 × connections &lt; 3 × upper. No upper threshold, or one raised by an edit, clears it.
 * <p>
 * The kernel looks at every connection that is made or ends. This class looks when it is asked and when
 * {@link #connectionsChanged} is called: with one worker that calls it each time the bit is exactly the kernel's; with
 * several, a peak that another worker saw alone is missed if it is over before this one looks.
 */
public final class WorkerServerLoad implements ServerLoad {
    private static final long MS_PER_SEC = 1_000;

    private final ServerCounters counters;
    private final boolean[] overloaded = new boolean[ServerCounters.NUMBERS];
    /** The upper threshold at the last look: an edit that raises it clears the bit. */
    private final int[] upperSeen = new int[ServerCounters.NUMBERS];
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

    /** The upper threshold that a real server had at this worker's last look. */
    public int upperSeen(final int number) {
        return upperSeen[number];
    }

    /** Takes over what another worker's load says of a real server; before the first look at it. */
    public void become(final int number, final boolean heldOverloaded, final int upper) {
        overloaded[number] = heldOverloaded;
        upperSeen[number] = upper;
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
        return overloaded[server.number()];
    }

    /**
     * Looks at a real server after one of its connections was made or ended on this worker. Costs one comparison where
     * it has no threshold.
     */
    public void connectionsChanged(final RealServerView server) {
        final int number = server.number();
        final int upper = server.upperThreshold();
        if (upper == 0) {
            overloaded[number] = false;
            return;
        }
        if (upper > upperSeen[number]) {
            overloaded[number] = false;
        }
        upperSeen[number] = upper;
        // Templates are none (ip_vs_conn.c, ip_vs_bind_dest).
        final long connections = active(number) + inactive(number);
        if (connections >= upper) {
            overloaded[number] = true;
        } else if (released(server, connections)) {
            overloaded[number] = false;
        }
    }

    private static boolean released(final RealServerView server, final long connections) {
        final int lower = server.lowerThreshold();
        return lower != 0 ? connections < lower : 4 * connections < 3L * server.upperThreshold();
    }
}
