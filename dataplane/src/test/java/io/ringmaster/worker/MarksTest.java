package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.BACK_BYPASS;
import static io.ringmaster.stats.Counter.BACK_NO_CONNECTION;
import static io.ringmaster.stats.Counter.BACK_REAL_SERVER;
import static io.ringmaster.stats.Counter.DROP_CUT;
import static io.ringmaster.stats.Counter.DROP_NO_REAL_SERVER;
import static io.ringmaster.stats.Counter.SENT_ICMP_RELAYED;
import static io.ringmaster.stats.Counter.SENT_TO_CLIENT;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.bpf.XdpReason;
import org.junit.jupiter.api.Test;

/** Services that are known by a firewall mark, and those of all ports, beside what the recordings show. */
class MarksTest {
    private static final String CLIENT = "10.9.1.1:4000";
    private static final long RS = TestNetwork.serverMac(11);

    private static byte[] in(final String client, final String to, final int flags) {
        return Frames.tcp(CLIENT_ROUTER, MAC_0, client, to, flags, 0);
    }

    private static byte[] reply(final String from, final int flags) {
        return Frames.tcp(RS, MAC_0, from, CLIENT, flags, 0);
    }

    private static String toServer(final String client, final String to) {
        return "000001>02000b ttl=63 len=40 tcp " + client + ">" + to;
    }

    private static Story marked(final String server) {
        return new Story("-A -f 1 -s rr", "-a -f 1 -r " + server).mark("add --destination 10.5.0.0/16 --mark 1");
    }

