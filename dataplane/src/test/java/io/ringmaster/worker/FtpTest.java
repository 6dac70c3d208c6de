package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.BACK_NO_CONNECTION;
import static io.ringmaster.stats.Counter.BACK_REAL_SERVER;
import static io.ringmaster.stats.Counter.DROP_BAD_CHECKSUM;
import static io.ringmaster.stats.Counter.FTP_UNHEEDED;
import static io.ringmaster.stats.Counter.SENT_ICMP_RELAYED;
import static io.ringmaster.stats.Counter.SENT_TO_CLIENT;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.FIN;
import static io.ringmaster.worker.Frames.IP;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.RS;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.connection.SideTable;
import io.ringmaster.stats.ServerCounters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** FTP through NAT, and what of it needs no help by direct routing. */
class FtpTest {
    static final String VIP = "10.1.0.100";
    static final String CLIENT = "10.9.1.1";
    static final String REPLY = "227 Entering Passive Mode (10,2,0,11,200,10).\r\n";
    private static final String CHANGED = "227 Entering Passive Mode (10,1,0,100,200,10).\r\n";
    private static final int DATA = IP + 40;

    private static Story nat(final int vport, final int rport) {
        return new Story("-A -t " + VIP + ":" + vport + " -s rr",
            "-a -t " + VIP + ":" + vport + " -r 10.2.0.11:" + rport + " -m");
    }

    static Story established() {
        return handshake(nat(21, 21), 21, 21);
    }

    private static Story handshake(final Story story, final int vport, final int rport) {
        through(story, client(4000, vport, SYN, 100, 0, ""));
        through(story, server(rport, 4000, SYN | ACK, 500, 101, ""));
        through(story, client(4000, vport, ACK, 101, 501, ""));
        return story;
    }

