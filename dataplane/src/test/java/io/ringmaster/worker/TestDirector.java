package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.bpf.XdpReason;
import io.ringmaster.cli.ipvsadm.Ipvsadm;
import io.ringmaster.cli.ipvsadm.Names;
import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.PortCounts;
import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableChecks;
import io.ringmaster.connection.TableFacts;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.TcpState;
import io.ringmaster.control.ConnectionVisitor;
import io.ringmaster.control.Dataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.MarkWords;
import io.ringmaster.control.Reply;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.SysctlWords;
import io.ringmaster.control.WideListing;
import io.ringmaster.director.XdpModel;
import io.ringmaster.ring.FakeKernelSocket;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.service.IcmpLimits;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.View;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.VlanPorts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * A director without a kernel: workers over fake kernel rings, the service table and ipvsadm in front of them, a clock
 * that a test sets. Everything runs on the test's thread. After every cycle each frame must be in exactly one place and
 * each packet received in exactly one counter of its end.
 */
final class TestDirector implements Dataplane, AutoCloseable {
    private static final long MS_NS = 1_000_000;
    private static final int FRAME_BYTES = 2048;

    final TestNetwork network;
    final ServiceTable services;
    final VlanPorts vlans;
    final XdpModel xdp = new XdpModel();
    final ClientHops clientHops = new ClientHops();
    final ConnectionTable table;
    final ConnectionTable wideTable;
    final Calls calls;
    final List<byte[]> handedBack = new ArrayList<>();
    final List<WorkerAgent> agents = new ArrayList<>();
    final CaptureWatch watch;
    private final Shape shape;
    private final Ipvsadm ipvsadm;
    private final ServerCounters servers;
    private final ServerCounters endpoints;
    private final List<List<FakeKernelSocket>> sockets = new ArrayList<>();
    private final List<FramePool> pools = new ArrayList<>();
    private final List<SpscRing> rings = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private long nowNs = 1_000_000_000_000L;
    private boolean transmits = true;

    /** A packet that left. */
    record Sent(int worker, int port, byte[] frame) {
    }

    /** Sizes; {@link #DEFAULT} and changes of it. */
    record Shape(int workers, int[] mtuBytes, long capacity, int ringSize, int handBackPerSec, boolean icmpLimits,
                 OptionalLong seed) {
        static final Shape DEFAULT = new Shape(1, new int[] {1500}, 4096, 128, 100_000_000, false,
            OptionalLong.empty());

        Shape twoArmed(final int clientMtuBytes, final int serverMtuBytes) {
            return new Shape(workers, new int[] {clientMtuBytes, serverMtuBytes}, capacity, ringSize, handBackPerSec,
                icmpLimits, seed);
        }

        Shape workers(final int count) {
            return new Shape(count, mtuBytes, capacity, ringSize, handBackPerSec, icmpLimits, seed);
        }

        Shape capacity(final long connections) {
            return new Shape(workers, mtuBytes, connections, ringSize, handBackPerSec, icmpLimits, seed);
        }

        Shape ringSize(final int entries) {
            return new Shape(workers, mtuBytes, capacity, entries, handBackPerSec, icmpLimits, seed);
        }

        Shape handBack(final int perSecond) {
            return new Shape(workers, mtuBytes, capacity, ringSize, perSecond, icmpLimits, seed);
        }

        /** Connections lie where those of another with this seed do. */
        Shape seed(final long known) {
            return new Shape(workers, mtuBytes, capacity, ringSize, handBackPerSec, icmpLimits, OptionalLong.of(known));
        }

        Shape withIcmpLimits() {
            return new Shape(workers, mtuBytes, capacity, ringSize, handBackPerSec, true, seed);
        }
    }

    /** One interface, one worker, no rules. */
    TestDirector() {
        this(Shape.DEFAULT);
    }

