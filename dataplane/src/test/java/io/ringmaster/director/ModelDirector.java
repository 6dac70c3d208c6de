package io.ringmaster.director;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.cli.DirectorCommands;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.TcpState;
import io.ringmaster.control.Conversation;
import io.ringmaster.control.NextHops;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.Ports;
import io.ringmaster.control.Reply;
import io.ringmaster.control.Request;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.netlink.InterfaceAddress;
import io.ringmaster.netlink.Link;
import io.ringmaster.ring.FakeKernelSocket;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.service.IcmpLimits;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.VlanPorts;
import io.ringmaster.worker.HandBack;
import io.ringmaster.worker.Kick;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.worker.WorkerQueue;
import io.ringmaster.worker.WorkerSetup;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A director as {@link Director} puts it together, but for what needs a kernel: one worker over fake rings, its XDP
 * program a model, routes and neighbours given, a clock that is set. Commands go the way of the control
 * socket's. Everything runs on the caller's thread.
 */
public final class ModelDirector implements AutoCloseable {
    private static final long MS_NS = 1_000_000;
    private static final int FRAME_BYTES = 2048;
    private static final int RING_SIZE = 128;
    private static final int HAND_BACK_RING_BYTES = 1 << 18;
    private static final int MOST_CYCLES = 10_000;

    private final XdpDecision xdp;
    private final List<FakeKernelSocket> sockets = new ArrayList<>();
    private final SpscRing handBackRing = new SpscRing(HAND_BACK_RING_BYTES);
    private final SpscRing told = new SpscRing(HAND_BACK_RING_BYTES);
    private final List<byte[]> expected = new ArrayList<>();
    private final List<Link> links;
    private final List<Sent> sent = new ArrayList<>();
    private final List<byte[]> handedBack = new ArrayList<>();
    private final ConnectionTable connections;
    private final ConnectionTable wideConnections;
    private final VlanPorts vlanPorts;
    private final WorkerAgent worker;
    private final ServiceTable table;
    private final DirectorCommands commands;
    private long nowNs = 1_000_000_000_000L;

    /** A packet that left. */
    public record Sent(int port, byte[] frame) {
    }

    /**
     * What became of a frame that came in.
     *
     * @param xdp        the XDP program's decision.
     * @param sent       what left because of it.
     * @param handedBack what the worker gave to the kernel.
     * @param counters   what the worker counted, {@link Counter#PACKETS_RECEIVED} left out.
     */
    public record Outcome(XdpReason xdp, List<Sent> sent, List<byte[]> handedBack, Map<Counter, Long> counters) {
        /** Whether the frame left the kernel's path. */
        public boolean redirected() {
            return redirects(xdp);
        }
    }

    /**
     * A director without services.
     *
     * @param links     its interfaces.
     * @param addresses all addresses of the host.
     * @param hops      the ways to real servers.
     * @param xdp       what stands for the XDP program.
     * @param capacity  connections that the table is made for.
     */
    public ModelDirector(final List<Link> links, final List<InterfaceAddress> addresses, final NextHops hops,
                         final XdpDecision xdp, final long capacity) {
        this.xdp = xdp;
        this.links = links;
        vlanPorts = new VlanPorts(links.size(), List.of(), true);
        final Ports ports = new Ports(links, addresses, Integer.MAX_VALUE, vlanPorts, line -> { });
        connections = ConnectionTable.allocate(capacity, 1, 1);
        wideConnections = ConnectionTable.allocate(TableForm.WIDE, capacity, 1, 1);
        // The fake sockets bring their own packet memory.
        final Workers.Shared shared = new Workers.Shared(() -> nowNs, null, connections, wideConnections,
            Calls.allocate(capacity), new ServerCounters(1), new ServerCounters(1), new ClientHops());
        worker = worker(shared);
        final LiveDataplane dataplane = new LiveDataplane(new WorkerAgent[] {worker}, shared, xdp, () -> "");
        new HostMaps(xdp, ports, links.stream().mapToInt(Link::index).toArray()).refresh();
        table = new ServiceTable(dataplane, hops, TcpState.defaults(), ports.views());
        commands = new DirectorCommands(table, new PacketFates(List::of));
        worker.onStart();
        dataplane.publish(table.view());
        cycle();
    }

