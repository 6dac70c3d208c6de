package io.ringmaster.explain;

import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.VlanPorts;
import io.ringmaster.worker.WorkerState;
import java.util.List;

/**
 * A director at one moment, as far as one packet can meet it. Taken on the control thread by {@link Explainer#scene};
 * then of the thread that explains. All of it is either immutable or a copy.
 *
 * @param view    the configuration.
 * @param service that the packet is for; null for none.
 * @param entries connections of the packet's two ends and the template of its client.
 * @param room    whether the table has room for a connection of the packet.
 * @param states  what each worker alone knows, as soon as that worker has told it.
 * @param hops    ways back to clients.
 * @param vlans   numbers of VLANs.
 * @param nowNs   the moment, by the director's monotonic clock.
 */
public record Scene(View view, ServiceView service, List<Entry> entries, boolean room, List<WorkerState> states,
                    ClientHops hops, VlanPorts vlans, long nowNs) {
    /** The moment in milliseconds, as deadlines of connections have it. */
    public long nowMs() {
        return nowNs / 1_000_000;
    }

    /** Whether all workers have told what they know. */
    public boolean complete() {
        return states.stream().allMatch(WorkerState::taken);
    }
}