    @Test
    void twoAddressesAndPortsOfOneClientPortAreFourConnections() {
        try (Story story = marked("10.2.0.11 -m")) {
            for (final String to : new String[] {"10.5.0.1:80", "10.5.0.1:81", "10.5.0.2:80", "10.5.255.255:65535"}) {
                story.director.send(0, in(CLIENT, to, SYN));
            }
            assertEquals(4, story.director.connections().size());
            story.then(reply("10.2.0.11:81", SYN | ACK), SENT_TO_CLIENT,
                "000001>0100fe ttl=63 len=40 tcp 10.5.0.1:81>10.9.1.1:4000")
                .then(reply("10.2.0.11:65535", SYN | ACK), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.5.255.255:65535>10.9.1.1:4000")
                .then(reply("10.2.0.11:82", SYN | ACK), BACK_REAL_SERVER);
            story.director.assertTableClean();
        }
    }

    @Test
    void aRealServerWithAPortGetsAllAtThatPort() {
        try (Story story = marked("10.2.0.11:8080 -m")) {
            story.then(in(CLIENT, "10.5.0.1:81", SYN), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.2.0.11:8080"))
                .then(reply("10.2.0.11:8080", SYN | ACK), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.5.0.1:81>10.9.1.1:4000")
                .then(reply("10.2.0.11:81", SYN | ACK), BACK_REAL_SERVER)
                .connections("SYN_RECV 10.9.1.1:4000 10.5.0.1:81 10.2.0.11:8080");
            story.director.assertTableClean();
        }
    }

    @Test
    void byATemplateItGetsAllAtThePortThatWasAskedFor() {
        try (Story story = new Story("-A -f 1 -s rr -p 300", "-a -f 1 -r 10.2.0.11:8080 -m")
            .mark("add --destination 10.5.0.0/16 --mark 1")) {
            story.then(in(CLIENT, "10.5.0.1:81", SYN), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.2.0.11:81"))
                .then(reply("10.2.0.11:8080", SYN | ACK), BACK_REAL_SERVER)
                .then(reply("10.2.0.11:81", SYN | ACK), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.5.0.1:81>10.9.1.1:4000")
                .connections("NONE 10.9.1.1:0 0.0.0.0:0 10.2.0.11:0",
                    "SYN_RECV 10.9.1.1:4000 10.5.0.1:81 10.2.0.11:81");
            story.then(Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.254", "10.5.0.1", 3, 4, 1300,
                    Frames.tcp(MAC_0, CLIENT_ROUTER, "10.5.0.1:81", CLIENT, ACK, 100)), SENT_ICMP_RELAYED,
                    "000001>02000b ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.2.0.11")
                .then(Frames.icmp(RS, MAC_0, "10.2.0.11", "10.9.1.1", 3, 3, 0,
                    Frames.tcp(MAC_0, RS, CLIENT, "10.2.0.11:81", ACK, 100)), SENT_ICMP_RELAYED,
                    "000001>0100fe ttl=63 len=56 icmp 3/3 mtu=0 10.5.0.1>10.9.1.1");
            // What is there keeps its port when the service is edited, and what comes then has the real server's.
            story.rules("-E -f 1 -s rr")
                .then(in("10.9.1.1:4001", "10.5.0.1:81", SYN), SENT_TO_REAL_SERVER,
                    toServer("10.9.1.1:4001", "10.2.0.11:8080"))
                .then(in(CLIENT, "10.5.0.1:81", ACK), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.2.0.11:81"))
                .then(reply("10.2.0.11:81", ACK), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.5.0.1:81>10.9.1.1:4000");
            story.director.assertTableClean();
        }
    }

    @Test
    void ofOnePacketServicesOtherProtocolsHaveConnectionsButNoTemplate() {
        try (Story story = new Story("-A -f 1 -s rr -o", "-a -f 1 -r 10.2.0.12 -g", "-a -f 1 -r 10.2.0.11 -g")
            .mark("add --destination 10.5.0.0/16 --mark 1")) {
            final String other = "10.9.1.1:4001";
            story.then(in(CLIENT, "10.5.0.1:80", SYN), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.5.0.1:80"))
                .then(in(other, "10.5.0.1:80", SYN), SENT_TO_REAL_SERVER,
                    toServer(other, "10.5.0.1:80").replace("02000b", "02000c"))
                .then(in(CLIENT, "10.5.0.1:80", ACK), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.5.0.1:80"));
            assertEquals(2, story.director.connections().size());
            story.director.assertTableClean();
        }
    }

    @Test
    void aMarkCountsMoreThanAddressAndPort() {
        try (Story story = new Story("-A -t 10.1.0.100:80 -s rr", "-a -t 10.1.0.100:80 -r 10.2.0.12 -g",
            "-A -f 1 -s rr", "-a -f 1 -r 10.2.0.11 -g")) {
            final String other = "000001>02000c ttl=63 len=40 tcp " + CLIENT + ">10.1.0.100:80";
            story.then(in(CLIENT, "10.1.0.100:80", SYN), SENT_TO_REAL_SERVER, other)
                .mark("add --destination 10.1.0.100 --source 10.9.1.2 --mark 1")
                .then(in(CLIENT, "10.1.0.100:80", SYN), SENT_TO_REAL_SERVER, other)
                .then(in("10.9.1.2:4000", "10.1.0.100:80", SYN), SENT_TO_REAL_SERVER,
                    toServer("10.9.1.2:4000", "10.1.0.100:80"))
                .then(in("10.9.1.3:4000", "10.1.0.100:80", SYN), SENT_TO_REAL_SERVER,
                    other.replace(CLIENT, "10.9.1.3:4000"))
                .mark("del --destination 10.1.0.100 --source 10.9.1.2 --mark 1")
                .then(in("10.9.1.2:4001", "10.1.0.100:80", SYN), SENT_TO_REAL_SERVER,
                    other.replace(CLIENT, "10.9.1.2:4001"));
            story.director.assertTableClean();
        }
    }

    @Test
    void onlyMarksOfServicesLeaveTheKernelsPath() {
        try (Story story = new Story().mark("add --destination 10.5.0.0/16 --protocol tcp --port 80-81 --mark 1")) {
            assertEquals(XdpReason.PASSED_NO_SERVICE, story.director.decision(in(CLIENT, "10.5.0.1:80", SYN)));
            story.rules("-A -f 1 -s rr");
            assertEquals(XdpReason.REDIRECTED_SERVICE, story.director.decision(in(CLIENT, "10.5.0.1:81", SYN)));
            assertEquals(XdpReason.PASSED_NO_SERVICE, story.director.decision(in(CLIENT, "10.5.0.1:82", SYN)));
            story.rules("-D -f 1");
            assertEquals(XdpReason.PASSED_NO_SERVICE, story.director.decision(in(CLIENT, "10.5.0.1:80", SYN)));
        }
    }

    @Test
    void errorsFollowTheirConnectionBothWays() {
        try (Story story = marked("10.2.0.11 -m")) {
            story.director.send(0, in(CLIENT, "10.5.0.1:81", SYN));
            story.then(Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.254", "10.5.0.1", 3, 4, 1300,
                    Frames.tcp(MAC_0, CLIENT_ROUTER, "10.5.0.1:81", CLIENT, ACK, 100)), SENT_ICMP_RELAYED,
                    "000001>02000b ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.2.0.11")
                .then(Frames.icmp(RS, MAC_0, "10.2.0.11", "10.9.1.1", 3, 3, 0,
                    Frames.tcp(MAC_0, RS, CLIENT, "10.2.0.11:81", ACK, 100)), SENT_ICMP_RELAYED,
                    "000001>0100fe ttl=63 len=56 icmp 3/3 mtu=0 10.5.0.1>10.9.1.1");
        }
    }

    @Test
    void aClientOfAServiceOfAllPortsKeepsItsRealServer() {
        try (Story story = new Story("-A -t 10.1.0.100:0 -s rr -p 100", "-a -t 10.1.0.100:0 -r 10.2.0.12:0 -m",
            "-a -t 10.1.0.100:0 -r 10.2.0.11:0 -m", "-A -t 10.1.0.100:80 -s rr",
            "-a -t 10.1.0.100:80 -r 10.2.0.12:80 -m")) {
            story.then(in(CLIENT, "10.1.0.100:21", SYN), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.2.0.11:21"))
                .then(in(CLIENT, "10.1.0.100:22", SYN), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.2.0.11:22"))
                .then(in(CLIENT, "10.1.0.100:80", SYN), SENT_TO_REAL_SERVER,
                    "000001>02000c ttl=63 len=40 tcp " + CLIENT + ">10.2.0.12:80")
                .then(reply("10.2.0.11:22", SYN | ACK), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:22>10.9.1.1:4000")
                .then(in(CLIENT, "10.1.0.100:23", ACK), BACK_NO_CONNECTION);
            story.director.assertTableClean();
            story.elapse(101).elapse(61);
            assertEquals(0, story.director.connections().size());
        }
    }

    @Test
    void aRealServerWithPortZeroIsReachedAtTheServicesPort() {
        try (Story story = new Story("-A -t 10.1.0.100:80 -s rr", "-a -t 10.1.0.100:80 -r 10.2.0.11:0 -m")) {
            story.then(in(CLIENT, "10.1.0.100:80", SYN), SENT_TO_REAL_SERVER, toServer(CLIENT, "10.2.0.11:80"))
                .then(reply("10.2.0.11:80", SYN | ACK), SENT_TO_CLIENT,
                    "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000");
            story.connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
        }
    }

    @Test
    void aSegmentThatIsCutOffGoesOnWithoutTranslationOnly() {
        final byte[] cut = CutPacketsTest.cut(in(CLIENT, "10.5.0.1:81", ACK), 8);
        try (Story story = marked("10.2.0.11 -m")) {
            story.director.send(0, in(CLIENT, "10.5.0.1:81", SYN));
            story.then(cut, DROP_CUT);
        }
        try (Story story = marked("10.2.0.11 -g")) {
            story.director.send(0, in(CLIENT, "10.5.0.1:81", SYN));
            assertEquals(1, story.director.send(0, cut).size());
        }
    }

    @Test
    void withoutRealServerPacketsGoWhereTheirClientSentThemIfThatIsSet() {
        try (Story story = new Story("-A -f 1 -s rr").mark("add --destination 10.5.0.0/16 --mark 1")) {
            story.then(in(CLIENT, "10.5.0.1:81", SYN), DROP_NO_REAL_SERVER).connections()
                .set("cache_bypass=1")
                .then(in(CLIENT, "10.5.0.1:81", SYN), BACK_BYPASS)
                .connections("SYN_RECV 10.9.1.1:4000 10.5.0.1:81 0.0.0.0:0")
                .rules("-a -f 1 -r 10.2.0.11 -m")
                .then(in(CLIENT, "10.5.0.1:81", ACK), BACK_BYPASS)
                .connections("ESTABLISHED 10.9.1.1:4000 10.5.0.1:81 0.0.0.0:0");
            story.director.assertTableClean();
            story.elapse(901).connections().then(in(CLIENT, "10.5.0.1:81", SYN), SENT_TO_REAL_SERVER,
                toServer(CLIENT, "10.2.0.11:81"));
        }
    }
}