    private WorkerAgent worker(final Workers.Shared shared) {
        final int frames = links.size() * 2 * RING_SIZE;
        final MemorySegment umem = Arena.ofAuto().allocate((long) frames * FRAME_BYTES, 64);
        final WorkerQueue[] queues = new WorkerQueue[links.size()];
        for (int port = 0; port < queues.length; port++) {
            final FakeKernelSocket socket = new FakeKernelSocket(umem, FRAME_BYTES, RING_SIZE, 0);
            sockets.add(socket);
            queues[port] = new WorkerQueue(new WorkerQueue.Rings(socket.rx(), socket.tx(), socket.fill(),
                socket.completion(), new NoKick()), port, 0);
        }
        return WorkerSetup.worker(0, shared.clock()).queues(queues, queues.length).vlans(vlanPorts)
            .memory(umem, new FramePool(0, FRAME_BYTES, frames))
            .tables(connections, wideConnections, shared.servers(), shared.services(), shared.clientHops())
            .calls(shared.calls())
            .handBack(handBackRing, Integer.MAX_VALUE)
            .localReplies(told)
            .icmpLimits(new IcmpLimits(0, 1, 0, 0, 0))
            .make();
    }

    private static final class NoKick implements Kick {
        @Override
        public int transmit() {
            return 0;
        }

        @Override
        public int receive() {
            return 0;
        }
    }

    /** Runs a command of {@code ringmaster} and lets the worker take it over. */
    public Reply run(final List<String> words, final String stdin) {
        final Request request = new Request(words, stdin, 0, false);
        // Who wakes the control thread wakes nobody here: the conversation is looked at all the time.
        final Reply reply = commands.converse(request, () -> { }).map(this::listen)
            .orElseGet(() -> commands.run(request));
        for (int i = 0; !settled(); i++) {
            if (i == MOST_CYCLES) {
                throw new IllegalStateException("The worker never takes over version " + commands.version());
            }
        }
        return reply;
    }

    private boolean settled() {
        if (!commands.settled(commands.version())) {
            cycle();
        }
        return commands.settled(commands.version());
    }

    private Reply listen(final Conversation verb) {
        final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        while (!verb.over()) {
            verb.step(nowNs);
            settled();
            for (byte[] line = verb.nextLine(); line != null; line = verb.nextLine()) {
                lines.writeBytes(line);
            }
            Thread.onSpinWait();
        }
        verb.end();
        return ControlClient.reply(lines.toString(StandardCharsets.UTF_8));
    }

    /** A frame comes in by an interface. */
    public Outcome receive(final int port, final byte[] frame) {
        final XdpReason reason = xdp.director(links.get(port).index(), frame);
        if (!redirects(reason)) {
            return new Outcome(reason, List.of(), List.of(), Map.of());
        }
        if (!sockets.get(port).receive(frame)) {
            throw new IllegalStateException("no frame or no room for a packet to arrive in");
        }
        final long[] before = counts();
        cycle();
        final long[] after = counts();
        final Map<Counter, Long> counters = new EnumMap<>(Counter.class);
        for (final Counter counter : Counter.values()) {
            final long count = after[counter.ordinal()] - before[counter.ordinal()];
            if (count != 0 && counter != Counter.PACKETS_RECEIVED) {
                counters.put(counter, count);
            }
        }
        final List<byte[]> back = List.copyOf(handedBack);
        handedBack.clear();
        return new Outcome(reason, takeSent(), back, counters);
    }

    private static boolean redirects(final XdpReason reason) {
        return reason.ordinal() < XdpReason.NO_SOCKET.ordinal();
    }

    private long[] counts() {
        final long[] counts = new long[Counter.values().length];
        for (final Counter counter : Counter.values()) {
            counts[counter.ordinal()] = worker.counters().value(counter);
        }
        return counts;
    }

    /** What was sent since the last call, other than because of a frame. */
    public List<Sent> takeSent() {
        final List<Sent> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** What the egress program was told since the last call, see {@link io.ringmaster.packet.LocalReply}. */
    public List<byte[]> takeExpected() {
        final List<byte[]> taken = List.copyOf(expected);
        expected.clear();
        return taken;
    }

    /** The egress program saw a reply. */
    public void seen(final byte[] reply) {
        told.offer(MemorySegment.ofArray(reply), 0, reply.length, 0);
        cycle();
    }

    private void cycle() {
        worker.doWork();
        for (int port = 0; port < sockets.size(); port++) {
            for (final byte[] frame : sockets.get(port).transmit(Integer.MAX_VALUE)) {
                sent.add(new Sent(port, frame));
            }
        }
        handBackRing.poll((memory, offset, lengthBytes, tag) -> (HandBack.isExpectation(tag) ? expected : handedBack)
            .add(memory.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE)), MOST_CYCLES);
    }

    /** Lets time go by, for the control thread and the worker alike. */
    public void elapse(final long ms) {
        final long stepMs = Math.clamp(ms / 2000, 1, 1000);
        for (long left = ms; left > 0; left -= stepMs) {
            nowNs += Math.min(left, stepMs) * MS_NS;
            table.onTick(nowNs);
            cycle();
        }
    }

    @Override
    public void close() {
        worker.onClose();
        connections.close();
        wideConnections.close();
    }
}
