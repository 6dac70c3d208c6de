package io.ringmaster.supervision;

import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.VirtualService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Follows on the control thread what the service manager is told, and finds out when all is ready. */
public final class Health {
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(1);

    private final ServiceManager manager;
    private final ServiceTable table;
    private final String workers;
    private final BooleanSupplier polling;
    private final long firstVersion;
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean ready;
    private long toldVersion = -1;
    private long nextNs;

    /**
     * For one director, with the services that it begins with.
     *
     * @param workers what it is, for a person: "2 workers on eth0, eth1".
     * @param polling whether every worker has begun to look for packets.
     */
    public Health(final ServiceManager manager, final ServiceTable table, final String workers,
                  final BooleanSupplier polling) {
        this.manager = manager;
        this.table = table;
        this.workers = workers;
        this.polling = polling;
        this.firstVersion = table.view().version();
    }

    /** Looks; on the control thread. How much was done. */
    public int poll(final long nowNs) {
        if (begun.getCount() > 0 && polling.getAsBoolean() && table.settled(firstVersion)) {
            begun.countDown();
            return 1;
        }
        final long version = table.view().version();
        if (!ready || version == toldVersion || nowNs - nextNs < 0) {
            return 0;
        }
        nextNs = nowNs + EVERY_NS;
        toldVersion = version;
        manager.status(text());
        return 1;
    }

    /** What the director has; on the control thread. */
    public String text() {
        int servers = 0;
        for (final VirtualService service : table.services()) {
            servers += service.servers().size();
        }
        return workers + "; " + table.services().size() + " services, " + servers + " real servers";
    }

    /**
     * Waits until all workers look for packets and know the first services, then tells the manager.
     *
     * @throws IllegalStateException if that takes too long.
     */
    public void awaitReady(final int longestSec) {
        try {
            if (!begun.await(longestSec, TimeUnit.SECONDS)) {
                throw new IllegalStateException("After " + longestSec + " seconds not all workers had begun to look "
                    + "for packets; are their cores taken by something else?");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the director started.", e);
        }
        manager.ready(workers);
        ready = true;
    }
}