    TestDirector(final Shape shape) {
        this.shape = shape;
        this.network = new TestNetwork(shape.mtuBytes());
        this.vlans = new VlanPorts(shape.mtuBytes().length, TestNetwork.VLANS, true);
        this.servers = new ServerCounters(shape.workers());
        this.endpoints = new ServerCounters(shape.workers());
        this.table = table(TableForm.NARROW);
        this.wideTable = table(TableForm.WIDE);
        this.calls = Calls.allocate(shape.capacity());
        final int ports = shape.mtuBytes().length;
        this.watch = new CaptureWatch(shape.workers(), ports, () -> nowNs);
        network.tell(xdp);
        // A worker needs frames for all its fill and transmit rings, as the director gives it.
        final int framesPerWorker = ports * 2 * shape.ringSize();
        final MemorySegment umem = Arena.ofAuto().allocate((long) shape.workers() * framesPerWorker * FRAME_BYTES, 64);
        for (int w = 0; w < shape.workers(); w++) {
            final List<FakeKernelSocket> own = new ArrayList<>();
            final WorkerQueue[] queues = new WorkerQueue[ports];
            for (int port = 0; port < ports; port++) {
                final FakeKernelSocket socket = new FakeKernelSocket(umem, FRAME_BYTES, shape.ringSize(), -3);
                own.add(socket);
                queues[port] = new WorkerQueue(new WorkerQueue.Rings(socket.rx(), socket.tx(), socket.fill(),
                    socket.completion(), new NoKick()), port, w);
            }
            final FramePool pool = new FramePool((long) w * framesPerWorker * FRAME_BYTES, FRAME_BYTES,
                framesPerWorker);
            sockets.add(own);
            pools.add(pool);
            rings.add(new SpscRing(1 << 16));
            agents.add(agent(w, queues, umem, pool));
        }
        wideTable.side().countPortsIn(new PortCounts(xdp.dataPorts()));
        this.services = new ServiceTable(this, network, TcpState.defaults(), network.allPorts(vlans));
        this.ipvsadm = new Ipvsadm(services, new Names(Path.of("no-services"), Path.of("no-hosts")));
        agents.forEach(WorkerAgent::onStart);
        publish(services.view());
        cycle();
    }

    private ConnectionTable table(final TableForm form) {
        return shape.seed().isEmpty() ? ConnectionTable.allocate(form, shape.capacity(), shape.workers(), 1)
            : ConnectionTable.allocate(form, shape.capacity(), shape.workers(), 1, shape.seed().getAsLong());
    }

    private WorkerAgent agent(final int w, final WorkerQueue[] queues, final MemorySegment umem,
                              final FramePool pool) {
        final WorkerSetup setup = WorkerSetup.worker(w, () -> nowNs).queues(queues, queues.length)
            .memory(umem, pool).tables(table, wideTable, servers, endpoints, clientHops).calls(calls)
            .handBack(rings.get(w), shape.handBackPerSec()).vlans(vlans).captures(watch.captures);
        return (shape.icmpLimits() ? setup
            : setup.icmpLimits(new IcmpLimits(0, 1, 0, 0, 0))).make();
    }

    /** Runs lines of ipvsadm's rules or commands, each of which must be taken. */
    TestDirector rules(final String... lines) {
        for (final String line : lines) {
            final Reply reply = ipvsadm(line);
            assertEquals("", reply.err(), line);
            assertEquals(0, reply.exit(), line);
        }
        return this;
    }

    /** Runs {@code ipvsadm WORDS} and lets the workers take it over. */
    Reply ipvsadm(final String words) {
        final Reply reply = ipvsadm.run(List.of(words.strip().split("\\s+")), "");
        settle();
        return reply;
    }

    /** Does what {@code ringmaster sysctl WORDS} does, and lets the workers take it over. */
    void sysctl(final String words) {
        SysctlWords.read(List.of(words.split(" "))).apply(services);
        settle();
    }

    /** Does what {@code ringmaster mark WORDS} does, add or del, and lets the workers take it over. */
    void mark(final String words) {
        final List<String> rule = List.of(words.split(" "));
        if (rule.getFirst().equals("add")) {
            services.addMark(MarkWords.read(rule.subList(1, rule.size())));
        } else {
            services.deleteMark(MarkWords.read(rule.subList(1, rule.size())));
        }
        settle();
    }

    private void settle() {
        for (int i = 0; !services.settled(services.view().version()); i++) {
            assertTrue(i < 10_000, "workers never take over " + services.view().version());
            cycle();
        }
    }

