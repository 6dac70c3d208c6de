package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.DROP_REAL_SERVER_REMOVED;
import static io.ringmaster.stats.Counter.SENT_TO_CLIENT;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.FIN;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.packet.Addresses;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import org.junit.jupiter.api.Test;

/** Connections while rules change around them, and when they end. */
class ConnectionLifeTest {
    private static final String TO_11 = "000001>02000b ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.11:80";
    private static final String TO_12 = "000001>02000c ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.12:80";
    private static final String TO_CLIENT = "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000";

    private static Story established() {
        return Story.of("-m").then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11)
            .then(fromServer(SYN | ACK), SENT_TO_CLIENT, TO_CLIENT)
            .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11);
    }

    @Test
    void aSynOnAFinishedConnectionIsScheduledAnew() {
        try (Story story = established()) {
            story.rules("-a -t " + VIP + " -r 10.2.0.12:80 -m")
                .then(fromClient(FIN | ACK), SENT_TO_REAL_SERVER, TO_11)
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11)
                .then(fromServer(FIN | ACK), SENT_TO_CLIENT, TO_CLIENT)
                .connections("TIME_WAIT 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_12)
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.12:80");
            assertEquals(1, story.director.count(Counter.CONNECTIONS_ENDED));
            assertEquals(0, story.director.server(1, ServerCounters.ACTIVE));
            assertEquals(0, story.director.server(1, ServerCounters.INACTIVE));
            assertEquals(1, story.director.server(2, ServerCounters.ACTIVE));
        }
    }

    @Test
    void removedRealServer() {
        try (Story story = established()) {
            story.rules("-d -t " + VIP + " -r 10.2.0.11:80")
                .then(fromClient(ACK), DROP_REAL_SERVER_REMOVED)
                .then(fromServer(ACK), SENT_TO_CLIENT, TO_CLIENT)
                .rules("-a -t " + VIP + " -r 10.2.0.12:80 -m")
                .then(fromClient(SYN), DROP_REAL_SERVER_REMOVED)
                .rules("-a -t " + VIP + " -r 10.2.0.11:80 -m")
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11);
            assertEquals(1, story.director.server(1, ServerCounters.ACTIVE), "adopted");
        }
    }

    @Test
    void weightZeroKeepsConnections() {
        try (Story story = established()) {
            story.rules("-e -t " + VIP + " -r 10.2.0.11:80 -m -w 0")
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11)
                .then(fromClient("10.9.1.1:4001", SYN), Counter.SENT_ICMP_ERROR,
                    "000001>0100fe ttl=64 len=68 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1");
        }
    }

    @Test
    void anEditedMethodIsForNewConnections() {
        try (Story story = established()) {
            story.rules("-e -t " + VIP + " -r 10.2.0.11:80 -g")
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11)
                .then(fromServer(ACK), SENT_TO_CLIENT, TO_CLIENT)
                .then(fromClient("10.9.1.1:4001", SYN), SENT_TO_REAL_SERVER,
                    "000001>02000b ttl=63 len=40 tcp 10.9.1.1:4001>10.1.0.100:80")
                .rules("-e -t " + VIP + " -r 10.2.0.11:80 -i")
                .then(fromServer(ACK), SENT_TO_CLIENT, TO_CLIENT)
                .then(fromClient("10.9.1.1:4001", ACK), SENT_TO_REAL_SERVER,
                    "000001>02000b ttl=63 len=40 tcp 10.9.1.1:4001>10.1.0.100:80")
                .then(fromClient("10.9.1.1:4002", SYN), SENT_TO_REAL_SERVER, "000001>02000b ttl=63 len=60 ipip "
                    + "10.2.0.1>10.2.0.11 [ttl=63 len=40 tcp 10.9.1.1:4002>10.1.0.100:80]");
            assertEquals(XdpReason.REDIRECTED_REPLY, story.director.decision(fromServer(ACK)),
                "replies of masqueraded connections still leave the kernel's path");
            story.elapse(1000).connections();
            assertEquals(XdpReason.PASSED_NO_SERVICE, story.director.decision(fromServer(ACK)),
                "no masqueraded connection is left");
            final long tunnelServer = Addresses.ipv4Low(Frames.ip("10.2.0.11"));
            assertTrue(story.director.xdp.hasTunnelServer(Addresses.IPV4_HIGH, tunnelServer));
            story.rules("-d -t " + VIP + " -r 10.2.0.11:80").elapse(200);
            assertFalse(story.director.xdp.hasTunnelServer(Addresses.IPV4_HIGH, tunnelServer),
                "nothing is left open when the real server is forgotten");
        }
    }

    /** The kernel looks when a connection is made and when one ends, not only when it schedules. */
    @Test
    void aPeakOfConnectionsOverloadsUntilTheLowerThreshold() {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r 10.2.0.11:80 -m -x 3 -y 2")) {
            for (int port = 4001; port <= 4003; port++) {
                story.director.send(0, fromClient("10.9.1.1:" + port, SYN));
            }
            story.director.send(0, Frames.tcp(Story.RS, TestNetwork.MAC_0, Story.RIP, "10.9.1.1:4001", Frames.RST, 0));
            story.elapse(12);
            assertEquals(2, story.director.server(1, ServerCounters.ACTIVE));
            assertEquals(0, story.director.server(1, ServerCounters.INACTIVE));
            story.then(fromClient(SYN), Counter.SENT_ICMP_ERROR,
                "000001>0100fe ttl=64 len=68 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1");
            story.director.send(0, Frames.tcp(Story.RS, TestNetwork.MAC_0, Story.RIP, "10.9.1.1:4002", Frames.RST, 0));
            story.elapse(12);
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11);
        }
    }

    @Test
    void timeoutsOfStates() {
        try (Story story = established()) {
            story.elapse(899).connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromServer(ACK), SENT_TO_CLIENT, TO_CLIENT)
                .elapse(899).connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .elapse(4).connections()
                .then(fromClient(ACK), Counter.BACK_NO_CONNECTION);
            assertEquals(1, story.director.count(Counter.CONNECTIONS_ENDED));
        }
    }

    @Test
    void ambiguousRepliesGoToTheConnectionThatWaits() {
        try (Story story = established()) {
            // Another service with the same real server, and the same client port: its SYN-ACK is waited for.
            story.rules("-A -t 10.1.0.101:80 -s rr", "-a -t 10.1.0.101:80 -r 10.2.0.11:80 -m");
            story.director.send(0, Frames.tcp(TestNetwork.CLIENT_ROUTER, TestNetwork.MAC_0, Story.CLIENT,
                "10.1.0.101:80", SYN, 0));
            story.then(fromServer(SYN | ACK), SENT_TO_CLIENT,
                "000001>0100fe ttl=63 len=40 tcp 10.1.0.101:80>10.9.1.1:4000");
            story.then(fromServer(ACK), SENT_TO_CLIENT, TO_CLIENT);
            assertEquals(2, story.director.count(Counter.REPLY_AMBIGUOUS));
        }
    }
}
