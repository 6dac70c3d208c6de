package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.BACK_REAL_SERVER;
import static io.ringmaster.stats.Counter.DROP_CALLS_FULL;
import static io.ringmaster.stats.Counter.DROP_NO_CALL_ID;
import static io.ringmaster.stats.Counter.DROP_REAL_SERVER_REMOVED;
import static io.ringmaster.stats.Counter.SENT_ICMP_ERROR;
import static io.ringmaster.stats.Counter.SENT_TO_CLIENT;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.stats.ServerCounters;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The persistence engine sip as a real kernel (6.1) answered it, but for the orders of a full table. */
class CallTemplatesTest {
    private static final String SIP = "10.1.0.100:5060";
    private static final int PAYLOAD = 42;

    private static byte[] datagram(final long mac, final String from, final String to, final String text) {
        final byte[] frame = Frames.udp(mac, MAC_0, from, to, text.length());
        System.arraycopy(text.getBytes(StandardCharsets.ISO_8859_1), 0, frame, PAYLOAD, text.length());
        return Frames.sealed(frame);
    }

    private static String message(final String callId) {
        return "OPTIONS sip:b@x SIP/2.0\r\nCall-ID: " + callId + "\r\n\r\n";
    }

    private static byte[] call(final String client, final String callId) {
        return datagram(CLIENT_ROUTER, client, SIP, message(callId));
    }

    private static Story service(final String options) {
        return service(TestDirector.Shape.DEFAULT, options);
    }

    private static Story service(final TestDirector.Shape shape, final String options) {
        return new Story(shape, "-A -u " + SIP + " -s rr --pe sip " + options, "-a -u " + SIP + " -r 10.2.0.12:5070 -m",
            "-a -u " + SIP + " -r 10.2.0.11:5070 -m");
    }

    private static String to(final int server, final String client, final String callId) {
        return "000001>0200" + (server == 11 ? "0b" : "0c") + " ttl=63 len=" + (28 + message(callId).length())
            + " udp " + client + ">10.2.0." + server + ":5070";
    }

    private static Story goes(final Story story, final String client, final String callId, final int server) {
        return story.then(call(client, callId), SENT_TO_REAL_SERVER, to(server, client, callId));
    }

    private static void assertNothingLeft(final Story story) {
        assertEquals(0, story.director.calls.live());
        assertEquals(0, story.director.calls.linked());
    }

