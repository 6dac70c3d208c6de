package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.HostAddress;
import io.ringmaster.explain.Course;
import io.ringmaster.explain.Explainer;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.MadePacket;
import io.ringmaster.explain.Question;
import io.ringmaster.explain.Scene;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Asks a test's director what would happen to packets of IPv4 clients, which come by its first interface. */
final class Asking {
    /** From a router of the clients' side. */
    static final Question.Arrival BY_ROUTER = new Question.Arrival(0, 0, TestNetwork.CLIENT_ROUTER, TestNetwork.MAC_0);

    private Asking() {
    }

    /** What explains packets of a director. */
    static Explainer explainer(final TestDirector director) {
        final int ports = director.network.ports().length;
        return new Explainer(director.agents.toArray(WorkerAgent[]::new), new Explainer.Shared(director::nowNs,
            director.table, director.wideTable, director.serverCounters(), director.clientHops, director.vlans),
            IntStream.range(0, ports).mapToObj(port -> "eth" + port).toList(), ports,
            (index, frame) -> Optional.of(director.xdp.director(index, frame)));
    }

    /** The end of a packet. */
    static Question.End end(final String address, final int port) {
        final HostAddress parsed = HostAddress.parseIpv4(address).orElseThrow();
        return new Question.End(parsed.high(), parsed.low(), port);
    }

    /** What would happen; the connections are the same afterwards. */
    static Explanation ask(final TestDirector director, final int protocol, final Question.End from,
                           final Question.End to, final int flags) {
        return ask(director, new Question(protocol, from, to, flags, MadePacket.leastBytes(protocol, true), BY_ROUTER));
    }

    /** As {@link #ask(TestDirector, int, Question.End, Question.End, int)}, of a packet of any kind. */
    static Explanation ask(final TestDirector director, final Question question) {
        final Explainer explainer = explainer(director);
        final List<String> connections = director.connections();
        final Scene scene = explainer.scene(director.services.view(), question).orElseThrow();
        director.cycle();
        assertTrue(scene.complete());
        final Explanation explanation = explainer.explain(scene, question);
        assertEquals(connections, director.connections());
        return explanation;
    }

    /** What the first worker would do with a TCP segment. */
    static Course tcp(final TestDirector director, final Question.End from, final Question.End to, final int flags) {
        return ask(director, 6, from, to, flags).courses().getFirst();
    }
}
