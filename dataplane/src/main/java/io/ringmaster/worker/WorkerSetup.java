package io.ringmaster.worker;

import io.ringmaster.capture.Captures;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.service.IcmpLimits;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.stats.WorkerCounters;
import io.ringmaster.stats.WorkerServerLoad;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.IcmpRateLimiter;
import io.ringmaster.transmit.VlanPorts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.NanoClock;

/**
 * Collects what a worker is made of and puts it together, in a director and in tests alike. Used once, before the
 * worker's thread starts.
 */
public final class WorkerSetup {
    private final int worker;
    private final NanoClock clock;
    private WorkerQueue[] queues;
    private WorkerQueue[] outputs;
    private VlanPorts vlans;
    private MemorySegment memory;
    private Arena arena = Arena.ofAuto();
    private FramePool pool;
    private ConnectionTable table;
    private ConnectionTable wideTable;
    private ServerCounters servers;
    private ServerCounters services;
    private ClientHops clientHops;
    private HandBack handBack;
    private SpscRing told;
    private Calls calls;
    private Captures captures = Captures.none();
    private boolean busyPoll;
    private WorkerState state;
    private IcmpLimits icmpLimits = IcmpLimits.LINUX;

    private WorkerSetup(final int worker, final NanoClock clock) {
        this.worker = worker;
        this.clock = clock;
    }

    /**
     * Begins with a worker's number.
     *
     * @param worker 0 to workers − 1.
     * @param clock  monotonic and never negative.
     */
    public static WorkerSetup worker(final int worker, final NanoClock clock) {
        return new WorkerSetup(worker, clock);
    }

    /**
     * Its queues: it receives from all of them, and sends by the first of each interface.
     *
     * @param ports number of interfaces; each must have a queue among these.
     */
    public WorkerSetup queues(final WorkerQueue[] ownQueues, final int ports) {
        this.queues = ownQueues;
        this.outputs = new WorkerQueue[ports];
        this.vlans = new VlanPorts(ports, List.of(), false);
        for (int i = ownQueues.length - 1; i >= 0; i--) {
            outputs[ownQueues[i].port()] = ownQueues[i];
        }
        for (int port = 0; port < ports; port++) {
            if (outputs[port] == null) {
                throw new IllegalArgumentException("Worker " + worker + " has no queue of interface number " + port);
            }
        }
        return this;
    }

    /** The VLANs of its interfaces; without this there are none. */
    public WorkerSetup vlans(final VlanPorts vlanPorts) {
        this.vlans = vlanPorts;
        return this;
    }

    /** Packet memory and the frames of it that are this worker's. */
    public WorkerSetup memory(final MemorySegment packetMemory, final FramePool frames) {
        this.memory = packetMemory;
        this.pool = frames;
        return this;
    }

    /** Where the rest of its memory comes from, which goes with the arena; without this, with the worker. */
    public WorkerSetup arena(final Arena ofWorker) {
        this.arena = ofWorker;
        return this;
    }

    /**
     * What it shares with other workers.
     *
     * @param connections     of the narrow form.
     * @param wideConnections of the wide form.
     */
    public WorkerSetup tables(final ConnectionTable connections, final ConnectionTable wideConnections,
                              final ServerCounters serverCounters, final ServerCounters serviceCounters,
                              final ClientHops hops) {
        this.table = connections;
        this.wideTable = wideConnections;
        this.servers = serverCounters;
        this.services = serviceCounters;
        this.clientHops = hops;
        return this;
    }

    /** The calls of services with a persistence engine, which it shares with other workers, too. */
    public WorkerSetup calls(final Calls sharedCalls) {
        this.calls = sharedCalls;
        return this;
    }

    /** The way back to the kernel, by a ring that is polled without being told. */
    public WorkerSetup handBack(final SpscRing ring, final int perSecond) {
        return handBack(ring, new HandBackBell(), perSecond);
    }

    /** The way back to the kernel, and what wakes the thread that goes it. */
    public WorkerSetup handBack(final SpscRing ring, final HandBackBell bell, final int perSecond) {
        this.handBack = new HandBack(ring, bell, perSecond);
        return this;
    }

    /** Where it is told of replies of local real servers; one worker is. */
    public WorkerSetup localReplies(final SpscRing ring) {
        this.told = ring;
        return this;
    }

    /** The captures that it takes part in; without this there are never any. */
    public WorkerSetup captures(final Captures all) {
        this.captures = all;
        return this;
    }

    /** Whether empty queues are polled by system calls. */
    public WorkerSetup busyPoll(final boolean poll) {
        this.busyPoll = poll;
        return this;
    }

    /** Another limit on the worker's ICMP errors than Linux's default, until the host's changes. */
    public WorkerSetup icmpLimits(final IcmpLimits limits) {
        this.icmpLimits = limits;
        return this;
    }

    /** What another worker knew, from which this one goes on. */
    public WorkerSetup state(final WorkerState of) {
        this.state = of;
        return this;
    }

    /** The worker, ready to be run by one thread. */
    public WorkerAgent make() {
        final WorkerCounters counters = new WorkerCounters();
        final Exits exits = new Exits(memory, outputs, vlans, pool, handBack, counters);
        final ServerCounts counts = new ServerCounts(worker, servers, services);
        final Trackers trackers = Trackers.make(worker, table, wideTable, new WorkerServerLoad(servers), counts,
            clientHops, exits, calls == null ? Calls.allocate(1) : calls);
        if (state != null) {
            trackers.goOnFrom(state);
        }
        final LocalPath local = new LocalPath(exits, trackers, counts, told);
        final IcmpPath icmp = new IcmpPath(memory, exits, trackers, counts,
            new IcmpRateLimiter(icmpLimits, ThreadLocalRandom.current().nextInt()), local);
        final RouteOut routeOut = new RouteOut(exits, clientHops, icmp);
        icmp.routeBy(routeOut);
        final PacketPath path = new PacketPath(memory, exits, trackers, counts, routeOut, icmp,
            local, arena);
        final Tap tap = new Tap(worker, clock, memory, outputs, path, trackers, counters, captures);
        return new WorkerAgent(worker, clock, queues, pool, path, tap, trackers, counters, busyPoll);
    }
}