    /** A packet arrives at worker 0. What was sent because of it, in order. */
    List<Sent> send(final int port, final byte[] frame) {
        return send(0, port, frame);
    }

    /** A packet arrives at a worker. What was sent because of it, in order. */
    List<Sent> send(final int worker, final int port, final byte[] frame) {
        arrive(worker, port, frame);
        cycle();
        return takeSent();
    }

    /** A packet arrives; the worker will see it in the next cycle. */
    void arrive(final int worker, final int port, final byte[] frame) {
        assertTrue(sockets.get(worker).get(port).receive(frame), "no frame or no room for a packet to arrive in");
        watch.arrived(worker, port, frame);
    }

    /** What was sent since the last call. */
    List<Sent> takeSent() {
        final List<Sent> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** Whether the fake kernel sends what is in the transmit rings. */
    void transmits(final boolean on) {
        transmits = on;
    }

    /** One duty cycle of each worker, then the kernel's part. */
    void cycle() {
        for (int w = 0; w < agents.size(); w++) {
            agents.get(w).doWork();
            afterWork(w);
        }
    }

    /** The kernel's part after a worker's duty cycle, and what must be true then. */
    void afterWork(final int w) {
        watch.poll();
        if (transmits) {
            for (int port = 0; port < sockets.get(w).size(); port++) {
                for (final byte[] frame : sockets.get(w).get(port).transmit(Integer.MAX_VALUE)) {
                    sent.add(new Sent(w, port, frame));
                    watch.left(w, port, frame);
                }
            }
        }
        rings.get(w).poll((memory, offset, lengthBytes, tag) -> (HandBack.isExpectation(tag) ? new ArrayList<byte[]>()
            : handedBack).add(memory.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE)), 1000);
        assertFrames(w);
        assertAccounted(w);
    }

    private void assertFrames(final int w) {
        final BitSet all = new BitSet();
        for (final FakeKernelSocket socket : sockets.get(w)) {
            final BitSet own = socket.frames();
            assertFalse(all.intersects(own), "a frame is in the rings of two sockets");
            all.or(own);
        }
        assertEquals(pools.get(w).capacity(), pools.get(w).available() + all.cardinality(),
            "frames in the pool and in the rings");
    }

    private void assertAccounted(final int w) {
        long ends = 0;
        for (final Counter counter : Counter.values()) {
            ends += counter.kind() == Counter.Kind.EVENT ? 0 : agents.get(w).counters().value(counter);
        }
        assertEquals(agents.get(w).counters().value(Counter.PACKETS_RECEIVED), ends, "packets and their ends");
    }

    /** Lets time go by, with cycles. */
    void elapse(final long ms) {
        final long stepMs = Math.clamp(ms / 2000, 1, 1000);
        for (long left = ms; left > 0; left -= stepMs) {
            nowNs += Math.min(left, stepMs) * MS_NS;
            services.onTick(nowNs);
            cycle();
        }
    }

    /** Lets time go by without anybody noticing. */
    void jump(final long ms) {
        nowNs += ms * MS_NS;
    }

    /** The clock now. */
    long nowNs() {
        return nowNs;
    }

    /** As {@link #jump}, in microseconds. */
    void jumpUs(final long us) {
        nowNs += us * 1_000;
    }

    /** The sum of a counter over workers. */
    long count(final Counter counter) {
        return agents.stream().mapToLong(agent -> agent.counters().value(counter)).sum();
    }

    /** Live connections as lines: state client virtual-service real-server, sorted. */
    List<String> connections() {
        final List<String> lines = new ArrayList<>();
        eachConnection(new ConnectionLines(services, lines));
        lines.sort(null);
        return lines;
    }

    /** A field of {@link ServerCounters} of a real server by the order of its number. */
    long server(final int number, final int field) {
        return servers.sum(number, field);
    }

    @Override
    public int workers() {
        return shape.workers();
    }

    @Override
    public long capacity() {
        return 4096;
    }

    @Override
    public long size() {
        return table.size();
    }

    @Override
    public void publish(final View view) {
        for (final WorkerAgent agent : agents) {
            while (!agent.offer(view)) {
                cycle();
            }
        }
    }

