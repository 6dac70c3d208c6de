package io.ringmaster.director;

import io.ringmaster.bpf.AttachMode;
import io.ringmaster.bpf.DirectorProgram;
import io.ringmaster.capture.Captures;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.TcpState;
import io.ringmaster.control.ControlAgent;
import io.ringmaster.control.ControlIdle;
import io.ringmaster.control.Dataplane;
import io.ringmaster.control.Events;
import io.ringmaster.control.FollowedHops;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.Ports;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.explain.Explainer;
import io.ringmaster.netlink.Link;
import io.ringmaster.netlink.RouteMonitor;
import io.ringmaster.netlink.RouteNetlink;
import io.ringmaster.service.IcmpLimits;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.sys.Capability;
import io.ringmaster.sys.KernelVersion;
import io.ringmaster.sys.Mapping;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.VlanPorts;
import io.ringmaster.worker.HandBackAgent;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.xdp.RingSizes;
import io.ringmaster.xdp.Umem;
import io.ringmaster.xdp.XdpSocket;
import io.ringmaster.xdp.XdpSocketSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * A running director. Started and closed by one thread; in between its agents have their own. Starting checks
 * everything before it changes anything, and what it made is undone in the reverse order when a later step fails or at
 * the end.
 */
public final class Director implements AutoCloseable {
    // Receive rings hold what arrives while the worker's core does something else for some milliseconds.
    private static final RingSizes RINGS = new RingSizes(2048, 1024, 2048, 1024);
    private static final int LISTERS = 1;
    /** Calls of services with a persistence engine are few among connections, and each needs half a kilobyte. */
    private static final int CONNECTIONS_PER_CALL = 32;
    // Helpers that look for work a thousand times a second cost every hundredth packet some microseconds; a command, a
    // change of a route can wait as long as this. The hand-back thread is woken by what there is to hand back.
    private static final long HELPERS_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Settings settings;
    private final Consumer<String> log;
    private final Undo undo = new Undo();
    private final HostIcmpLimits hostIcmpLimits = new HostIcmpLimits();
    private final List<String> outcomes = new ArrayList<>();
    private Interfaces interfaces;
    private Umem umem;
    private Mapping tableMemory;
    private ConnectionTable connections;
    private ConnectionTable wideConnections;
    private Calls calls;
    private Workers.Shared shared;
    private Workers workers;
    private Captures captures;
    private VlanPorts vlanPorts;
    private List<XdpSocket> sockets;
    private HandBackAgent handBack;
    private LocalReplies localReplies;
    private DirectorProgram program;
    private LiveDataplane dataplane;
    private ServiceTable table;
    private FollowedHops hops;
    private RouteMonitor monitor;
    private HostMaps hostMaps;
    private Threads threads;
    private Watch watch;
    private EventWatch eventWatch;
    private Explainer explainer;

    private Director(final Settings settings, final Consumer<String> log) {
        this.settings = settings;
        this.log = log;
    }

