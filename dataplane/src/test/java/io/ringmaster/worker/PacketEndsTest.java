package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.RST;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.CLIENT;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.service.NextHop;
import io.ringmaster.stats.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that do not get to a real server or client: why, what their sender is told, how they are counted. */
class PacketEndsTest {
    private static final String TO_SERVER = "000001>02000b ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.11:80";
    private static final String TO_CLIENT = "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000";
    private static final String ERROR = "000001>0100fe ttl=64 len=68 icmp ";

    @ParameterizedTest
    @ValueSource(ints = {ACK, ACK | RST, RST, SYN | RST, 0, 8, Frames.FIN})
    void whatOpensNoConnectionGoesBackToTheKernel(final int flags) {
        try (Story story = Story.of("-m")) {
            story.then(fromClient(flags), Counter.BACK_NO_CONNECTION).connections();
        }
    }

    @Test
    void aRealServersOwnTrafficGoesBackToTheKernel() {
        try (Story story = Story.of("-m")) {
            story.then(fromServer(SYN), Counter.BACK_REAL_SERVER);
        }
    }

    @Test
    void aPacketOfNoServiceGoesBackToTheKernel() {
        try (Story story = Story.of("-m")) {
            story.then(fromClient(SYN), Counter.SENT_TO_REAL_SERVER, TO_SERVER)
                .rules("-D -t " + VIP)
                .then(fromClient(ACK), Counter.BACK_REAL_SERVER)
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromServer(ACK), Counter.SENT_TO_CLIENT, TO_CLIENT);
        }
    }

    @Test
    void noRealServer() {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-A -u 10.1.0.100:53 -s wlc")) {
            story.then(fromClient(SYN), Counter.SENT_ICMP_ERROR, ERROR + "3/3 mtu=0 10.1.0.100>10.9.1.1")
                .then(Frames.udp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.100:53", 12), Counter.SENT_ICMP_ERROR,
                    ERROR + "3/3 mtu=0 10.1.0.100>10.9.1.1")
                .rules("-a -t " + VIP + " -r " + RIP + " -m -w 0")
                .then(fromClient(SYN), Counter.SENT_ICMP_ERROR, ERROR + "3/3 mtu=0 10.1.0.100>10.9.1.1")
                .connections();
        }
    }

    @Test
    void errorsAreLimited() {
        try (Story story = new Story(TestDirector.Shape.DEFAULT.withIcmpLimits(), "-A -t " + VIP + " -s rr")) {
            for (int i = 0; i < 6; i++) {
                story.then(fromClient(SYN), Counter.SENT_ICMP_ERROR, ERROR + "3/3 mtu=0 10.1.0.100>10.9.1.1");
            }
            story.then(fromClient(SYN), Counter.DROP_NO_REAL_SERVER);
            assertEquals(1, story.director.count(Counter.ICMP_RATE_LIMITED));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void timeToLiveRunsOut(final int hops) {
        try (Story story = Story.of("-m")) {
            story.then(Frames.timeToLive(fromClient(SYN), hops), Counter.SENT_ICMP_ERROR,
                    ERROR + "11/0 mtu=0 10.1.0.100>10.9.1.1")
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromClient(SYN), Counter.SENT_TO_REAL_SERVER, TO_SERVER)
                .then(Frames.timeToLive(fromServer(SYN | ACK), hops), Counter.SENT_ICMP_ERROR,
                    "000001>02000b ttl=64 len=68 icmp 11/0 mtu=0 10.2.0.1>10.2.0.11");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m", "-g", "-i"})
    void tooBigForTheRealServersSide(final String method) {
        final int mtuBytes = method.equals("-i") ? 1380 : 1400;
        try (Story story = new Story(TestDirector.Shape.DEFAULT.twoArmed(1500, 1400), "-A -t " + VIP + " -s rr",
            "-a -t " + VIP + " -r " + RIP + " " + method)) {
            story.director.send(0, fromClient(SYN));
            story.then(fromClient(ACK, mtuBytes - 39), Counter.SENT_ICMP_ERROR,
                    "000001>0100fe ttl=64 len=576 icmp 3/4 mtu=" + mtuBytes + " 10.1.0.100>10.9.1.1");
            assertEquals(2, story.director.send(0, Frames.mayFragment(fromClient(ACK, mtuBytes - 39))).size(),
                "in fragments");
            assertEquals(1, story.director.send(0, fromClient(ACK, mtuBytes - 40)).size(), "just fits");
        }
    }

    @Test
    void tooBigForTheClientsSide() {
        try (Story story = new Story(TestDirector.Shape.DEFAULT.twoArmed(1400, 1500), "-A -t " + VIP + " -s rr",
            "-a -t " + VIP + " -r " + RIP + " -m")) {
            story.director.send(0, fromClient(SYN));
            final byte[] reply = Frames.tcp(Story.RS, TestNetwork.MAC_1, RIP, CLIENT, ACK, 1361);
            final byte[] error = story.director.send(1, reply).getFirst().frame();
            assertEquals("000002>02000b ttl=64 len=576 icmp 3/4 mtu=1400 10.2.0.1>10.2.0.11", Frames.text(error));
            assertEquals(64, error[Frames.IP + 28 + 8], "quoted with the time to live it came with");
            assertTrue(Frames.holds(error));
            assertEquals(2, story.director.send(1, Frames.mayFragment(reply)).size(), "in fragments");
            assertEquals(1, story.director.count(Counter.FRAGMENTED));
        }
    }

    @Test
    void noWayToTheRealServer() {
        try (Story story = Story.of("-m")) {
            story.director.network.route("10.2.0.11", NextHop.NONE);
            story.director.services.refreshNextHops();
            story.director.cycle();
            story.then(fromClient(SYN), Counter.SENT_ICMP_ERROR, ERROR + "3/1 mtu=0 10.1.0.100>10.9.1.1");
            story.director.network.route("10.2.0.11", story.director.network.hop(0, 0, Frames.ip("10.2.0.1")));
            story.director.services.refreshNextHops();
            story.director.cycle();
            story.then(fromClient(SYN), Counter.DROP_NEIGHBOUR_UNRESOLVED);
            story.director.network.route("10.2.0.11", story.director.network.hop(0, 0x02_00_00_00_00_77L,
                Frames.ip("10.2.0.1")));
            story.director.services.refreshNextHops();
            story.director.cycle();
            story.then(fromClient(SYN), Counter.SENT_TO_REAL_SERVER,
                "000001>000077 ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.11:80");
        }
    }

    @Test
    void theDirectorItselfAsRealServer() {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r 10.2.0.1:80 -g")) {
            story.then(fromClient(SYN), Counter.BACK_LOCAL_NODE)
                .then(fromClient(ACK), Counter.BACK_LOCAL_NODE)
                .connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.1:80");
        }
    }

    @Test
    void fullTable() {
        try (Story story = new Story(TestDirector.Shape.DEFAULT.capacity(1), "-A -u 10.1.0.100:53 -s rr",
            "-a -u 10.1.0.100:53 -r 10.2.0.11:53 -m")) {
            final int slots = (int) story.director.table.slots();
            for (int i = 0; i < slots; i++) {
                story.director.send(0, Frames.udp(CLIENT_ROUTER, MAC_0, "10.9.1.1:" + (1000 + i), "10.1.0.100:53", 1));
            }
            final long made = story.director.count(Counter.CONNECTIONS_CREATED);
            final long refused = story.director.count(Counter.DROP_TABLE_FULL);
            assertEquals(slots, made + refused);
            assertTrue(made > slots * 0.7, made + " of " + slots);
            for (int i = 0; refused == story.director.count(Counter.DROP_TABLE_FULL); i++) {
                assertTrue(i < slots, "the table never fills");
                story.director.send(0, Frames.udp(CLIENT_ROUTER, MAC_0, "10.9.2.1:" + (1000 + i), "10.1.0.100:53", 1));
            }
        }
    }

    @Test
    void fullTransmitRing() {
        try (TestDirector director = new TestDirector(TestDirector.Shape.DEFAULT.ringSize(64))) {
            director.rules("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " -m");
            director.transmits(false);
            for (int i = 0; i < 80; i++) {
                director.send(0, fromClient(SYN));
            }
            assertEquals(64, director.count(Counter.SENT_TO_REAL_SERVER));
            assertEquals(16, director.count(Counter.DROP_TRANSMIT_FULL));
            director.transmits(true);
            director.cycle();
            assertEquals(64, director.takeSent().size());
            assertEquals(1, director.send(0, fromClient(SYN)).size());
        }
    }

    @Test
    void handBackLimit() {
        try (Story story = new Story(TestDirector.Shape.DEFAULT.handBack(50), "-A -t " + VIP + " -s rr",
            "-a -t " + VIP + " -r " + RIP + " -m")) {
            for (int i = 0; i < 5; i++) {
                story.then(fromClient(ACK), Counter.BACK_NO_CONNECTION);
            }
            story.then(fromClient(ACK), Counter.DROP_HAND_BACK_LIMIT);
            story.director.jump(20);
            story.then(fromClient(ACK), Counter.BACK_NO_CONNECTION)
                .then(fromClient(ACK), Counter.DROP_HAND_BACK_LIMIT);
        }
    }
}