    @Override
    public long appliedVersion() {
        return agents.stream().mapToLong(WorkerAgent::appliedVersion).min().orElseThrow();
    }

    @Override
    public ServerCounters serverCounters() {
        return servers;
    }

    @Override
    public ServerCounters serviceCounters() {
        return endpoints;
    }

    /** What the XDP program does with a frame that comes in by port 0. */
    XdpReason decision(final byte[] frame) {
        return xdp.director(network.ports()[0].interfaceIndex(), frame);
    }

    void eachConnection(final ConnectionVisitor visitor) {
        for (long cursor = 0; cursor >= 0;) {
            cursor = connections(cursor, visitor);
        }
    }

    @Override
    public long connections(final long cursor, final ConnectionVisitor visitor) {
        if (cursor == 0) {
            wideTable.lister(0).listWide(0, Integer.MAX_VALUE, nowNs / MS_NS,
                new WideListing(visitor, wideTable, this::protocol, calls));
        }
        return table.lister(0).list(cursor, 16, nowNs / MS_NS, (key, value, remainingSec) ->
            tell(visitor, key, value, remainingSec));
    }

    private void tell(final ConnectionVisitor visitor, final long key, final long value, final int remainingSec) {
        if (ConnectionValue.isTemplate(value) && ConnectionValue.isOfCall(value)) {
            WideListing.tellOfCall(calls, visitor, ConnectionKey.clientAddress(key), ConnectionKey.clientPort(key),
                ConnectionKey.endpoint(key), value, remainingSec);
            return;
        }
        visitor.connection(HostAddress.ipv4(ConnectionKey.clientAddress(key)), ConnectionKey.clientPort(key),
            ConnectionKey.endpoint(key), ConnectionValue.realServer(value),
            ConnectionValue.word(value, protocol(ConnectionKey.endpoint(key))), remainingSec);
    }

    private int protocol(final int endpoint) {
        return services.serviceOf(endpoint).orElseThrow().protocol();
    }

    @Override
    public TableChecker checker(final TableForm form, final TableFacts facts) {
        return (form == TableForm.WIDE ? wideTable : table).checker(0, facts, () -> nowNs / MS_NS, 0);
    }

    /** Asserts that the tables keep all their rules, and that all counts are right. */
    void assertTableClean() {
        for (final TableForm form : TableForm.values()) {
            final TableChecker checker = services.checker(form);
            while (!checker.done()) {
                checker.step(1024);
            }
            assertEquals(List.of(), TableChecks.violations(checker.report()), form::toString);
        }
    }

    @Override
    public void openService(final ServiceKey service) {
        xdp.addService(service.protocol(), service.vipHigh(), service.vipLow(), service.vport());
    }

    @Override
    public void closeService(final ServiceKey service) {
        xdp.removeService(service.protocol(), service.vipHigh(), service.vipLow(), service.vport());
    }

    @Override
    public void openReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        xdp.addReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void closeReplies(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        xdp.removeReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void openFragments(final boolean ofReplies, final long high, final long low) {
        xdp.addFragments(ofReplies, high, low);
    }

    @Override
    public void closeFragments(final boolean ofReplies, final long high, final long low) {
        xdp.removeFragments(ofReplies, high, low);
    }

    @Override
    public void openMark(final MarkFilter filter) {
        xdp.addMark(filter);
    }

    @Override
    public void closeMark(final MarkFilter filter) {
        xdp.removeMark(filter);
    }

    @Override
    public void openData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        xdp.addData(ofReplies, lasting, high, low);
    }

    @Override
    public void closeData(final boolean ofReplies, final boolean lasting, final long high, final long low) {
        xdp.removeData(ofReplies, lasting, high, low);
    }

    @Override
    public void openTunnel(final long ripHigh, final long ripLow) {
        xdp.addTunnelServer(ripHigh, ripLow);
    }

    @Override
    public void closeTunnel(final long ripHigh, final long ripLow) {
        xdp.removeTunnelServer(ripHigh, ripLow);
    }

    /** Every test that used this director proves its table at the end. */
    @Override
    public void close() {
        assertTableClean();
        agents.forEach(WorkerAgent::onClose);
        table.close();
        wideTable.close();
    }
}