    /**
     * Starts workers on their queues, with no services yet. To be called in the network namespace of the interfaces.
     *
     * @param log receives one line for people for each outcome, now and while the director runs.
     * @throws RuntimeException in one sentence for a person; nothing is left behind then, and
     *     nothing was logged.
     */
    public static Director start(final Settings settings, final Consumer<String> log) {
        final Director director = new Director(settings, log);
        try {
            director.start();
            return director;
        } catch (final RuntimeException e) {
            try {
                director.close();
            } catch (final RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private void start() {
        KernelVersion.requireOldest();
        Capability.require("To take packets from interfaces", Capability.CAP_NET_ADMIN, Capability.CAP_NET_RAW,
            Capability.CAP_BPF,
            Capability.CAP_PERFMON);
        final RouteNetlink netlink = undo.add(RouteNetlink.open());
        monitor = undo.add(RouteMonitor.open());
        interfaces = Interfaces.find(netlink, settings.interfaces());
        final int frameBytes = interfaces.frameBytes(settings.frameBytes());
        final List<Integer> cores = Threads.cores(settings.cores(), interfaces);
        takeMemory(frameBytes, cores.size());
        program = undo.add(DirectorProgram.load(interfaces.largestQueueCount(), settings.keepVlans()));
        attach();
        openSockets(cores.size());
        makeControl(netlink);
        PacketClasses.load();
        startThreads(cores);
        outcomes.add(program.describeHandBack());
        outcomes.forEach(log);
    }

    /** What may be refused without touching an interface. */
    private void takeMemory(final int frameBytes, final int workerCount) {
        final int sockets = interfaces.places().size();
        umem = undo.add(Umem.allocate(Workers.frames(sockets, RINGS), frameBytes));
        final long narrowBytes = TableForm.NARROW.memoryBytes(settings.connections());
        final long wideBytes = TableForm.WIDE.memoryBytes(settings.connections6());
        final long callCount = Math.max(Calls.FEWEST, settings.connections() / CONNECTIONS_PER_CALL);
        FreeMemory.require(narrowBytes + wideBytes + Calls.memoryBytes(callCount), "tables for "
            + settings.connections() + " IPv4 and " + settings.connections6() + " IPv6 connections",
            "choose fewer with --connections and --connections6");
        // Huge pages, since a look-up in small ones misses the translation cache as well. All of it is taken now: a
        // table that found no memory later could not say so.
        tableMemory = undo.add(Mapping.allocate(narrowBytes, true));
        connections = undo.add(ConnectionTable.over(List.of(tableMemory.segment()), settings.connections(),
            workerCount, LISTERS));
        calls = Calls.allocate(callCount);
        final Mapping wideMemory = undo.add(Mapping.allocate(wideBytes, true));
        wideConnections = undo.add(ConnectionTable.over(TableForm.WIDE, List.of(wideMemory.segment()),
            settings.connections6(), workerCount, LISTERS));
    }

    /** It says at once if another director holds the interface; without entries the program takes no packet. */
    private void attach() {
        for (final Link link : interfaces.links()) {
            final Optional<AttachMode> mode = Interfaces.attachMode(link, settings.attachMode());
            final DirectorProgram.Attachment attachment = undo.add(mode.isPresent()
                ? program.attach(link.index(), link.name(), mode.get())
                : program.attach(link.index(), link.name()));
            outcomes.add(attachment.describe());
        }
    }

    private void openSockets(final int workerCount) {
        final List<XdpSocketSet.Place> places = interfaces.places();
        final XdpSocketSet opened = undo.add(XdpSocketSet.open(umem, places, RINGS, settings.busyPoll()));
        sockets = opened.sockets();
        outcomes.add(opened.outcome());
        outcomes.add(umem.describe());
        shared = new Workers.Shared(clock(), umem, connections, wideConnections, calls,
            new ServerCounters(workerCount), new ServerCounters(workerCount), new ClientHops());
        vlanPorts = new VlanPorts(interfaces.links().size(), interfaces.vlans().devices(), settings.keepVlans());
        captures = new Captures(workerCount, interfaces.links().stream().map(Link::name).toList(),
            shared.clock()::nanoTime);
        workers = Workers.make(settings, shared, workerCount, sockets, interfaces.ports(), RINGS, vlanPorts, captures);
    }

    private static NanoClock clock() {
        final long startNs = System.nanoTime();
        return () -> System.nanoTime() - startNs;
    }

    private void makeControl(final RouteNetlink netlink) {
        final Ports ports = new Ports(interfaces.all(), netlink.addresses(),
            Umem.largestMtuBytes(umem.frameBytes()), vlanPorts, this::tellOfNetwork);
        for (int port = 0; port < interfaces.all().size(); port++) {
            if (!ports.isUp(port)) {
                outcomes.add("Interface " + ports.link(port).name() + " is down; its packets come once it is up.");
            }
        }
        hops = new FollowedHops(netlink, ports, () -> takeOver(ports), this::tellOfNetwork);
        sayVlans();
        hostMaps = new HostMaps(program, ports, interfaces.receiving());
        hostMaps.addVlans(interfaces.vlans());
        hostMaps.refresh();
        localReplies = undo.add(new LocalReplies(interfaces.links(), log));
        dataplane = new LiveDataplane(workers.agents(), shared, program, localReplies::follow);
        explainer = new Explainer(workers.agents(), new Explainer.Shared(shared.clock()::nanoTime, shared.table(),
            shared.wideTable(), shared.servers(), shared.clientHops(), vlanPorts),
            interfaces.all().stream().map(Link::name).toList(), interfaces.links().size(),
            undo.add(new LiveJudge(program, log)));
        table = new ServiceTable(dataplane, hops, TcpState.defaults(), ports.views());
        table.helpFtp(settings.ftpPorts());
        dataplane.publish(table.view());
        followIcmpLimits(nowNs());
    }

    private void sayVlans() {
        final List<String> names = interfaces.vlans().links().stream().map(Link::name).toList();
        final String out = interfaces.tagsTakenOut();
        if (!names.isEmpty()) {
            outcomes.add("VLAN interfaces: " + String.join(", ", names) + (settings.keepVlans()
                ? "; packets of other VLANs are answered in theirs" : "; other VLANs are the kernel's"));
        } else if (!out.isEmpty()) {
            outcomes.add(out);
        }
    }

    private void tellOfNetwork(final String sentence) {
        log.accept(sentence);
        // While the director starts nobody can listen yet.
        if (table != null) {
            table.access().events().tell(Events.Kind.NETWORK, sentence);
        }
    }

    private void takeOver(final Ports ports) {
        hostMaps.refresh();
        table.setPorts(ports.views());
        table.refreshNextHops();
    }

    private void startThreads(final List<Integer> cores) {
        threads = undo.add(new Threads(log, cores));
        watch = new Watch(this, log);
        eventWatch = new EventWatch(table, () -> count(Counter.DROP_TABLE_FULL), workers.agents().length,
            this::cycleNs);
        final int[] indexes = interfaces.links().stream().mapToInt(Link::index).toArray();
        handBack = new HandBackAgent(workers.handBackRings(), workers.handBackBell(),
            (port, queue, memory, offset, lengthBytes) ->
                program.handBack(indexes[port], queue, memory, offset, lengthBytes), localReplies, workers.told());
        threads.start(handBack, new BackoffIdleStrategy(0, 10, 1_000, HELPERS_SLEEP_NS));
        for (int w = 0; w < workers.agents().length; w++) {
            threads.startPinned(workers.agents()[w], settings.idle(), cores.get(w));
        }
        for (final XdpSocket socket : sockets) {
            program.setSocket(socket.interfaceIndex(), socket.queue(), socket.fd());
        }
        outcomes.add(cores.size() + (cores.size() == 1 ? " worker on core " : " workers on cores ") + cores
            + ", idle " + settings.idle().name().toLowerCase(Locale.ROOT) + ", table for "
            + settings.connections() + " connections (" + (shared.table().memoryBytes() >> 20) + " MiB in "
            + tableMemory.pages() + ") and for " + settings.connections6() + " of IPv6 ("
            + (shared.wideTable().memoryBytes() >> 20) + " MiB)");
    }

    /** The captures of its workers. */
    public Captures captures() {
        return captures;
    }

    /** What control commands work on; owned by the control thread once that runs. */
    public ServiceTable table() {
        return table;
    }

    /** The workers, the connection table and the XDP maps as control commands see them. */
    public Dataplane dataplane() {
        return dataplane;
    }

    /**
     * The control thread's part in keeping up with the kernel: to be called by it over and over.
     *
     * @return amount of work done.
     */
    public int followKernel() {
        final long nowNs = shared.clock().nanoTime();
        return hops.poll(monitor, nowNs) + watch.look(nowNs) + eventWatch.look(nowNs) + followIcmpLimits(nowNs);
    }

    private int followIcmpLimits(final long nowNs) {
        final Optional<IcmpLimits> changed = hostIcmpLimits.look(nowNs);
        changed.ifPresent(limits -> table.setSysctls(table.sysctls().with(limits)));
        return changed.isPresent() ? 1 : 0;
    }

    /** Tells what would happen to a packet. */
    public Explainer explainer() {
        return explainer;
    }

    /** Monotonic time of this director, 0 at its start. */
    public long nowNs() {
        return shared.clock().nanoTime();
    }

    /** Sum of a counter over all threads, at most one duty cycle old; any thread. */
    public long count(final Counter counter) {
        long sum = handBack.counters().value(counter);
        for (final WorkerAgent worker : workers.agents()) {
            sum += worker.counters().value(counter);
        }
        return sum;
    }

    /** One worker's own part of {@link #count}; any thread. */
    long countOf(final int worker, final Counter counter) {
        return workers.agents()[worker].counters().value(counter);
    }

    /** Every counter of packets as it is now; the control thread. */
    public List<PacketFates.Fate> fates() {
        return new Fates(program, sockets, this::count).read();
    }

    /** How many workers there are; any thread. */
    public int workers() {
        return workers.agents().length;
    }

    /** When a worker's last cycle began, by {@link #nowNs}, 0 before its first; any thread. */
    public long cycleNs(final int worker) {
        return workers.agents()[worker].load().cycleNs();
    }

    /** How busy each worker is; any thread. */
    public List<PacketFates.Load> loads() {
        return Arrays.stream(workers.agents()).map(worker -> new PacketFates.Load(worker.load().busyNs(),
            worker.load().batches(), worker.counters().value(Counter.PACKETS_RECEIVED))).toList();
    }

    /** Starts the control thread, ended with the director. */
    public void startControl(final ControlAgent agent) {
        threads.start(agent, new ControlIdle(agent, TimeUnit.NANOSECONDS.toMillis(HELPERS_SLEEP_NS)));
    }

    @Override
    public void close() {
        undo.close();
    }
}
