package io.ringmaster.control;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;

/**
 * The control thread: answers the socket, keeps the service table's clockwork going, and does the other duties it was
 * given (netlink, for one), in turn. Owner of the {@link ServiceTable}.
 */
public final class ControlAgent implements Agent {
    private final ControlServer server;
    private final ServiceTable table;
    private final LongSupplier clockNs;
    private final List<IntSupplier> duties;

    /**
     * A control thread's work.
     *
     * @param server  closed with the agent.
     * @param table   of services.
     * @param clockNs as System.nanoTime.
     * @param duties  each does a bounded piece of work without waiting and tells how much it did.
     */
    public ControlAgent(final ControlServer server, final ServiceTable table, final LongSupplier clockNs,
                        final List<IntSupplier> duties) {
        this.server = server;
        this.table = table;
        this.clockNs = clockNs;
        this.duties = List.copyOf(duties);
    }

    @Override
    public int doWork() {
        int done = server.poll();
        done += table.onTick(clockNs.getAsLong());
        for (final IntSupplier duty : duties) {
            done += duty.getAsInt();
        }
        return done;
    }

    /** Waits for work, at most this long. */
    public void await(final long longestMs) {
        server.await(longestMs);
    }

    @Override
    public void onClose() {
        server.close();
    }

    @Override
    public String roleName() {
        return "control";
    }
}
