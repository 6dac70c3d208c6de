package io.ringmaster.explain;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.transmit.VlanPorts;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.worker.WorkerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Explains packets of one director. {@link #scene} is the control thread's; the rest is for the thread that explains,
 * and changes nothing.
 */
public final class Explainer {
    /** Of the addresses that are for documentation (RFC 5737). */
    private static final Question.End NOBODY = new Question.End(Addresses.IPV4_HIGH, Addresses.ipv4Low(0xc000_0201), 1);
    private static final long MS_NS = 1_000_000;

    private final WorkerAgent[] workers;
    private final Shared shared;
    private final List<String> interfaceNames;
    private final int interfaces;
    private final Judge judge;

    /**
     * What the workers of a director share.
     *
     * @param clock   monotonic and never negative, in nanoseconds.
     * @param narrow  connections of the narrow form.
     * @param wide    of the wide form.
     * @param servers what real servers carry.
     * @param hops    ways back to clients.
     * @param vlans   numbers of VLANs.
     */
    public record Shared(LongSupplier clock, ConnectionTable narrow, ConnectionTable wide, ServerCounters servers,
                         ClientHops hops, VlanPorts vlans) {
    }

    /**
     * For one director.
     *
     * @param interfaceNames of its interfaces, then of VLAN interfaces on these, by their numbers.
     * @param interfaces     how many of them are no VLAN interfaces.
     */
    public Explainer(final WorkerAgent[] workers, final Shared shared, final List<String> interfaceNames,
                     final int interfaces, final Judge judge) {
        this.workers = workers;
        this.shared = shared;
        this.interfaceNames = interfaceNames;
        this.interfaces = interfaces;
        this.judge = judge;
    }

    /** Names of interfaces, then of VLAN interfaces on these, by their numbers. */
    public List<String> interfaceNames() {
        return interfaceNames;
    }

    /** How many of {@link #interfaceNames} are no VLAN interfaces. */
    public int interfaces() {
        return interfaces;
    }

    /** What numbers of VLANs stand for. */
    public VlanPorts vlans() {
        return shared.vlans();
    }

    /**
     * Takes down what a packet can meet; the control thread, a moment. Workers fill in what they know soon after.
     *
     * @param view that was handed to the workers last.
     * @return empty if a worker has too many commands waiting.
     */
    public Optional<Scene> scene(final View view, final Question question) {
        final long nowNs = shared.clock.getAsLong();
        final ServiceView service = service(view, question);
        final NearEntries near = new NearEntries(shared.narrow, shared.wide, nowNs / MS_NS);
        if (hasConnections(question.protocol())) {
            near.ofClient(question.protocol(), question.from()).ofClient(question.protocol(), question.to());
        }
        if (service != null && service.persistSec() != 0) {
            near.templateOf(service, question.from());
        }
        final List<WorkerState> states = new ArrayList<>();
        for (int w = 0; w < workers.length; w++) {
            final WorkerState state = WorkerState.of(w, service);
            if (!workers[w].offer(state)) {
                return Optional.empty();
            }
            states.add(state);
        }
        final boolean room = service == null || near.hasRoom(service, question.protocol(), question.from());
        return Optional.of(new Scene(view, service, near.found(), room, List.copyOf(states), shared.hops.copy(),
            shared.vlans.copy(), nowNs));
    }

    private static boolean hasConnections(final int protocol) {
        return protocol != Ipv4.PROTOCOL_ICMP && protocol != Ipv6.PROTOCOL_ICMPV6;
    }

    /** The service that a packet is for, or null. */
    public ServiceView service(final View view, final Question question) {
        final Question.Arrival arrival = question.arrival();
        final int port = arrival.tags() == 0 ? arrival.port()
            : shared.vlans.copy().portOf(arrival.port(), arrival.tags());
        return view.service(question.protocol(), question.from().high(), question.from().low(), question.to().high(),
            question.to().low(), question.to().port(),
            port < 0 ? MarkRule.ANY_INTERFACE : view.port(port).interfaceIndex());
    }

    /** Whether packets from an address and port may be a masqueraded real server's answers. */
    public boolean answers(final View view, final Question question) {
        final Question.End from = question.from();
        final int numbers = view.numbers();
        for (int number = 1; number < numbers; number++) {
            final RealServerView server = view.realServer(number);
            if (server != null && server.addressHigh() == from.high() && server.addressLow() == from.low()
                && (server.port() == from.port() || server.service().anyPort() || server.service().hasData())) {
                return true;
            }
        }
        return false;
    }

    /** Explains a packet in a scene that is complete. */
    public Explanation explain(final Scene scene, final Question question) {
        final int port = question.arrival().port();
        final List<byte[]> frames = Pieces.of(question, scene.view().port(port).mtuBytes());
        // Of a datagram the program judges each fragment alike: by addresses.
        final Optional<XdpReason> verdict = judge.judge(scene.view().port(port).interfaceIndex(), frames.getFirst());
        final List<Course> courses = new ArrayList<>();
        if (verdict.isEmpty() || verdict.get().ordinal() < XdpReason.NO_SOCKET.ordinal()) {
            for (final WorkerState state : scene.states()) {
                final Course course = new Rehearsal(scene, state, shared.wide, shared.servers, interfaces)
                    .run(question.protocol(), port, frames);
                // A rehearsal's own table is never full.
                courses.add(scene.room() || !Explanation.opens(course) || scene.service().onePacket() ? course
                    : Course.full(scene.entries()));
            }
        }
        return new Explanation(question, verdict, scene, List.copyOf(courses));
    }

    /**
     * Explains a packet of nobody, on tables of nobody, so that the first who asks waits neither for classes to be
     * loaded nor for the kernel to verify the program once more. Takes some tenths of a second and no worker's time.
     *
     * @param view any that was handed to the workers.
     */
    public void prepare(final View view) {
        final int protocol = Ipv4.PROTOCOL_TCP;
        final Question question = new Question(protocol, NOBODY, NOBODY, Tcp.SYN, MadePacket.leastBytes(protocol, true),
            new Question.Arrival(0, 0, Arrivals.UNKNOWN_MAC, view.port(0).mac()));
        final List<byte[]> frames = Pieces.of(question, view.port(0).mtuBytes());
        judge.judge(view.port(0).interfaceIndex(), frames.getFirst());
        final long nowNs = shared.clock.getAsLong();
        try (RehearsedTables tables = new RehearsedTables(shared.wide, view, List.of(), protocol, nowNs / MS_NS)) {
            final List<Entry> none = new NearEntries(tables.narrow(), tables.wide(), nowNs / MS_NS)
                .ofClient(protocol, NOBODY).found();
            final WorkerState state = WorkerState.of(0, null);
            new Rehearsal(new Scene(view, null, none, true, List.of(state), shared.hops.copy(), shared.vlans.copy(),
                nowNs), state, shared.wide, shared.servers, interfaces).run(protocol, 0, frames);
        }
    }

    /** Active and inactive connections of a real server over all workers. */
    public long[] load(final int number) {
        return new long[] {shared.servers.sum(number, ServerCounters.ACTIVE),
            shared.servers.sum(number, ServerCounters.INACTIVE)};
    }
}
