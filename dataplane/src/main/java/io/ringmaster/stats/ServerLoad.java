package io.ringmaster.stats;

import io.ringmaster.service.RealServerView;

/** What real servers carry at this moment, as one worker's schedulers see it. */
public interface ServerLoad {
    /** Active connections of a real server over all workers. */
    long active(int number);

    /** Inactive connections of a real server over all workers. */
    long inactive(int number);

    /**
     * Whether a real server is at its upper threshold and was not released since. The kernel's rule
     * (ip_vs_ctl.c): overloaded from {@code upper} connections on, released below {@code lower}, or without a lower
     * threshold when 4 × connections &lt; 3 × upper; templates do not count.
     */
    boolean overloaded(RealServerView server);

    /**
     * This moment: milliseconds of a monotonic clock, never negative, read once a duty cycle. For schedulers that
     * forget what was long ago (lblc, lblcr).
     */
    long nowMs();

    /** Milliseconds after which lblc forgets a destination that nobody asked for. */
    long lblcExpirationMs();

    /** The same of lblcr, and after which its set of a destination shrinks. */
    long lblcrExpirationMs();
}
