package io.ringmaster.scheduler;

import io.ringmaster.service.RealServerView;

/** The schedulers that a service can have, by the names that ipvsadm's {@code -s} takes. */
public enum SchedulerType {
    /** Round robin. */
    RR("rr");

    private final String word;

    SchedulerType(final String word) {
        this.word = word;
    }

    /** The name in rules and listings. */
    public String word() {
        return word;
    }

    /** A new scheduler for one service on one worker. */
    public Scheduler newScheduler() {
        throw new UnsupportedOperationException(word);
    }

    /**
     * The look-up table for a list of real servers, made on the control thread so that no worker waits for it.
     *
     * @param servers in the kernel's order.
     * @param flags   scheduler flags, the kernel's bits.
     * @return places in the list, -1 for none; empty for schedulers without a table.
     */
    public int[] prepare(final RealServerView[] servers, final int flags) {
        return new int[0];
    }
}