    @Test
    void aClientsCallsEachHaveTheirRealServer() {
        try (Story story = service("-p 300")) {
            goes(story, "10.9.1.1:5060", "aaa@x", 11);
            goes(story, "10.9.1.1:5061", "bbb@x", 12);
            goes(story, "10.9.1.1:5062", "aaa@x", 11);
            goes(story, "10.9.1.1:5063", "bbb@x", 12);
            goes(story, "10.9.1.2:5060", "aaa@x", 11);
            goes(story, "10.9.1.2:5061", "AAA@x", 12);
            // Its connection counts, whatever the Call-ID.
            goes(story, "10.9.1.1:5060", "bbb@x", 11);
            story.connections("NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 aaa@x",
                "NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.12:5070 bbb@x",
                "NONE 10.9.1.2:0 10.1.0.100:5060 10.2.0.11:5070 aaa@x",
                "NONE 10.9.1.2:0 10.1.0.100:5060 10.2.0.12:5070 AAA@x",
                "UDP 10.9.1.1:5060 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.1:5061 10.1.0.100:5060 10.2.0.12:5070",
                "UDP 10.9.1.1:5062 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.1:5063 10.1.0.100:5060 10.2.0.12:5070",
                "UDP 10.9.1.2:5060 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.2:5061 10.1.0.100:5060 10.2.0.12:5070");
            assertEquals(2, story.director.server(1, ServerCounters.PERSISTENT));
            assertEquals(4, story.director.calls.live());
            story.elapse(400).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void withoutACallIdNoConnectionIsMade() {
        try (Story story = service("-p 300")) {
            story.then(datagram(CLIENT_ROUTER, "10.9.1.1:5060", SIP, "hello"), DROP_NO_CALL_ID)
                .then(datagram(CLIENT_ROUTER, "10.9.1.1:5060", SIP, ""), DROP_NO_CALL_ID)
                .then(call("10.9.1.1:5060", "z".repeat(256)), DROP_NO_CALL_ID)
                .connections();
            goes(story, "10.9.1.1:5060", "z".repeat(255), 11);
            // An existing connection needs none.
            story.then(datagram(CLIENT_ROUTER, "10.9.1.1:5060", SIP, "hello"), SENT_TO_REAL_SERVER,
                "000001>02000b ttl=63 len=33 udp 10.9.1.1:5060>10.2.0.11:5070");
        }
    }

    @Test
    void theCallIdIsLookedForBeforeARealServer() {
        try (Story story = new Story("-A -u " + SIP + " -s rr -p 300 --pe sip")) {
            story.then(datagram(CLIENT_ROUTER, "10.9.1.1:5060", SIP, "hello"), DROP_NO_CALL_ID)
                .then(call("10.9.1.1:5060", "a@x"), SENT_ICMP_ERROR,
                    "000001>0100fe ttl=64 len=97 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1")
                .connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void segmentsHaveNone() {
        try (Story story = new Story("-A -t 10.1.0.100:80 -s rr -p 300 --pe sip",
            "-a -t 10.1.0.100:80 -r 10.2.0.11:80 -m")) {
            story.then(Story.fromClient(Frames.SYN), DROP_NO_CALL_ID).connections();
        }
    }

    @Test
    void withoutPersistenceTheEngineChoosesNothing() {
        try (Story story = service("")) {
            story.then(datagram(CLIENT_ROUTER, "10.9.1.1:5060", SIP, "hello"), SENT_TO_REAL_SERVER,
                "000001>02000b ttl=63 len=33 udp 10.9.1.1:5060>10.2.0.11:5070");
            goes(story, "10.9.1.1:5061", "a@x", 12);
            goes(story, "10.9.1.1:5062", "a@x", 11);
            assertNothingLeft(story);
        }
    }

    @Test
    void aNetworkOfClientsSharesCalls() {
        try (Story story = service("-p 300 -M 255.255.255.0")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            goes(story, "10.9.1.2:5060", "a@x", 11);
            goes(story, "10.9.2.1:5060", "a@x", 12);
            goes(story, "10.9.1.3:5060", "b@x", 11);
            goes(story, "10.9.1.4:5060", "b@x", 11);
            story.connections("NONE 10.9.1.0:0 10.1.0.100:5060 10.2.0.11:5070 a@x",
                "NONE 10.9.1.0:0 10.1.0.100:5060 10.2.0.11:5070 b@x",
                "NONE 10.9.2.0:0 10.1.0.100:5060 10.2.0.12:5070 a@x",
                "UDP 10.9.1.1:5060 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.2:5060 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.3:5060 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.4:5060 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.2.1:5060 10.1.0.100:5060 10.2.0.12:5070");
        }
    }

    @Test
    void quiescedRealServersKeepTheirCallsAndRemovedOnesLoseThem() {
        try (Story story = service("-p 300")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            goes(story, "10.9.1.2:5060", "b@x", 12);
            story.rules("-e -u " + SIP + " -r 10.2.0.11:5070 -m -w 0");
            goes(story, "10.9.1.1:5061", "a@x", 11);
            story.rules("-e -u " + SIP + " -r 10.2.0.11:5070 -m -w 1", "-d -u " + SIP + " -r 10.2.0.12:5070");
            goes(story, "10.9.1.2:5061", "b@x", 11);
            story.then(call("10.9.1.2:5060", "b@x"), DROP_REAL_SERVER_REMOVED)
                .connections("NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 a@x",
                    "NONE 10.9.1.2:-1 10.1.0.100:5060 10.2.0.12:5070 b@x",
                    "NONE 10.9.1.2:0 10.1.0.100:5060 10.2.0.11:5070 b@x",
                    "UDP 10.9.1.1:5060 10.1.0.100:5060 10.2.0.11:5070",
                    "UDP 10.9.1.1:5061 10.1.0.100:5060 10.2.0.11:5070",
                    "UDP 10.9.1.2:5060 10.1.0.100:5060 10.2.0.12:5070",
                    "UDP 10.9.1.2:5061 10.1.0.100:5060 10.2.0.11:5070");
            assertEquals(2, story.director.calls.live(), "both templates of b@x are of one call");
            story.elapse(500).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void aConnectionOfARemovedRealServerIsScheduledAnewIfTheSettingsSaySo() {
        try (Story story = service("-p 300").set("net.ipv4.vs.expire_nodest_conn=1")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            story.director.services.together(() -> story.rules("-d -u " + SIP + " -r 10.2.0.11:5070"));
            goes(story, "10.9.1.1:5060", "a@x", 12);
            story.elapse(700).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void aTemplateStaysWithItsOwnConnectionsOnly() {
        try (Story story = service("-p 4")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            goes(story, "10.9.1.1:5061", "b@x", 12);
            goes(story, "10.9.1.1:5062", "c@x", 11);
            // That of c@x is kept alive, the others end by themselves.
            for (int i = 0; i < 10; i++) {
                story.elapse(60);
                goes(story, "10.9.1.1:5062", "c@x", 11);
            }
            story.connections("NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 c@x",
                "UDP 10.9.1.1:5062 10.1.0.100:5060 10.2.0.11:5070");
            assertEquals(1, story.director.calls.live());
            story.elapse(500).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void anAnswerAssuresTheTemplateOfItsCall() {
        try (Story story = service("-p 300")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            goes(story, "10.9.1.1:5061", "b@x", 12);
            goes(story, "10.9.1.1:5062", "c@x", 11);
            story.then(datagram(TestNetwork.serverMac(11), "10.2.0.11:5070", "10.9.1.1:5062", "ok"), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=30 udp 10.1.0.100:5060>10.9.1.1:5062")
                .connections("ASSURED 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 c@x",
                    "NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 a@x",
                    "NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.12:5070 b@x",
                    "UDP 10.9.1.1:5060 10.1.0.100:5060 10.2.0.11:5070",
                    "UDP 10.9.1.1:5061 10.1.0.100:5060 10.2.0.12:5070",
                    "UDP 10.9.1.1:5062 10.1.0.100:5060 10.2.0.11:5070");
        }
    }

    @Test
    void theEngineCanBeSetAndTakenAwayFromALivingService() {
        try (Story story = service("-p 300")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            story.rules("-E -u " + SIP + " -s rr -p 300");
            goes(story, "10.9.1.1:5061", "a@x", 12);
            goes(story, "10.9.1.1:5062", "b@x", 12);
            story.rules("-E -u " + SIP + " -s rr -p 100 --pe sip");
            goes(story, "10.9.1.1:5063", "a@x", 11);
            goes(story, "10.9.1.1:5064", "b@x", 11);
            story.connections("NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 a@x",
                "NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 b@x",
                "NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.12:5070",
                "UDP 10.9.1.1:5060 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.1:5061 10.1.0.100:5060 10.2.0.12:5070",
                "UDP 10.9.1.1:5062 10.1.0.100:5060 10.2.0.12:5070",
                "UDP 10.9.1.1:5063 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.1:5064 10.1.0.100:5060 10.2.0.11:5070");
            story.rules("-D -u " + SIP).elapse(500).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void singleDatagramsGoWhereTheirCallGoes() {
        try (Story story = service("-p 300 -o")) {
            for (int i = 0; i < 2; i++) {
                goes(story, "10.9.1.1:5060", "a@x", 11);
                goes(story, "10.9.1.1:5060", "b@x", 12);
            }
            story.then(datagram(CLIENT_ROUTER, "10.9.1.1:5060", SIP, "hello"), DROP_NO_CALL_ID)
                .connections("NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 a@x",
                    "NONE 10.9.1.1:0 10.1.0.100:5060 10.2.0.12:5070 b@x");
            assertEquals(0, story.director.calls.linked());
            story.elapse(301).connections();
            assertNothingLeft(story);
        }
    }

    private static byte[] fromServer(final int server, final String to, final String text) {
        return datagram(TestNetwork.serverMac(server), "10.2.0." + server + ":5070", to, text);
    }

    private static String answered(final String client, final String callId) {
        return "000001>0100fe ttl=63 len=" + (28 + message(callId).length()) + " udp 10.1.0.100:5060>" + client;
    }

    @Test
    void answersOfSingleDatagramsLeaveFromTheServicesAddress() {
        try (Story story = service("-p 300 -o")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            story.then(fromServer(11, "10.9.1.1:5060", message("a@x")), SENT_TO_CLIENT,
                    answered("10.9.1.1:5060", "a@x"))
                .then(fromServer(11, "10.9.1.1:5060", "hello"), BACK_REAL_SERVER)
                .connections("ASSURED 10.9.1.1:0 10.1.0.100:5060 10.2.0.11:5070 a@x");
            // Another real server that sends within the call takes it over.
            story.then(fromServer(12, "10.9.1.1:5060", message("a@x")), SENT_TO_CLIENT,
                answered("10.9.1.1:5060", "a@x"));
            goes(story, "10.9.1.1:5060", "a@x", 12);
            story.connections("ASSURED 10.9.1.1:-1 10.1.0.100:5060 10.2.0.11:5070 a@x",
                "ASSURED 10.9.1.1:0 10.1.0.100:5060 10.2.0.12:5070 a@x");
            assertEquals(1, story.director.server(1, ServerCounters.OUT_PACKETS));
            assertEquals(2, story.director.server(1, ServerCounters.CONNECTIONS));
            story.elapse(400).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void aRealServerMayTurnToAClientOfItsCall() {
        try (Story story = service("-p 300")) {
            goes(story, "10.9.1.1:5061", "r@x", 11);
            story.then(fromServer(11, "10.9.1.1:5062", message("r@x")), SENT_TO_CLIENT,
                    answered("10.9.1.1:5062", "r@x"))
                .then(fromServer(12, "10.9.1.1:5063", message("r@x")), SENT_TO_CLIENT,
                    answered("10.9.1.1:5063", "r@x"))
                .then(datagram(CLIENT_ROUTER, "10.9.1.1:5063", SIP, "ok"), SENT_TO_REAL_SERVER,
                    "000001>02000c ttl=63 len=30 udp 10.9.1.1:5063>10.2.0.12:5070");
            goes(story, "10.9.1.1:5065", "r@x", 12);
            story.connections("ASSURED 10.9.1.1:-1 10.1.0.100:5060 10.2.0.11:5070 r@x",
                "ASSURED 10.9.1.1:0 10.1.0.100:5060 10.2.0.12:5070 r@x",
                "UDP 10.9.1.1:5061 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.1:5062 10.1.0.100:5060 10.2.0.11:5070",
                "UDP 10.9.1.1:5063 10.1.0.100:5060 10.2.0.12:5070",
                "UDP 10.9.1.1:5065 10.1.0.100:5060 10.2.0.12:5070");
            story.elapse(700).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void whereNoClientsPacketCameTheWayIsNotKnown() {
        try (Story story = service("-p 300")) {
            story.then(fromServer(11, "10.9.1.77:5060", message("q@x")), BACK_REAL_SERVER)
                .then(datagram(TestNetwork.serverMac(11), "10.2.0.11:5071", "10.9.1.1:5060", message("q@x")),
                    BACK_REAL_SERVER).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void aMarksServiceHasCallsToo() {
        try (Story story = new Story("-A -f 1 -s rr -p 300 --pe sip", "-a -f 1 -r 10.2.0.12:0 -m",
            "-a -f 1 -r 10.2.0.11:0 -m").mark("add --destination 10.5.0.0/16 --mark 1")) {
            final String[] calls = {"a@x", "b@x", "a@x"};
            final int[] servers = {11, 12, 11};
            for (int i = 0; i < calls.length; i++) {
                final String client = "10.9.1.1:506" + i;
                story.then(datagram(CLIENT_ROUTER, client, "10.5.0." + (i + 1) + ":5060", message(calls[i])),
                    SENT_TO_REAL_SERVER, to(servers[i], client, calls[i]).replace(":5070", ":5060"));
            }
            story.then(Frames.tcp(CLIENT_ROUTER, MAC_0, "10.9.1.1:5060", "10.5.0.1:80", Frames.SYN, 0),
                DROP_NO_CALL_ID);
            assertEquals(2, story.director.calls.live());
            assertEquals(3, story.director.calls.linked());
            story.then(datagram(TestNetwork.serverMac(11), "10.2.0.11:5060", "10.9.1.1:5060", "ok"), SENT_TO_CLIENT,
                "000001>0100fe ttl=63 len=30 udp 10.5.0.1:5060>10.9.1.1:5060");
            assertTrue(story.director.connections().contains("ASSURED 10.9.1.1:0 0.0.0.0:0 10.2.0.11:0 a@x"),
                () -> story.director.connections().toString());
            story.elapse(700).connections();
            assertNothingLeft(story);
        }
    }

    @Test
    void anErrorAboutAnUnknownConnectionOpensNone() {
        try (Story story = service("-p 300").set("net.ipv4.vs.schedule_icmp=1")) {
            final byte[] answer = datagram(TestNetwork.serverMac(11), SIP, "10.9.1.1:5060", message("a@x"));
            story.then(Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.1", "10.1.0.100", 3, 3, 0, answer), DROP_NO_CALL_ID)
                .connections();
        }
    }

    @Test
    void whatThereIsNoRoomForIsDroppedAndCounted() {
        try (Story story = service(TestDirector.Shape.DEFAULT.capacity(1), "-p 300")) {
            goes(story, "10.9.1.1:5060", "a@x", 11);
            goes(story, "10.9.1.1:5061", "b@x", 12);
            story.then(call("10.9.1.1:5062", "c@x"), DROP_CALLS_FULL);
            // Four connections have room.
            goes(story, "10.9.1.1:5063", "a@x", 11);
            goes(story, "10.9.1.1:5064", "b@x", 12);
            story.then(call("10.9.1.1:5065", "a@x"), DROP_CALLS_FULL);
            assertEquals(2, story.director.calls.live());
            story.elapse(700).connections();
            assertNothingLeft(story);
            goes(story, "10.9.1.1:5062", "c@x", 11);
        }
    }

    @Test
    void aReplyOfNoConnectionAndNoCallIsTheKernelsToRoute() {
        try (Story story = service("-p 300")) {
            story.then(datagram(TestNetwork.serverMac(11), "10.2.0.11:5070", "10.9.1.7:5060", "hello"),
                BACK_REAL_SERVER).connections();
        }
    }

    @Test
    void workersShareCalls() {
        try (Story story = service(TestDirector.Shape.DEFAULT.workers(2), "-p 300")) {
            for (int i = 0; i < 6; i++) {
                final String client = "10.9.1.1:" + (5060 + i);
                final var sent = story.director.send(i % 2, 0, call(client, "a@x"));
                assertEquals(1, sent.size());
                assertEquals(to(11, client, "a@x"), Frames.text(sent.getFirst().frame()));
            }
            assertEquals(1, story.director.calls.live());
            assertEquals(6, story.director.calls.linked());
            story.elapse(700).connections();
            assertNothingLeft(story);
        }
    }
}
