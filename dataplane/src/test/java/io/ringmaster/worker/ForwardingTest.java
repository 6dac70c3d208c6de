package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.SENT_TO_CLIENT;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.CLIENT;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import org.junit.jupiter.api.Test;

/** Packets that go where they should: three forwarding methods, TCP and UDP, one and two interfaces. */
class ForwardingTest {
    private static final String OUT = "000001>02000b ttl=63 len=40 tcp ";

    @Test
    void masquerading() {
        try (Story story = Story.of("-m")) {
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, OUT + "10.9.1.1:4000>10.2.0.11:80")
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromServer(SYN | ACK), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000")
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, OUT + "10.9.1.1:4000>10.2.0.11:80")
                .connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromServer(ACK, 7), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=47 tcp 10.1.0.100:80>10.9.1.1:4000");
            assertEquals(1, story.director.server(1, ServerCounters.ACTIVE));
            assertEquals(2, story.director.server(1, ServerCounters.IN_PACKETS));
            assertEquals(80, story.director.server(1, ServerCounters.IN_BYTES));
            assertEquals(2, story.director.server(1, ServerCounters.OUT_PACKETS));
            assertEquals(87, story.director.server(1, ServerCounters.OUT_BYTES));
        }
    }

    @Test
    void masqueradingToAnotherPort() {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r 10.2.0.11:8080 -m")) {
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, OUT + "10.9.1.1:4000>10.2.0.11:8080")
                .then(Frames.tcp(Story.RS, MAC_0, "10.2.0.11:8080", CLIENT, SYN | ACK, 0), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000");
        }
    }

    @Test
    void directRouting() {
        try (Story story = Story.of("-g")) {
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, OUT + "10.9.1.1:4000>10.1.0.100:80")
                .then(fromClient(ACK, 5), SENT_TO_REAL_SERVER,
                    "000001>02000b ttl=63 len=45 tcp 10.9.1.1:4000>10.1.0.100:80")
                .connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
        }
    }

    @Test
    void tunneling() {
        try (Story story = Story.of("-i")) {
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, "000001>02000b ttl=63 len=60 ipip 10.2.0.1>10.2.0.11 "
                + "[ttl=63 len=40 tcp 10.9.1.1:4000>10.1.0.100:80]");
            assertEquals(40, story.director.server(1, ServerCounters.IN_BYTES), "counted without the outer header");
        }
    }

    @Test
    void datagrams() {
        try (Story story = new Story("-A -u 10.1.0.100:53 -s rr", "-a -u 10.1.0.100:53 -r 10.2.0.11:5353 -m")) {
            final byte[] query = Frames.udp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.100:53", 30);
            final byte[] noChecksum = query.clone();
            noChecksum[Frames.IP + 26] = 0;
            noChecksum[Frames.IP + 27] = 0;
            final String out = "000001>02000b ttl=63 len=58 udp 10.9.1.1:4000>10.2.0.11:5353";
            story.then(query, SENT_TO_REAL_SERVER, out)
                .then(noChecksum, SENT_TO_REAL_SERVER, out)
                .then(Frames.udp(Story.RS, MAC_0, "10.2.0.11:5353", CLIENT, 9), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=37 udp 10.1.0.100:53>10.9.1.1:4000")
                .connections("UDP 10.9.1.1:4000 10.1.0.100:53 10.2.0.11:5353")
                .elapse(299).connections("UDP 10.9.1.1:4000 10.1.0.100:53 10.2.0.11:5353")
                .elapse(4).connections();
        }
    }

    @Test
    void betweenTwoInterfaces() {
        try (Story story = new Story(TestDirector.Shape.DEFAULT.twoArmed(1500, 1500), "-A -t " + VIP + " -s rr",
            "-a -t " + VIP + " -r 10.2.0.11:80 -m", "-A -t 10.1.0.101:80 -s rr",
            "-a -t 10.1.0.101:80 -r 10.2.0.12:80 -g")) {
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, "000002>02000b ttl=63 len=40 tcp "
                    + "10.9.1.1:4000>10.2.0.11:80")
                .then(1, Frames.tcp(Story.RS, TestNetwork.MAC_1, "10.2.0.11:80", CLIENT, SYN | ACK, 0),
                    SENT_TO_CLIENT, "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000")
                .then(Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.101:80", SYN, 0), SENT_TO_REAL_SERVER,
                    "000002>02000c ttl=63 len=40 tcp 10.9.1.1:4000>10.1.0.101:80");
        }
    }

    @Test
    void repliesFollowTheClientsPacketsToAnotherMac() {
        try (Story story = Story.of("-m")) {
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, OUT + "10.9.1.1:4000>10.2.0.11:80")
                .then(Frames.tcp(TestNetwork.clientMac(18), MAC_0, CLIENT, VIP, ACK, 0), SENT_TO_REAL_SERVER,
                    OUT + "10.9.1.1:4000>10.2.0.11:80")
                .then(fromServer(ACK), SENT_TO_CLIENT, "000001>010012 ttl=63 len=40 tcp "
                    + "10.1.0.100:80>10.9.1.1:4000");
        }
    }

    @Test
    void wrongChecksumsStayWrong() {
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r 10.2.0.11:80 -m");
            final byte[] bad = fromClient(SYN);
            bad[Frames.IP + 36] ^= 1;
            assertEquals(false, Frames.holds(director.send(0, bad).getFirst().frame()));
        }
    }

    @Test
    void aBatchOfManyConnectionsIsSharedOut() {
        try (TestDirector director = new TestDirector()) {
            director.rules("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r 10.2.0.11:80 -m",
                "-a -t " + VIP + " -r 10.2.0.12:80 -m", "-a -t " + VIP + " -r 10.2.0.13:80 -g");
            for (int i = 0; i < 90; i++) {
                director.arrive(0, 0, fromClient("10.9.1.1:" + (5000 + i), SYN));
            }
            director.cycle();
            assertEquals(64, director.takeSent().size());
            director.cycle();
            assertEquals(26, director.takeSent().size());
            for (int server = 1; server <= 3; server++) {
                assertEquals(30, director.server(server, ServerCounters.ACTIVE));
            }
            assertEquals(90, director.count(Counter.CONNECTIONS_CREATED));
            director.elapse(63_000);
            assertEquals(90, director.count(Counter.CONNECTIONS_ENDED));
            for (int server = 1; server <= 3; server++) {
                assertEquals(0, director.server(server, ServerCounters.ACTIVE));
                assertEquals(30, director.server(server, ServerCounters.CONNECTIONS));
            }
        }
    }
}