    static byte[] client(final int cport, final int vport, final int flags, final int sequence,
                                 final int acknowledged, final String data) {
        return segment(Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT + ":" + cport, VIP + ":" + vport, flags, data.length()),
            sequence, acknowledged, data);
    }

    static byte[] server(final int rport, final int cport, final int flags, final int sequence,
                                 final int acknowledged, final String data) {
        return segment(Frames.tcp(RS, MAC_0, "10.2.0.11:" + rport, CLIENT + ":" + cport, flags, data.length()),
            sequence, acknowledged, data);
    }

    private static byte[] segment(final byte[] frame, final int sequence, final int acknowledged, final String data) {
        ByteBuffer.wrap(frame).putInt(IP + 24, sequence).putInt(IP + 28, acknowledged)
            .put(DATA, data.getBytes(StandardCharsets.ISO_8859_1));
        return Frames.sealed(frame);
    }

    /** The one packet that comes out, all checksums of it right. */
    static byte[] through(final Story story, final byte[] in) {
        final List<TestDirector.Sent> sent = story.director.send(0, in);
        assertEquals(1, sent.size(), () -> "packets out for " + Frames.text(in));
        assertTrue(Frames.holds(sent.getFirst().frame()), () -> "checksums of " + Frames.text(sent.getFirst().frame()));
        return sent.getFirst().frame();
    }

    private static String data(final byte[] frame) {
        final int header = (frame[IP + 32] >> 4 & 0xf) * 4;
        return new String(frame, IP + 20 + header, Frames.u16(frame, IP + 2) - 20 - header,
            StandardCharsets.ISO_8859_1);
    }

    private static int sequence(final byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(IP + 24);
    }

    private static int acknowledged(final byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(IP + 28);
    }

    private static String ends(final byte[] frame) {
        return Frames.text(frame).replaceAll(".* tcp ", "");
    }

    @Test
    void aPassiveReplyNamesTheServiceAndNumbersMove() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            final byte[] reply = through(story, server(21, 4000, ACK, 501, 107, REPLY));
            assertEquals(CHANGED, data(reply));
            assertEquals(501, sequence(reply));
            final int end = 501 + CHANGED.length();
            assertEquals(501 + REPLY.length(), acknowledged(through(story, client(4000, 21, ACK, 107, end, ""))));
            final byte[] next = through(story, server(21, 4000, ACK, 501 + REPLY.length(), 107, "150 Ok\r\n"));
            assertEquals(end, sequence(next));
            assertEquals("150 Ok\r\n", data(next));
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:21",
                "LISTEN 10.9.1.1:0 10.1.0.100:51210 10.2.0.11:51210");
            assertEquals("10.9.1.1:4444>10.2.0.11:51210", ends(through(story, client(4444, 51210, SYN, 1, 0, ""))));
            assertEquals("10.1.0.100:51210>10.9.1.1:4444",
                ends(through(story, server(51210, 4444, SYN | ACK, 1, 2, ""))));
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:21",
                "SYN_RECV 10.9.1.1:4444 10.1.0.100:51210 10.2.0.11:51210");
            assertEquals(2, story.director.server(1, ServerCounters.ACTIVE));
            assertEquals(0, story.director.server(1, ServerCounters.INACTIVE));
            // Nobody else's port is expected, nor is this one any more.
            story.then(client(4445, 51211, SYN, 1, 0, ""), BACK_NO_CONNECTION);
            story.then(client(4445, 51210, SYN, 1, 0, ""), BACK_NO_CONNECTION);
        }
    }

    @Test
    void aReplyThatComesAgainIsChangedAgainAndNumbersStay() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            final byte[] first = through(story, server(21, 4000, ACK, 501, 107, REPLY));
            final byte[] again = through(story, server(21, 4000, ACK, 501, 107, REPLY));
            assertEquals(data(first), data(again));
            assertEquals(sequence(first), sequence(again));
            assertEquals(501 + CHANGED.length(), sequence(through(story, server(21, 4000, ACK, 501 + REPLY.length(),
                107, "x"))));
            // Unasked, the same line is not changed.
            final int later = 502 + REPLY.length();
            assertEquals(REPLY, data(through(story, server(21, 4000, ACK, later, 107, REPLY))));
        }
    }

    @Test
    void offsetsAddUpAndSelectiveAcknowledgmentsMove() {
        try (Story story = established()) {
            int sequence = 501;
            int received = 501;
            int sent = 101;
            for (int i = 0; i < 5; i++) {
                through(story, client(4000, 21, ACK, sent, received, "PASV\r\n"));
                sent += 6;
                assertEquals(received, sequence(through(story, server(21, 4000, ACK, sequence, sent, REPLY))));
                sequence += REPLY.length();
                received += CHANGED.length();
            }
            assertEquals(5, received - sequence);
            final byte[] selective = Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT + ":4000", VIP + ":21", ACK, 12);
            ByteBuffer.wrap(selective).putInt(IP + 24, sent).putInt(IP + 28, received).put(IP + 32, (byte) 0x80)
                .put(DATA, (byte) 1).put(DATA + 1, (byte) 5).put(DATA + 2, (byte) 10)
                .putInt(DATA + 3, received + 100).putInt(DATA + 7, received + 200).put(DATA + 11, (byte) 1);
            final byte[] out = through(story, Frames.sealed(selective));
            assertEquals(sequence, acknowledged(out));
            assertEquals(sequence + 100, ByteBuffer.wrap(out).getInt(DATA + 3));
            assertEquals(sequence + 200, ByteBuffer.wrap(out).getInt(DATA + 7));
        }
    }

    @Test
    void anExtendedPassiveReplyNamesThePortAlone() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "EPSV\r\n"));
            final String said = "229 Entering Extended Passive Mode (|1|10.2.0.11|51211|)\r\n";
            assertEquals("229 Entering Extended Passive Mode (|||51211|)\r\n",
                data(through(story, server(21, 4000, ACK, 501, 107, said))));
            assertEquals("10.9.1.1:4444>10.2.0.11:51211", ends(through(story, client(4444, 51211, SYN, 1, 0, ""))));
        }
    }

    /** In the kernel the data connection would go there. */
    @Test
    void anotherAddressInAPassiveReplyDoesNotMatter() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            assertEquals(CHANGED, data(through(story, server(21, 4000, ACK, 501, 107,
                "227 Entering Passive Mode (192,0,2,1,200,10).\r\n"))));
            assertEquals("10.9.1.1:4444>10.2.0.11:51210", ends(through(story, client(4444, 51210, SYN, 1, 0, ""))));
        }
    }

    @Test
    void anActiveConnectionLeavesFromBelowTheServicesPort() {
        try (Story story = handshake(nat(21, 2121), 21, 2121)) {
            through(story, client(4000, 21, ACK, 101, 501, "PORT 10,9,1,1,20,30\r\n"));
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:2121",
                "LISTEN 10.9.1.1:5150 10.1.0.100:20 10.2.0.11:2120");
            assertEquals("10.1.0.100:20>10.9.1.1:5150", ends(through(story, server(2120, 5150, SYN, 1, 0, ""))));
            assertEquals("10.9.1.1:5150>10.2.0.11:2120",
                ends(through(story, client(5150, 20, SYN | ACK, 1, 2, ""))));
            assertEquals("10.1.0.100:20>10.9.1.1:5150", ends(through(story, server(2120, 5150, ACK, 2, 2, "y"))));
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:2121",
                "ESTABLISHED 10.9.1.1:5150 10.1.0.100:20 10.2.0.11:2120");
            story.then(server(2119, 5150, SYN, 1, 0, ""), BACK_REAL_SERVER);
        }
    }

    @Test
    void aControlConnectionStaysWhileItHasDataConnections() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "EPRT |1|10.9.1.1|5150|\r\n"));
            through(story, server(20, 5150, SYN, 1, 0, ""));
            through(story, client(5150, 20, SYN | ACK, 1, 2, ""));
            through(story, server(20, 5150, ACK, 2, 2, ""));
            story.elapse(880);
            through(story, server(20, 5150, ACK, 2, 2, "y"));
            story.elapse(200);
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:21",
                "ESTABLISHED 10.9.1.1:5150 10.1.0.100:20 10.2.0.11:20");
            through(story, server(20, 5150, FIN | ACK, 3, 2, ""));
            through(story, client(5150, 20, FIN | ACK, 2, 4, ""));
            // Both FINs: TIME_WAIT, and its control connection at most a minute after it.
            story.elapse(122 + 62).connections();
            assertEquals(0, story.director.server(1, ServerCounters.ACTIVE));
            assertEquals(0, story.director.server(1, ServerCounters.INACTIVE));
        }
    }

    @Test
    void whatWaitsInVainEnds() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            through(story, server(21, 4000, ACK, 501, 107, REPLY));
            assertEquals(XdpReason.REDIRECTED_SERVICE, story.director.decision(client(4444, 51210, SYN, 1, 0, "")));
            assertEquals(XdpReason.REDIRECTED_REPLY, story.director.decision(server(51210, 4444, SYN, 1, 0, "")));
            story.elapse(122);
            story.connections("ESTABLISHED 10.9.1.1:4000 10.1.0.100:21 10.2.0.11:21");
            assertFalse(story.director.decision(client(4444, 51210, SYN, 1, 0, "")).word().contains("redirected"));
            assertFalse(story.director.decision(server(51210, 4444, SYN, 1, 0, "")).word().contains("redirected"));
        }
    }

    @Test
    void twoWorkersShareWhatIsRemembered() {
        try (Story story = new Story(TestDirector.Shape.DEFAULT.workers(2), "-A -t " + VIP + ":21 -s rr",
            "-a -t " + VIP + ":21 -r 10.2.0.11:21 -m")) {
            handshake(story, 21, 21);
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            assertEquals(CHANGED, data(story.director.send(1, 0, server(21, 4000, ACK, 501, 107, REPLY)).getFirst()
                .frame()));
            final byte[] next = through(story, client(4000, 21, ACK, 107, 501 + CHANGED.length(), ""));
            assertEquals(501 + REPLY.length(), acknowledged(next));
            assertEquals("10.9.1.1:4444>10.2.0.11:51210",
                ends(story.director.send(1, 0, client(4444, 51210, SYN, 1, 0, "")).getFirst().frame()));
            assertEquals("10.9.1.1:4444>10.2.0.11:51210", ends(through(story, client(4444, 51210, SYN, 1, 0, ""))));
        }
    }

    @Test
    void aWrongReplyIsNotMadeRight() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            final byte[] wrong = server(21, 4000, ACK, 501, 107, REPLY);
            wrong[DATA + 6] ^= 1;
            story.then(wrong, DROP_BAD_CHECKSUM);
        }
    }

    @Test
    void errorsAboutDataConnectionsFollowThem() {
        try (Story story = established()) {
            through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            through(story, server(21, 4000, ACK, 501, 107, REPLY));
            through(story, client(4444, 51210, SYN, 1, 0, ""));
            story.then(Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.254", VIP, 3, 4, 1300,
                    Frames.tcp(MAC_0, CLIENT_ROUTER, VIP + ":51210", CLIENT + ":4444", ACK, 100)), SENT_ICMP_RELAYED,
                "000001>02000b ttl=63 len=56 icmp 3/4 mtu=1300 10.9.1.254>10.2.0.11");
            story.then(Frames.icmp(RS, MAC_0, "10.2.0.11", CLIENT, 3, 3, 0,
                    Frames.tcp(MAC_0, RS, CLIENT + ":4444", "10.2.0.11:51210", ACK, 100)), SENT_ICMP_RELAYED,
                "000001>0100fe ttl=63 len=56 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1");
        }
    }

    @Test
    void byDirectRoutingTheTemplateLeadsDataConnections() {
        try (Story story = new Story("-A -t " + VIP + ":21 -s rr -p 60", "-a -t " + VIP + ":21 -r 10.2.0.11 -g",
            "-a -t " + VIP + ":21 -r 10.2.0.12 -g")) {
            final byte[] first = through(story, client(4000, 21, SYN, 1, 0, ""));
            final byte[] second = through(story, client(4444, 51210, SYN, 1, 0, ""));
            assertEquals(Frames.text(first).substring(0, 13), Frames.text(second).substring(0, 13));
            through(story, client(5150, 20, SYN | ACK, 1, 2, ""));
            story.then(client(4445, 1023, SYN, 1, 0, ""), BACK_REAL_SERVER);
            story.then(client(20, 51210, SYN, 1, 0, ""), BACK_NO_CONNECTION);
            assertEquals(XdpReason.REDIRECTED_SERVICE, story.director.decision(client(4444, 1024, SYN, 1, 0, "")));
            story.rules("-E -t " + VIP + ":21 -s rr");
            assertFalse(story.director.decision(client(4444, 1024, SYN, 1, 0, "")).word().contains("redirected"));
        }
    }

    @Test
    void aFullSideTableIsCountedAndThePacketGoesOn() {
        try (Story story = established()) {
            final int records = story.director.wideTable.side().records();
            final SideTable side = story.director.wideTable.side();
            for (int i = 0; i < 2 * records; i++) {
                side.claim(i, 5, 6);
            }
            final byte[] out = through(story, client(4000, 21, ACK, 101, 501, "PASV\r\n"));
            assertEquals("PASV\r\n", data(out));
            assertEquals(1, story.director.count(FTP_UNHEEDED));
            assertEquals(1, story.director.count(SENT_TO_CLIENT));
            assertEquals(3, story.director.count(SENT_TO_REAL_SERVER));
        }
    }
}
