package io.ringmaster.worker;

import static io.ringmaster.worker.Asking.end;
import static io.ringmaster.worker.Asking.tcp;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.explain.Course;
import io.ringmaster.explain.Explanation;
import io.ringmaster.explain.Form;
import io.ringmaster.explain.MadePacket;
import io.ringmaster.explain.Question;
import io.ringmaster.stats.Counter;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Cases of explaining that random packets seldom come to. */
class ExplainedCasesTest {
    private static final String VIP = "10.1.0.100";
    private static final int UDP = 17;

    private static byte[] client(final int port, final int flags) {
        return Frames.tcp(CLIENT_ROUTER, MAC_0, "10.9.1.1:" + port, VIP + ":80", flags, 0);
    }

    private static byte[] server(final int port, final int flags) {
        return Frames.tcp(TestNetwork.serverMac(11), MAC_0, "10.2.0.11:80", "10.9.1.1:" + port, flags, 0);
    }

    @Test
    void aFullTableIsTold() {
        try (TestDirector director = new TestDirector(TestDirector.Shape.DEFAULT.capacity(1))) {
            director.rules("-A -t " + VIP + ":80 -s rr", "-a -t " + VIP + ":80 -r 10.2.0.11 -m");
            int port = 1000;
            while (director.count(Counter.DROP_TABLE_FULL) == 0) {
                assertTrue(port < 2000, "the table never fills");
                final Counter told = tcp(director, end("10.9.1.1", port), end(VIP, 80), SYN).end();
                director.send(0, client(port, SYN));
                assertEquals(told == Counter.DROP_TABLE_FULL, director.count(Counter.DROP_TABLE_FULL) != 0,
                    "port " + port);
                director.send(0, server(port, SYN | ACK));
                director.send(0, client(port, ACK));
                port++;
            }
            assertEquals(Counter.SENT_TO_REAL_SERVER, tcp(director, end("10.9.1.1", 1000), end(VIP, 80), ACK).end());
        }
    }

