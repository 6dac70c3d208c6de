package io.ringmaster.director;

import io.ringmaster.capture.Captures;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.VlanPorts;
import io.ringmaster.worker.HandBackBell;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.worker.WorkerQueue;
import io.ringmaster.worker.WorkerSetup;
import io.ringmaster.xdp.RingSizes;
import io.ringmaster.xdp.Umem;
import io.ringmaster.xdp.XdpSocket;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Shares sockets and frames out among workers: worker w owns queue q of every interface where q mod workers is w, and a
 * run of frames of its own, so that no frame is ever owned by two threads.
 */
final class Workers {
    private static final int HAND_BACK_RING_BYTES = 1 << 20;
    private static final int TOLD_RING_BYTES = 1 << 18;

    private final WorkerAgent[] agents;
    private final SpscRing[] handBackRings;
    private final HandBackBell bell;
    private final SpscRing told;

    private Workers(final WorkerAgent[] agents, final SpscRing[] handBackRings, final HandBackBell bell,
                    final SpscRing told) {
        this.told = told;
        this.agents = agents;
        this.handBackRings = handBackRings;
        this.bell = bell;
    }

    /** What all workers share. */
    record Shared(NanoClock clock, Umem umem, ConnectionTable table, ConnectionTable wideTable,
                  Calls calls, ServerCounters servers, ServerCounters services, ClientHops clientHops) {
    }

    /** Frames that a number of sockets need: as many as their rings can hold at once, so that none ever starves. */
    static int frames(final int sockets, final RingSizes sizes) {
        return sockets * (sizes.fill() + sizes.tx());
    }

    /**
     * Makes the workers.
     *
     * @param count   workers, at most the smallest number of queues of an interface.
     * @param vlans   of its interfaces.
     * @param sockets all of them, with the port number that their interface has by place.
     */
    static Workers make(final Settings settings, final Shared shared, final int count, final List<XdpSocket> sockets,
                        final int[] ports, final RingSizes sizes, final VlanPorts vlans, final Captures captures) {
        final WorkerAgent[] agents = new WorkerAgent[count];
        final SpscRing[] rings = new SpscRing[count];
        final SpscRing told = new SpscRing(TOLD_RING_BYTES);
        final HandBackBell bell = new HandBackBell();
        long firstFrame = 0;
        for (int w = 0; w < count; w++) {
            final List<WorkerQueue> queues = new ArrayList<>();
            for (int s = 0; s < sockets.size(); s++) {
                if (sockets.get(s).queue() % count == w) {
                    queues.add(queue(sockets.get(s), ports[s]));
                }
            }
            final int frames = frames(queues.size(), sizes);
            rings[w] = new SpscRing(HAND_BACK_RING_BYTES);
            agents[w] = WorkerSetup.worker(w, shared.clock())
                .queues(queues.toArray(WorkerQueue[]::new), settings.interfaces().size())
                .vlans(vlans)
                .memory(shared.umem().memory(),
                    new FramePool(firstFrame * shared.umem().frameBytes(), shared.umem().frameBytes(), frames))
                .tables(shared.table(), shared.wideTable(), shared.servers(), shared.services(), shared.clientHops())
                .calls(shared.calls())
                .handBack(rings[w], bell, Math.max(1, settings.handBackRate() / count))
                .localReplies(w == 0 ? told : null)
                .captures(captures)
                .busyPoll(settings.busyPoll())
                .make();
            firstFrame += frames;
        }
        return new Workers(agents, rings, bell, told);
    }

    private static WorkerQueue queue(final XdpSocket socket, final int port) {
        return new WorkerQueue(new WorkerQueue.Rings(socket.rx(), socket.tx(), socket.fill(), socket.completion(),
            new SocketKick(socket)), port, socket.queue());
    }

    WorkerAgent[] agents() {
        return agents;
    }

    /** To the first worker: what is seen of replies of local real servers. */
    SpscRing told() {
        return told;
    }

    SpscRing[] handBackRings() {
        return handBackRings;
    }

    HandBackBell handBackBell() {
        return bell;
    }
}
