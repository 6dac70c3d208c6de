package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.BACK_REAL_SERVER;
import static io.ringmaster.stats.Counter.DROP_REAL_SERVER_REMOVED;
import static io.ringmaster.stats.Counter.SENT_ICMP_RELAYED;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.FIN;
import static io.ringmaster.worker.Frames.IP;
import static io.ringmaster.worker.Frames.RST;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.FtpTest.CLIENT;
import static io.ringmaster.worker.FtpTest.REPLY;
import static io.ringmaster.worker.FtpTest.VIP;
import static io.ringmaster.worker.FtpTest.client;
import static io.ringmaster.worker.FtpTest.server;
import static io.ringmaster.worker.FtpTest.through;
import static io.ringmaster.worker.Story.RS;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** FTP through NAT in services of all ports and of a firewall mark, beside what the recordings show. */
class FtpOfSeveralPortsTest {
    private static final String CHANGED = REPLY.replace("10,2,0,11", "10,1,0,100");

    private static Story marked(final String server, final String... options) {
        return new Story("-A -f 1 -s rr " + String.join(" ", options), "-a -f 1 -r " + server + " -m")
            .mark("add --destination " + VIP + " --protocol tcp --mark 1");
    }

    private static Story handshake(final Story story, final int vport, final int rport) {
        through(story, client(4000, vport, SYN, 100, 0, ""));
        through(story, server(rport, 4000, SYN | ACK, 500, 101, ""));
        through(story, client(4000, vport, ACK, 101, 501, ""));
        return story;
    }

    private static String text(final byte[] frame) {
        return new String(frame, IP, frame.length - IP, StandardCharsets.ISO_8859_1);
    }

    private static String ends(final byte[] frame) {
        return Frames.text(frame).replaceAll(".* tcp ", "");
    }

    @Test
    void aRealServerWithAPortOpensActiveConnectionsFromBelowIt() {
        try (Story story = handshake(marked("10.2.0.11:2121"), 21, 2121)) {
            through(story, client(4000, 21, ACK, 101, 501, "PORT 10,9,1,1,20,30\r\n"));
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:2121",
                "LISTEN 10.9.1.1:5150 10.1.0.100:20 10.2.0.11:2120");
            assertEquals("10.1.0.100:20>10.9.1.1:5150", ends(through(story, server(2120, 5150, SYN, 1, 0, ""))));
            assertEquals("10.9.1.1:5150>10.2.0.11:2120",
                ends(through(story, client(5150, 20, SYN | ACK, 1, 2, ""))));
            story.then(server(20, 5150, ACK, 2, 2, ""), BACK_REAL_SERVER)
                .then(server(2119, 5150, ACK, 2, 2, ""), BACK_REAL_SERVER);
            story.then(Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.254", VIP, 3, 4, 1300,
                    Frames.tcp(MAC_0, CLIENT_ROUTER, VIP + ":20", CLIENT + ":5150", ACK, 100)), SENT_ICMP_RELAYED,
                    "000001>02000b ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.2.0.11")
                .then(Frames.icmp(RS, MAC_0, "10.2.0.11", CLIENT, 3, 3, 0,
                    Frames.tcp(MAC_0, RS, CLIENT + ":5150", "10.2.0.11:2120", ACK, 100)), SENT_ICMP_RELAYED,
                    "000001>0100fe ttl=63 len=56 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1");
            story.director.assertTableClean();
            story.elapse(1_000).elapse(1_000).connections();
        }
    }

    @Test
    void itsPassiveConnectionsKeepTheirPort() {
        try (Story story = handshake(marked("10.2.0.11:2121"), 21, 2121)) {
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            assertTrue(text(through(story, server(2121, 4000, ACK, 501, 107, REPLY))).endsWith(CHANGED));
            assertEquals("10.9.1.1:4444>10.2.0.11:51210", ends(through(story, client(4444, 51210, SYN, 1, 0, ""))));
            assertEquals("10.1.0.100:51210>10.9.1.1:4444",
                ends(through(story, server(51210, 4444, SYN | ACK, 1, 2, ""))));
            // Whatever nobody spoke of is scheduled as all else, and goes to the real server's port.
            assertEquals("10.9.1.1:4445>10.2.0.11:2121", ends(through(story, client(4445, 51210, SYN, 1, 0, ""))));
            story.then(server(51210, 4445, SYN | ACK, 1, 2, ""), BACK_REAL_SERVER);
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:2121",
                "SYN_RECV 10.9.1.1:4444 10.1.0.100:51210 10.2.0.11:51210",
                "SYN_RECV 10.9.1.1:4445 10.1.0.100:51210 10.2.0.11:2121");
            through(story, client(4444, 51210, RST, 2, 2, ""));
            through(story, client(4000, 21, FIN | ACK, 107, 501, ""));
            story.director.assertTableClean();
            story.elapse(1_000).elapse(1_000).connections();
        }
    }

    @Test
    void byATemplateEveryPortIsKept() {
        try (Story story = handshake(new Story("-A -t " + VIP + ":0 -s rr -p 300",
            "-a -t " + VIP + ":0 -r 10.2.0.11:2121 -m"), 21, 21)) {
            through(story, client(4000, 21, ACK, 101, 501, "PORT 10,9,1,1,20,30\r\n"));
            assertEquals("10.1.0.100:20>10.9.1.1:5150", ends(through(story, server(20, 5150, SYN, 1, 0, ""))));
            through(story, client(4000, 21, ACK, 122, 501, "PASV\r\n"));
            assertTrue(text(through(story, server(21, 4000, ACK, 501, 128, REPLY))).endsWith(CHANGED));
            story.connections("ASSURED 10.9.1.1:0 10.1.0.100:0 10.2.0.11:0",
                "ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:21",
                "LISTEN 10.9.1.1:0 10.1.0.100:51210 10.2.0.11:51210",
                "LISTEN 10.9.1.1:5150 10.1.0.100:20 10.2.0.11:20");
            story.rules("-d -t " + VIP + ":0 -r 10.2.0.11:2121")
                .then(client(4444, 51210, SYN, 1, 0, ""), DROP_REAL_SERVER_REMOVED);
            story.elapse(2_000).elapse(2_000).connections();
        }
    }

    @Test
    void onlyPortsOfFtpAreListenedTo() {
        try (Story story = handshake(marked("10.2.0.11:0"), 2121, 2121)) {
            through(story, client(4000, 2121, ACK, 101, 501, "PASV\r\n"));
            assertTrue(text(through(story, server(2121, 4000, ACK, 501, 107, REPLY))).endsWith(REPLY));
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:2121 10.2.0.11:2121");
        }
    }
}
