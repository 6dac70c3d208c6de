package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.BACK_REAL_SERVER;
import static io.ringmaster.stats.Counter.SENT_ICMP_ERROR;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import org.junit.jupiter.api.Test;

/** One-packet scheduling: no connection is made, each datagram has a real server of its own. */
class OnePacketTest {
    private static final String DNS = "10.1.0.100:53";

    private static byte[] query(final String client) {
        return Frames.udp(TestNetwork.CLIENT_ROUTER, TestNetwork.MAC_0, client, DNS, 5);
    }

    private static Story service(final String options, final String method) {
        return new Story("-A -u " + DNS + " -s rr -o " + options, "-a -u " + DNS + " -r 10.2.0.12 " + method,
            "-a -u " + DNS + " -r 10.2.0.11 " + method);
    }

    private static String to(final int last, final String destination) {
        return "000001>0200" + (last == 11 ? "0b" : "0c") + " ttl=63 len=33 udp 10.9.1.1:4000>" + destination + ":53";
    }

    @Test
    void eachDatagramOfOneClientIsScheduledAndNoneIsRemembered() {
        try (Story story = service("", "-m")) {
            story.then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.2.0.11"))
                .then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(12, "10.2.0.12"))
                .then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.2.0.11"))
                .connections();
            assertEquals(2, story.director.server(2, ServerCounters.CONNECTIONS));
            assertEquals(66, story.director.server(2, ServerCounters.IN_BYTES));
            assertEquals(0, story.director.server(2, ServerCounters.INACTIVE));
            assertEquals(3, story.director.count(Counter.CONNECTIONS_ENDED));
            story.director.assertTableClean();
        }
    }

    @Test
    void aReplyOfNoConnectionIsTheKernelsToRoute() {
        try (Story story = service("", "-m")) {
            story.then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.2.0.11"))
                .then(Frames.udp(TestNetwork.serverMac(11), TestNetwork.MAC_0, "10.2.0.11:53", "10.9.1.1:4000", 5),
                    BACK_REAL_SERVER);
        }
    }

    @Test
    void errorsOfOurOwnAreCountedAsRepliesOfConnectionsOnly() {
        for (final String method : new String[] {"-g", "-i"}) {
            try (Story story = new Story("-A -u " + DNS + " -s rr -o", "-a -u " + DNS + " -r 10.2.0.11 " + method)) {
                final byte[] last = Frames.timeToLive(query("10.9.1.1:4000"), 1);
                final String error = "000001>0100fe ttl=64 len=61 icmp 11/0 mtu=0 10.1.0.100>10.9.1.1";
                story.then(last, SENT_ICMP_ERROR, error);
                assertEquals(1, story.director.server(1, ServerCounters.IN_PACKETS));
                assertEquals(0, story.director.server(1, ServerCounters.OUT_PACKETS));
                story.rules("-E -u " + DNS + " -s rr").then(last, SENT_ICMP_ERROR, error);
                assertEquals(1, story.director.server(1, ServerCounters.OUT_PACKETS));
            }
        }
    }

    @Test
    void connectionsOfBeforeKeepTheirRealServerAndNewDatagramsMakeNone() {
        try (Story story = new Story("-A -u " + DNS + " -s rr", "-a -u " + DNS + " -r 10.2.0.12 -g",
            "-a -u " + DNS + " -r 10.2.0.11 -g")) {
            story.then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.1.0.100"))
                .rules("-E -u " + DNS + " -s rr -o")
                .then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.1.0.100"))
                .then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.1.0.100"))
                .connections("UDP 10.9.1.1:4000 10.1.0.100:53 10.2.0.11:53")
                .elapse(301).connections()
                .then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(12, "10.1.0.100"))
                .connections();
        }
    }

    @Test
    void aTemplateIsMadeAndKeptByItsTimeAlone() {
        try (Story story = service("-p 30", "-m")) {
            story.then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.2.0.11"))
                .then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(11, "10.2.0.11"))
                .connections("NONE 10.9.1.1:0 10.1.0.100:53 10.2.0.11:53")
                .elapse(31).connections()
                .then(query("10.9.1.1:4000"), SENT_TO_REAL_SERVER, to(12, "10.2.0.12"));
            story.director.assertTableClean();
        }
    }

    @Test
    void withNoRealServerTheClientIsTold() {
        try (Story story = new Story("-A -u " + DNS + " -s rr -o")) {
            story.then(query("10.9.1.1:4000"), SENT_ICMP_ERROR,
                "000001>0100fe ttl=64 len=61 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1");
        }
    }
}
