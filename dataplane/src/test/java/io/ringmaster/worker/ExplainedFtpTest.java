package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.HostAddress;
import io.ringmaster.explain.Course;
import io.ringmaster.explain.Explainer;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.MadePacket;
import io.ringmaster.explain.Question;
import io.ringmaster.explain.Scene;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.stats.Counter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of FTP's connections, of which there is more than an entry: the side table's records come along. */
class ExplainedFtpTest {
    private static Question.End end(final String address, final int port) {
        final HostAddress parsed = HostAddress.parseIpv4(address).orElseThrow();
        return new Question.End(parsed.high(), parsed.low(), port);
    }

    private static Course told(final TestDirector director, final Question.End from, final Question.End to,
                               final int flags) {
        return explained(director, from, to, flags).courses().getFirst();
    }

    private static Explanation explained(final TestDirector director, final Question.End from, final Question.End to,
                                         final int flags) {
        final Explainer explainer = new Explainer(director.agents.toArray(WorkerAgent[]::new),
            new Explainer.Shared(director::nowNs, director.table, director.wideTable, director.serverCounters(),
                director.clientHops, director.vlans), List.of("eth0"), 1,
            (index, frame) -> Optional.of(director.xdp.director(index, frame)));
        final List<String> connections = director.connections();
        final Question question = new Question(Ipv4.PROTOCOL_TCP, from, to, flags,
            MadePacket.leastBytes(Ipv4.PROTOCOL_TCP, true),
            new Question.Arrival(0, 0, TestNetwork.CLIENT_ROUTER, TestNetwork.MAC_0));
        final Scene scene = explainer.scene(director.services.view(), question);
        director.cycle();
        assertTrue(scene.complete());
        final Explanation explanation = explainer.explain(scene, question);
        assertEquals(connections, director.connections());
        return explanation;
    }

    private static void leaves(final Course course, final Counter end, final String text) {
        assertEquals(end, course.end());
        assertEquals(text, Frames.text(course.sent().getFirst().frame()).replaceAll(".* tcp ", ""));
    }

    @Test
    void aWaitingDataConnectionIsToldAndStillWaits() {
        try (Story story = FtpTest.established()) {
            final TestDirector director = story.director;
            final Question.End client = end(FtpTest.CLIENT, 4444);
            final Question.End data = end(FtpTest.VIP, 51210);
            final Question.End server = end("10.2.0.11", 51210);
            FtpTest.through(story, FtpTest.client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            FtpTest.through(story, FtpTest.server(21, 4000, ACK, 501, 107, FtpTest.REPLY));
            for (int i = 0; i < 2; i++) {
                leaves(told(director, client, data, SYN), Counter.SENT_TO_REAL_SERVER, "10.9.1.1:4444>10.2.0.11:51210");
            }
            assertFalse(explained(director, client, end(FtpTest.VIP, 51211), SYN).taken());
            leaves(told(director, end(FtpTest.CLIENT, 4000), end(FtpTest.VIP, 21), ACK), Counter.SENT_TO_REAL_SERVER,
                "10.9.1.1:4000>10.2.0.11:21");
            leaves(told(director, end("10.2.0.11", 21), end(FtpTest.CLIENT, 4000), ACK), Counter.SENT_TO_CLIENT,
                "10.1.0.100:21>10.9.1.1:4000");

            FtpTest.through(story, FtpTest.client(4444, 51210, SYN, 1, 0, ""));
            leaves(told(director, server, client, SYN | ACK), Counter.SENT_TO_CLIENT, "10.1.0.100:51210>10.9.1.1:4444");
            leaves(told(director, client, data, ACK), Counter.SENT_TO_REAL_SERVER, "10.9.1.1:4444>10.2.0.11:51210");
            FtpTest.through(story, FtpTest.server(51210, 4444, SYN | ACK, 1, 2, ""));
            director.assertTableClean();
        }
    }
}