    @Test
    void preparingAsksNobody() {
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -t " + VIP + ":80 -s rr", "-a -t " + VIP + ":80 -r 10.2.0.11 -m");
            director.send(0, client(4000, SYN));
            final List<String> connections = director.connections();
            final long received = director.count(Counter.PACKETS_RECEIVED);
            Asking.explainer(director).prepare(director.services.view());
            assertEquals(List.of(), director.takeSent());
            director.cycle();
            assertEquals(connections, director.connections());
            assertEquals(received, director.count(Counter.PACKETS_RECEIVED));
            assertEquals(Counter.SENT_TO_REAL_SERVER, tcp(director, end("10.9.1.1", 4000), end(VIP, 80), ACK).end());
        }
    }

    @Test
    void eachWorkersOwnTurnIsTold() {
        try (TestDirector director = new TestDirector(TestDirector.Shape.DEFAULT.workers(2))) {
            director.rules("-A -t " + VIP + ":80 -s rr", "-a -t " + VIP + ":80 -r 10.2.0.11 -m",
                "-a -t " + VIP + ":80 -r 10.2.0.12 -m");
            final Explanation same = Asking.ask(director, 6, end("10.9.1.1", 4000), end(VIP, 80), SYN);
            assertFalse(same.differs());
            director.send(0, 0, client(4001, SYN));
            final Explanation other = Asking.ask(director, 6, end("10.9.1.1", 4000), end(VIP, 80), SYN);
            assertTrue(other.differs());
            assertEquals(same.courses().get(1).server(), other.courses().get(1).server());
        }
    }

    @Test
    void whatSipDecidesByIsNotGuessed() {
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -u " + VIP + ":5060 -s rr -p 60 --pe sip", "-a -u " + VIP + ":5060 -r 10.2.0.11 -m");
            assertTrue(Asking.ask(director, UDP, end("10.9.1.1", 5060), end(VIP, 5060), 0).needsPayload());
        }
    }

    @Test
    void whatIsDrawnAtRandomIsOneOfThoseThatMayBe() {
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -t " + VIP + ":80 -s twos", "-a -t " + VIP + ":80 -r 10.2.0.11 -m -w 1",
                "-a -t " + VIP + ":80 -r 10.2.0.12 -m -w 1", "-a -t " + VIP + ":80 -r 10.2.0.13 -m -w 0");
            final TreeSet<Integer> servers = new TreeSet<>();
            for (int i = 0; i < 64; i++) {
                final Course course = tcp(director, end("10.9.1.1", 4000), end(VIP, 80), SYN);
                assertEquals(Counter.SENT_TO_REAL_SERVER, course.end());
                servers.add(course.server());
            }
            // By chance only one of both: once in 2⁶³ runs.
            assertEquals(2, servers.size());
        }
    }

    @Test
    void everyNthPacketAgainstAFloodIsTheNextOne() {
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -t " + VIP + ":80 -s rr", "-a -t " + VIP + ":80 -r 10.2.0.11 -m");
            director.sysctl("net.ipv4.vs.drop_packet=3");
            director.sysctl("net.ipv4.vs.am_droprate=3");
            for (int port = 4000; port < 4012; port++) {
                final long before = director.count(Counter.DROP_DEFENCE);
                final Counter told = tcp(director, end("10.9.1.1", port), end(VIP, 80), SYN).end();
                director.send(0, client(port, SYN));
                assertEquals(told == Counter.DROP_DEFENCE, director.count(Counter.DROP_DEFENCE) != before,
                    "port " + port);
            }
            assertEquals(4, director.count(Counter.DROP_DEFENCE));
        }
    }

    private static Question question(final int protocol, final Question.End from, final Question.End to,
                                     final int bytes, final Form form) {
        return new Question(protocol, from, to, ACK, bytes, form, Asking.BY_ROUTER);
    }

    @Test
    void whatIsLargerThanItsWayIsAnsweredOrCut() {
        try (TestDirector director = new TestDirector(TestDirector.Shape.DEFAULT.twoArmed(1500, 1300))) {
            director.rules("-A -u " + VIP + ":53 -s rr", "-a -u " + VIP + ":53 -r 10.2.0.11 -m");
            final Course refused = Asking.ask(director, question(UDP, end("10.9.1.1", 4000), end(VIP, 53), 1400,
                Form.WHOLE)).courses().getFirst();
            assertEquals(Counter.SENT_ICMP_ERROR, refused.end());
            assertEquals(1300, mtuOf(refused.sent().getFirst().frame()));
            final Course cut = Asking.ask(director, question(UDP, end("10.9.1.1", 4000), end(VIP, 53), 1400,
                new Form(Form.Part.WHOLE, true, null))).courses().getFirst();
            assertEquals(Counter.SENT_TO_REAL_SERVER, cut.end());
            assertEquals(2, cut.sent().size());
        }
    }

    /** Of fragmentation needed: RFC 1191. */
    private static int mtuOf(final byte[] frame) {
        assertEquals(3, frame[34]);
        assertEquals(4, frame[35]);
        return (frame[40] & 0xff) << 8 | frame[41] & 0xff;
    }

    @Test
    void aFragmentWaitsAndAllOfThemGoOn() {
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -u " + VIP + ":53 -s rr", "-a -u " + VIP + ":53 -r 10.2.0.11 -m");
            for (final Form.Part part : List.of(Form.Part.FIRST, Form.Part.LATER)) {
                final Course waits = Asking.ask(director, question(UDP, end("10.9.1.1", 4000), end(VIP, 53), 2000,
                    new Form(part, false, null))).courses().getFirst();
                assertEquals(Counter.FRAGMENT_JOINED, waits.end());
                assertEquals(List.of(), waits.sent());
            }
            final Course all = Asking.ask(director, question(UDP, end("10.9.1.1", 4000), end(VIP, 53), 2000,
                new Form(Form.Part.ALL, false, null))).courses().getFirst();
            assertEquals(Counter.SENT_TO_REAL_SERVER, all.end());
            assertEquals(2, all.sent().size());
        }
    }

    @Test
    void errorsGoToTheOtherEndOfTheirConnection() {
        final Form unreachable = new Form(Form.Part.WHOLE, false, new Form.Error(3, 3, 0));
        final int bytes = MadePacket.errorBytes(6, true);
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -t " + VIP + ":80 -s rr", "-a -t " + VIP + ":80 -r 10.2.0.11 -m");
            assertEquals(Counter.BACK_ICMP, Asking.ask(director, question(6, end("10.9.1.1", 4000), end(VIP, 80),
                bytes, unreachable)).courses().getFirst().end());
            director.send(0, client(4000, SYN));
            final Course toServer = Asking.ask(director, question(6, end("10.9.1.1", 4000), end(VIP, 80), bytes,
                unreachable)).courses().getFirst();
            assertEquals(Counter.SENT_ICMP_RELAYED, toServer.end());
            assertEquals(11, toServer.sent().getFirst().frame()[33]);
            final Course toClient = Asking.ask(director, question(6, end("10.2.0.11", 80), end("10.9.1.1", 4000),
                bytes, unreachable)).courses().getFirst();
            assertEquals(Counter.SENT_ICMP_RELAYED, toClient.end());
            assertEquals(1, toClient.sent().getFirst().frame()[33]);
        }
    }
}
