package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.BACK_NO_CONNECTION;
import static io.ringmaster.stats.Counter.BACK_REAL_SERVER;
import static io.ringmaster.stats.Counter.DROP_DEFENCE;
import static io.ringmaster.stats.Counter.DROP_REAL_SERVER_REMOVED;
import static io.ringmaster.stats.Counter.SENT_ICMP_ERROR;
import static io.ringmaster.stats.Counter.SENT_TO_CLIENT;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.FIN;
import static io.ringmaster.worker.Frames.RST;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServiceId;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import org.junit.jupiter.api.Test;

/** What settings change about packets and connections, where no recording shows it. */
class SettingsTest {
    private static final String ADD_12 = "-a -t " + VIP + " -r 10.2.0.12:80 -m";
    private static final String DELETE_11 = "-d -t " + VIP + " -r 10.2.0.11:80";
    private static final String TO_11 = "000001>02000b ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.11:80";
    private static final String TO_12 = "000001>02000c ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.12:80";
    private static final String TO_CLIENT = "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000";

    private static Story established() {
        return Story.of("-m").then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11)
            .then(fromServer(SYN | ACK), SENT_TO_CLIENT, TO_CLIENT)
            .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11);
    }

    @Test
    void sloppyTcpMakesConnectionsOfAllButResets() {
        try (Story story = Story.of("-m")) {
            story.then(fromClient(ACK), BACK_NO_CONNECTION)
                .set("sloppy_tcp=1")
                .then(fromClient(RST | SYN), BACK_NO_CONNECTION)
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11)
                .connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .set("sloppy_tcp=0")
                .then(fromClient("10.9.1.2:4000", FIN | ACK), BACK_NO_CONNECTION);
        }
    }

    @Test
    void reuseModeZeroKeepsAnEndedConnection() {
        try (Story story = established()) {
            story.set("conn_reuse_mode=0").rules(ADD_12)
                .then(fromServer(RST), SENT_TO_CLIENT, TO_CLIENT)
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11)
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
            assertEquals(0, story.director.count(Counter.CONNECTIONS_ENDED));
        }
    }

    @Test
    void reuseModeTwoTakesFinWaitOnlyWhereRepliesAreNotSeen() {
        try (Story story = established()) {
            story.set("conn_reuse_mode=2").rules(ADD_12)
                .then(fromServer(FIN | ACK), SENT_TO_CLIENT, TO_CLIENT)
                .connections("FIN_WAIT 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11);
        }
    }

    @Test
    void aSynLeavesAQuiescedRealServerIfConnectionsEndWithIt() {
        try (Story story = established()) {
            story.rules(ADD_12, "-e -t " + VIP + " -r 10.2.0.11:80 -m -w 0")
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11)
                .set("expire_nodest_conn=1")
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11)
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_12)
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.12:80");
        }
    }

    @Test
    void connectionsEndWithTheirRealServer() {
        try (Story story = established()) {
            story.set("expire_nodest_conn=1").rules(ADD_12, DELETE_11)
                .elapse(1).connections()
                .then(fromServer(ACK), BACK_REAL_SERVER)
                .then(fromClient(ACK), BACK_NO_CONNECTION)
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_12);
            assertEquals(0, story.director.server(1, ServerCounters.ACTIVE));
            assertEquals(0, story.director.server(1, ServerCounters.INACTIVE));
        }
    }

    @Test
    void eachWorkerEndsItsShare() {
        final TestDirector.Shape two = TestDirector.Shape.DEFAULT.capacity(4_096).workers(2).twoArmed(1500, 1500);
        try (Story story = new Story(two, "-A -t " + VIP + " -s rr", ADD_12, ADD_12.replace("12", "11"))) {
            for (int i = 0; i < 600; i++) {
                story.director.send(i % 2, 0, fromClient("10.9.1.2:" + (5000 + i), SYN));
            }
            story.set("expire_nodest_conn=1").rules(DELETE_11).elapse(1);
            assertEquals(300, story.director.connections().size());
            assertEquals(0, story.director.server(2, ServerCounters.ACTIVE));
            assertEquals(300, story.director.server(1, ServerCounters.ACTIVE));
        }
    }

    @Test
    void onesThatWereLeftBehindEndAtTheirNextPacket() {
        try (Story story = established()) {
            story.rules(ADD_12, DELETE_11).then(fromClient(ACK), DROP_REAL_SERVER_REMOVED)
                .set("expire_nodest_conn=1")
                .connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_12)
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.12:80");
        }
    }

    @Test
    void aCutServersConnectionsEndAtTheirNextPacket() {
        try (Story story = established()) {
            final HostAddress vip = HostAddress.parseIpv4("10.1.0.100").orElseThrow();
            final ServiceId service = ServiceId.of(ServiceId.TCP, vip, 80);
            final ServerId server = new ServerId(HostAddress.parseIpv4("10.2.0.11").orElseThrow(), 80);
            story.then(fromClient("10.9.1.2:4000", SYN), SENT_TO_REAL_SERVER, TO_11.replace(".1.1:", ".1.2:"))
                .rules(ADD_12, "-e -t " + VIP + " -r 10.2.0.11:80 -m -w 0")
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11);
            story.director.services.cutServer(service, server);
            story.elapse(1).then(fromServer(ACK), SENT_TO_CLIENT, TO_CLIENT)
                .then(fromClient(ACK), BACK_NO_CONNECTION)
                .then(fromClient("10.9.1.2:4000", SYN), SENT_TO_REAL_SERVER, TO_12.replace(".1.1:", ".1.2:"));
            assertEquals(0, story.director.server(1, ServerCounters.ACTIVE));
        }
    }

    @Test
    void templatesEndWithTheirRealServerAndItsConnections() {
        try (Story story = new Story("-A -t " + VIP + " -s rr -p 3600", ADD_12, ADD_12.replace("12", "11"))) {
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11).set("expire_nodest_conn=1").rules(DELETE_11)
                .elapse(1).connections();
            assertEquals(0, story.director.server(2, ServerCounters.PERSISTENT));
        }
    }

    @Test
    void aQuiescedServersTemplateIsSetAsideAndFoundAgainByItsConnections() {
        try (Story story = new Story("-A -t " + VIP + " -s rr -p 30", ADD_12, ADD_12.replace("12", "11"))) {
            story.set("expire_quiescent_template=1").then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11);
            for (int again = 0; again < 2; again++) {
                story.rules("-e -t " + VIP + " -r 10.2.0.11:80 -m -w 0");
                story.director.send(0, fromClient("10.9.1.1:400" + (1 + 2 * again), SYN));
                assertEquals(1, story.director.server(2, ServerCounters.PERSISTENT));
                assertEquals(1 + again, story.director.server(1, ServerCounters.PERSISTENT));
                story.director.assertTableClean();
                // Back again, and the other one away: set aside for the second time.
                story.rules("-e -t " + VIP + " -r 10.2.0.11:80 -m -w 1", "-e -t " + VIP + " -r 10.2.0.12:80 -m -w 0");
                story.director.send(0, fromClient("10.9.1.1:400" + (2 + 2 * again), SYN));
                story.director.assertTableClean();
                story.rules("-e -t " + VIP + " -r 10.2.0.12:80 -m -w 1");
            }
            story.elapse(200).connections();
            assertEquals(0, story.director.server(1, ServerCounters.PERSISTENT));
            assertEquals(0, story.director.server(2, ServerCounters.PERSISTENT));
        }
    }

    @Test
    void oneOfSoManyNewConnectionsIsDropped() {
        try (Story story = Story.of("-m")) {
            story.set("drop_packet=3 am_droprate=4");
            for (int i = 0; i < 12; i++) {
                story.director.send(0, fromClient("10.9.1.2:" + (5000 + i), SYN));
            }
            assertEquals(3, story.director.count(DROP_DEFENCE));
            story.then(fromClient(SYN), DROP_DEFENCE).then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11);
            for (int i = 0; i < 20; i++) {
                story.then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11);
            }
        }
    }

    @Test
    void halfOpenConnectionsAreDroppedAtRandomAndEstablishedOnesStay() {
        try (Story story = established()) {
            for (int i = 0; i < 400; i++) {
                story.director.send(0, fromClient("10.9.1.2:" + (5000 + i), SYN));
            }
            story.set("drop_entry=3").elapse(20);
            final long dropped = story.director.count(Counter.CONNECTIONS_DROPPED);
            assertTrue(dropped > 50 && dropped < 400, dropped + " dropped");
            assertEquals(401 - dropped, story.director.connections().size());
            assertTrue(story.director.connections().contains(
                "ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80"));
        }
    }

    @Test
    void establishedOnesThatAreQuietAndHadFewPacketsGoInTheEnd() {
        try (Story story = established()) {
            story.set("drop_entry=3").elapse(59)
                .connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80").elapse(600).connections();
            assertEquals(1, story.director.count(Counter.CONNECTIONS_DROPPED));
        }
    }

    @Test
    void defenceBeginsWhenTheTableIsNearlyFull() {
        try (Story story = Story.of("-m")) {
            story.set("drop_packet=1 am_droprate=1 amemthresh=8188");
            story.then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11);
            story.director.send(0, fromClient("10.9.1.2:5000", SYN));
            story.director.send(0, fromClient("10.9.1.2:5001", SYN));
            story.director.elapse(1_000);
            story.then(fromClient("10.9.1.2:5002", SYN), DROP_DEFENCE);
            story.elapse(120).then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11);
        }
    }

    @Test
    void aRealServerIsToldOfItsStrayReplies() {
        try (Story story = Story.of("-m")) {
            final String told = "000001>02000b ttl=64 len=68 icmp 3/3 mtu=0 10.2.0.1>10.2.0.11";
            story.then(fromServer(ACK), BACK_REAL_SERVER).set("nat_icmp_send=1")
                .then(fromServer(ACK), SENT_ICMP_ERROR, told)
                .then(fromServer(RST), BACK_REAL_SERVER)
                .then(Frames.timeToLive(fromServer(ACK), 1), BACK_REAL_SERVER)
                .rules("-e -t " + VIP + " -r 10.2.0.11:80 -g")
                .then(fromServer(ACK), BACK_REAL_SERVER)
                .rules("-e -t " + VIP + " -r 10.2.0.11:80 -m")
                .then(fromServer(ACK), SENT_ICMP_ERROR, told)
                .rules(DELETE_11).then(fromServer(ACK), BACK_REAL_SERVER);
        }
    }

    @Test
    void anErrorAboutNoConnectionMakesOne() {
        final byte[] error = Frames.icmp(TestNetwork.CLIENT_ROUTER, TestNetwork.MAC_0, "10.9.1.254", "10.1.0.100",
            3, 4, 1300, Frames.tcp(0, 0, VIP, "10.9.1.1:4000", ACK, 0));
        try (Story story = new Story("-A -t " + VIP + " -s sh", ADD_12, ADD_12.replace("12", "11"))) {
            story.then(error, Counter.BACK_ICMP).set("schedule_icmp=1");
            story.director.send(0, error);
            assertEquals(1, story.director.count(Counter.SENT_ICMP_RELAYED));
            final String made = story.director.connections().getFirst();
            assertTrue(made.startsWith("NONE 10.9.1.1:4000 10.1.0.100:80 10.2.0."), made);
            // By the client that the error is about, and not by the router that sent it.
            story.director.send(0, fromClient(SYN));
            assertEquals(1, story.director.connections().size());
            story.set("schedule_icmp=0").elapse(70).connections().then(error, Counter.BACK_ICMP);
            story.set("schedule_icmp=1").rules("-d -t " + VIP + " -r 10.2.0.11:80", "-d -t " + VIP + " -r 10.2.0.12:80")
                .then(error, Counter.DROP_NO_REAL_SERVER).connections();
        }
    }

    @Test
    void secureTcpWaitsForTheRealServersAnswer() {
        try (Story story = Story.of("-m")) {
            story.set("secure_tcp=3").then(fromClient(SYN), SENT_TO_REAL_SERVER, TO_11)
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11)
                .connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .then(fromServer(SYN | ACK), SENT_TO_CLIENT, TO_CLIENT)
                .connections("SYNACK 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80")
                .set("secure_tcp=0").then(fromClient(ACK), SENT_TO_REAL_SERVER, TO_11)
                .connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
        }
    }
}
