package io.ringmaster.service;

/**
 * How long the templates of a service live after each new connection: each keeps the time that it was made with, also
 * when the service has another one since (ip_vs_core.c, ip_vs_sched_persist). A template has room for one of
 * {@link #NUMBERS} numbers, so those of a time that as many others have followed get the latest of these. Immutable.
 */
public final class PersistTimes {
    /** How many times a service can have at once. */
    public static final int NUMBERS = 4;
    /** Those of a service that never was persistent. */
    public static final PersistTimes NONE = new PersistTimes(new int[NUMBERS], 0, 0);

    private final int[] seconds;
    private final int number;
    private final int latest;

    private PersistTimes(final int[] seconds, final int number, final int latest) {
        this.seconds = seconds;
        this.number = number;
        this.latest = latest;
    }

    /** The same with another time for new templates, in seconds; 0, for no persistence, changes nothing. */
    public PersistTimes with(final int sec) {
        if (sec == 0 || seconds[number] == sec) {
            return this;
        }
        for (int i = 0; i < NUMBERS; i++) {
            if (seconds[i] == sec) {
                return new PersistTimes(seconds, i, latest);
            }
        }
        final int next = seconds[latest] == 0 ? latest : (latest + 1) % NUMBERS;
        final int[] changed = seconds.clone();
        changed[next] = sec;
        return new PersistTimes(changed, next, next);
    }

    /** The number of the time for new templates, 0 to {@link #NUMBERS} − 1. */
    public int number() {
        return number;
    }

    /** The time of a number in seconds. */
    public int sec(final int of) {
        return seconds[of];
    }
}
