package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.SENT_ICMP_ERROR;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.RST;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What recordings of persistence do not show: edits, deletions, a full table, two workers. */
class PersistenceTest {
    private static final String ADD_11 = "-a -t " + VIP + " -r 10.2.0.11:80 -m";
    private static final String ADD_12 = "-a -t " + VIP + " -r 10.2.0.12:80 -m";

    private static Story service(final String options) {
        return new Story("-A -t " + VIP + " -s rr " + options, ADD_12, ADD_11);
    }

    private static String to(final int server, final String client) {
        return "000001>0200" + (server == 11 ? "0b" : "0c") + " ttl=63 len=40 tcp " + client + ">10.2.0." + server
            + ":80";
    }

    private static Story opens(final Story story, final String client, final int server) {
        return story.then(fromClient(client, SYN), SENT_TO_REAL_SERVER, to(server, client));
    }

    private static long templates(final Story story, final int number) {
        return story.director.server(number, ServerCounters.PERSISTENT);
    }

    @Test
    void aTemplateOutlivesItsTimeAsLongAsAnyOfItsConnections() {
        try (Story story = service("-p 30")) {
            opens(story, "10.9.1.1:4000", 11);
            story.then(fromServer(SYN | ACK), Counter.SENT_TO_CLIENT,
                "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000")
                .then(fromClient(ACK), SENT_TO_REAL_SERVER, to(11, "10.9.1.1:4000"));
            for (int minute = 0; minute < 14; minute++) {
                story.elapse(60).connections("ASSURED 10.9.1.1:0 10.1.0.100:80 10.2.0.11:80",
                    "ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
            }
            assertEquals(1, templates(story, 2));
            story.elapse(61).elapse(60).connections();
            assertEquals(0, templates(story, 2));
            opens(story, "10.9.1.1:4001", 12);
        }
    }

    @Test
    void aSynOnAFinishedConnectionOfATemplateStaysWithIt() {
        try (Story story = service("-p 300")) {
            opens(story, "10.9.1.1:4000", 11);
            story.then(fromServer(RST), Counter.SENT_TO_CLIENT,
                "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000")
                .connections("CLOSE 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80",
                    "NONE 10.9.1.1:0 10.1.0.100:80 10.2.0.11:80");
            opens(story, "10.9.1.1:4000", 11)
                .connections("NONE 10.9.1.1:0 10.1.0.100:80 10.2.0.11:80",
                    "SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
            assertEquals(0, story.director.count(Counter.CONNECTIONS_ENDED));
        }
    }

    @Test
    void connectionsOfADeletedServiceDoNotKeepItsTemplatesForEver() {
        try (Story story = service("-p 30 -M 255.255.0.0")) {
            opens(story, "10.9.1.1:4000", 11);
            opens(story, "10.9.2.1:4000", 11);
            story.rules("-D -t " + VIP).elapse(59)
                .connections("NONE 10.9.0.0:0 10.1.0.100:80 10.2.0.11:80",
                    "SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80",
                    "SYN_RECV 10.9.2.1:4000 10.1.0.100:80 10.2.0.11:80")
                .elapse(40).connections();
            assertEquals(0, templates(story, 2));
        }
    }

    @Test
    void anEditedMaskIsForNewTemplatesAndTheOldOnesEnd() {
        try (Story story = service("-p 30 -M 255.255.255.0")) {
            opens(story, "10.9.1.1:4000", 11);
            story.rules("-E -t " + VIP + " -s rr -p 30");
            opens(story, "10.9.1.1:4001", 12);
            story.connections("NONE 10.9.1.0:0 10.1.0.100:80 10.2.0.11:80",
                "NONE 10.9.1.1:0 10.1.0.100:80 10.2.0.12:80",
                "SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80",
                "SYN_RECV 10.9.1.1:4001 10.1.0.100:80 10.2.0.12:80")
                .elapse(130).connections();
            assertEquals(0, templates(story, 1) + templates(story, 2));
        }
    }

    private static Story isEstablished(final Story story, final String client) {
        return story.then(fromServer(SYN | ACK), Counter.SENT_TO_CLIENT,
                "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>" + client)
            .then(fromClient(client, ACK), SENT_TO_REAL_SERVER, to(11, client));
    }

    @Test
    void aConnectionAssuresTheTemplateOfAnEditedMaskThatMadeIt() {
        try (Story story = service("-p 300 -M 255.255.255.0")) {
            opens(story, "10.9.1.1:4000", 11);
            story.rules("-E -t " + VIP + " -s rr -p 300");
            isEstablished(story, "10.9.1.1:4000").connections("ASSURED 10.9.1.0:0 10.1.0.100:80 10.2.0.11:80",
                "ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
        }
    }

    @Test
    void aConnectionAssuresTheTemplateOfAServiceThatIsNotPersistentAnyMore() {
        try (Story story = service("-p 300 -M 255.255.0.0")) {
            opens(story, "10.9.1.1:4000", 11);
            story.rules("-E -t " + VIP + " -s rr");
            isEstablished(story, "10.9.1.1:4000").connections("ASSURED 10.9.0.0:0 10.1.0.100:80 10.2.0.11:80",
                "ESTABLISHED 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
        }
    }

    /** Seconds that the template of a client is there for. */
    private static long timeLeft(final Story story, final String client) {
        final List<Long> seconds = new ArrayList<>();
        story.director.eachConnection((cip, cport, endpoint, realServer, state, expireSec) -> {
            if (cport == 0 && cip.toString().equals(client)) {
                seconds.add(expireSec);
            }
        });
        assertEquals(1, seconds.size());
        return seconds.getFirst();
    }

    @Test
    void aTemplateKeepsTheTimeItWasMadeWith() {
        try (Story story = service("-p 300")) {
            opens(story, "10.9.1.1:4000", 11);
            story.rules("-E -t " + VIP + " -s rr -p 500");
            opens(story, "10.9.1.2:4000", 12);
            story.rules("-E -t " + VIP + " -s rr", "-E -t " + VIP + " -s rr -p 100").elapse(20);
            opens(story, "10.9.1.3:4000", 11);
            opens(story, "10.9.1.1:4001", 11);
            opens(story, "10.9.1.2:4001", 12);
            assertEquals(99, timeLeft(story, "10.9.1.3"), 1);
            assertEquals(299, timeLeft(story, "10.9.1.1"), 1);
            assertEquals(499, timeLeft(story, "10.9.1.2"), 1);
            story.rules("-D -t " + VIP, "-A -t " + VIP + " -s rr -p 40", ADD_12, ADD_11).elapse(20);
            opens(story, "10.9.1.2:4002", 12);
            assertEquals(499, timeLeft(story, "10.9.1.2"), 1);
            story.director.assertTableClean();
        }
    }

    @Test
    void ofManyTimesTheOldestGoes() {
        try (Story story = service("-p 300")) {
            opens(story, "10.9.1.1:4000", 11);
            for (int sec = 301; sec < 304; sec++) {
                story.rules("-E -t " + VIP + " -s rr -p " + sec, "-E -t " + VIP + " -s rr -p 300");
            }
            story.rules("-E -t " + VIP + " -s rr -p 303").elapse(20);
            opens(story, "10.9.1.1:4001", 11);
            assertEquals(299, timeLeft(story, "10.9.1.1"), 1);
            story.rules("-E -t " + VIP + " -s rr -p 900").elapse(20);
            opens(story, "10.9.1.1:4002", 11);
            assertEquals(899, timeLeft(story, "10.9.1.1"), 1);
        }
    }

    @Test
    void persistenceThatIsEditedAwayLetsConnectionsGo() {
        try (Story story = service("-p 30")) {
            opens(story, "10.9.1.1:4000", 11);
            story.rules("-E -t " + VIP + " -s rr");
            opens(story, "10.9.1.1:4001", 12);
            story.elapse(130).connections();
            assertEquals(0, templates(story, 2));
        }
    }

    @Test
    void quiescedKeepsItsClientsRemovedLosesThem() {
        try (Story story = service("-p 300")) {
            opens(story, "10.9.1.1:4000", 11);
            story.rules("-e -t " + VIP + " -r 10.2.0.11:80 -m -w 0");
            opens(story, "10.9.1.1:4001", 11);
            story.rules("-d -t " + VIP + " -r 10.2.0.11:80");
            opens(story, "10.9.1.1:4002", 12);
            story.rules(ADD_11);
            opens(story, "10.9.1.1:4003", 12);
            assertEquals(1, templates(story, 1));
            assertEquals(1, templates(story, 2), "the old one stays for its connections");
            story.elapse(400).connections();
            assertEquals(0, templates(story, 1) + templates(story, 2));
        }
    }

    @Test
    void noTemplateIsLeftOfAClientThatNobodyTakes() {
        try (Story story = new Story("-A -t " + VIP + " -s rr -p 300", ADD_11 + " -w 0")) {
            story.then(fromClient(SYN), SENT_ICMP_ERROR,
                "000001>0100fe ttl=64 len=68 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1").connections();
            assertEquals(0, templates(story, 1));
        }
    }

    @Test
    void templatesDoNotCountAgainstThresholds() {
        try (Story story = new Story("-A -t " + VIP + " -s rr -p 300", ADD_12, ADD_11 + " -x 2")) {
            opens(story, "10.9.1.1:4000", 11);
            opens(story, "10.9.1.2:4000", 12);
            opens(story, "10.9.1.3:4000", 11);
            opens(story, "10.9.1.4:4000", 12);
            opens(story, "10.9.1.5:4000", 12);
            opens(story, "10.9.1.1:4001", 11);
        }
    }

    @Test
    void aFloodOfClientsDoesNotFillTheTableWithTemplates() {
        final TestDirector.Shape small = TestDirector.Shape.DEFAULT.capacity(1_000);
        try (Story story = new Story(small, "-A -t " + VIP + " -s rr -p 86400", ADD_12, ADD_11)) {
            for (int i = 0; i < 20_000; i++) {
                story.director.send(0, fromClient("10.8." + (i >> 8) + "." + (i & 255) + ":4000", SYN));
                story.director.jump(1);
            }
            final long dropped = story.director.count(Counter.DROP_TABLE_FULL);
            assertTrue(dropped < 1_000, dropped + " dropped");
            assertTrue(story.director.count(Counter.CONNECTIONS_EVICTED) > 1_000);
            final long carried = story.director.connections().size();
            long counted = 0;
            for (int number = 1; number <= 2; number++) {
                counted += templates(story, number) + story.director.server(number, ServerCounters.ACTIVE);
            }
            assertEquals(carried, counted);
        }
    }

    @Test
    void workersShareTemplates() {
        final TestDirector.Shape two = TestDirector.Shape.DEFAULT.capacity(16_384).workers(2).twoArmed(1500, 1500);
        try (Story story = new Story(two, "-A -t " + VIP + " -s rr -p 30", ADD_12, ADD_11)) {
            for (int i = 0; i < 400; i++) {
                final String client = "10.9.1." + (1 + i % 10) + ":" + (4000 + i);
                story.director.send(i % 3 % 2, 0, fromClient(client, SYN));
            }
            assertEquals(10, templates(story, 1) + templates(story, 2));
            assertEquals(400, story.director.server(1, ServerCounters.ACTIVE)
                + story.director.server(2, ServerCounters.ACTIVE));
            assertEquals(40 * templates(story, 1), story.director.server(1, ServerCounters.ACTIVE));
            story.elapse(130).connections();
            assertEquals(0, templates(story, 1) + templates(story, 2));
        }
    }
}
