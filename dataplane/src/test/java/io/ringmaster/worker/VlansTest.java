package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.CLIENT;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.RS;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.director.XdpModel;
import io.ringmaster.packet.SlowChecksum;
import io.ringmaster.service.NextHop;
import io.ringmaster.stats.Counter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Packets with VLAN tags. VLAN 5 and 6 of port 0, and VLAN 9 in VLAN 7 of a provider, are interfaces of the kernel's;
 * others are not.
 */
class VlansTest {
    private static final String FIVE = "81000005";
    private static final String SIX = "81000006";
    private static final String NINE = "88a8000781000009";
    private static final String UNKNOWN = "81000123";
    private static final int VLAN_6 = 1;

    /** A frame with tags, which are written in hex, behind its addresses. */
    private static byte[] tagged(final String tags, final byte[] frame) {
        final byte[] bytes = HexFormat.of().parseHex(tags);
        return ByteBuffer.allocate(frame.length + bytes.length).put(frame, 0, 12).put(bytes)
            .put(frame, 12, frame.length - 12).array();
    }

    private static Story story(final String method, final int mtuBytes, final NextHop... way) {
        final Story story = new Story(TestDirector.Shape.DEFAULT.twoArmed(mtuBytes, mtuBytes));
        if (way.length > 0) {
            story.director.network.route("10.2.0.11", way[0]);
        }
        return story.rules("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " " + method);
    }

    /** What comes out for a frame: its port, its tags, and the frame without them as text. */
    private static String out(final Story story, final int port, final byte[] in) {
        final List<TestDirector.Sent> sent = story.director.send(port, in);
        assertEquals(1, sent.size());
        return text(sent.getFirst());
    }

    private static String text(final TestDirector.Sent sent) {
        int at = 12;
        while (Frames.u16(sent.frame(), at) != 0x0800) {
            at += 4;
        }
        final String tags = HexFormat.of().formatHex(sent.frame(), 12, at);
        final byte[] frame = ByteBuffer.allocate(sent.frame().length - at + 12).put(sent.frame(), 0, 12)
            .put(sent.frame(), at, sent.frame().length - at).array();
        assertTrue(Frames.holds(frame), "checksums");
        return sent.port() + " [" + tags + "] " + Frames.text(frame);
    }

    /** The tag, and what the answer to it has: the same but for the priority; a tag of VID 0 is nothing but that. */
    @ParameterizedTest
    @CsvSource({FIVE + ",81000005", NINE + ",88a8000781000009", UNKNOWN + ",81000123", "8100e005,81000005",
        "88a80123,88a80123", "88a8012381000044,88a8012381000044", "8100a000,''", "81000000810000 05,81000005"})
    void repliesReturnInTheirClientsVlan(final String in, final String out) {
        try (Story story = story("-m", 1500)) {
            assertEquals("1 [] 000002>02000b ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.11:80",
                out(story, 0, tagged(in.replace(" ", ""), fromClient(SYN))), "by an interface without VLANs");
            assertEquals("0 [" + out + "] 000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000",
                out(story, 1, Frames.tcp(RS, TestNetwork.MAC_1, RIP, CLIENT, SYN | ACK, 0)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", FIVE, NINE, UNKNOWN})
    void aRealServerInAVlan(final String in) {
        for (final String method : List.of("-m", "-g", "-i")) {
            try (Story story = story(method, 1500)) {
                story.director.network.route("10.2.0.11", story.director.network.vlanHop(VLAN_6, RS));
                story.director.services.refreshNextHops();
                story.director.cycle();
                final String sent = out(story, 0, tagged(in, fromClient(SYN)));
                assertTrue(sent.startsWith("0 [" + SIX + "] 000001>02000b ttl=63 "), sent);
                if (method.equals("-m")) {
                    assertEquals("0 [" + in + "] 000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000",
                        out(story, 0, tagged(SIX, fromServer(SYN | ACK))));
                }
            }
        }
    }

    /** Of a VLAN that the kernel does not know the director does not either who is in it: that of the client is. */
    @ParameterizedTest
    @CsvSource({UNKNOWN + "," + UNKNOWN, "88a8012381000044,88a8012381000044", FIVE + ",''", "'',''"})
    void throughOneInterface(final String in, final String out) {
        for (final String method : List.of("-m", "-g", "-i")) {
            try (Story story = Story.of(method)) {
                for (int i = 0; i < 3; i++) {
                    final String sent = out(story, 0, tagged(in, fromClient(i == 0 ? SYN : ACK)));
                    assertTrue(sent.startsWith("0 [" + out + "] 000001>02000b ttl=63 "), sent);
                }
                // A place of the batch that had tags has none now.
                assertTrue(out(story, 0, fromClient("10.9.1.2:4000", SYN)).startsWith("0 [] "));
            }
        }
    }

    @Test
    void errorsOfOurOwnAreTagged() {
        try (Story story = story("-m", 1500)) {
            assertEquals("0 [" + UNKNOWN + "] 000001>0100fe ttl=64 len=68 icmp 11/0 mtu=0 10.1.0.100>10.9.1.1",
                out(story, 0, tagged(UNKNOWN, Frames.timeToLive(fromClient(SYN), 1))));
            story.rules("-e -t " + VIP + " -r " + RIP + " -m -w 0");
            assertEquals("0 [" + NINE + "] 000001>0100fe ttl=64 len=68 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1",
                out(story, 0, tagged(NINE, fromClient("10.9.1.1:4001", SYN))));
        }
    }

    @Test
    void whatIsHandedBackHasItsTagsAgain() {
        try (Story story = story("-m", 1500)) {
            for (final String tags : List.of(FIVE, NINE, UNKNOWN)) {
                story.then(0, tagged(tags, fromClient(ACK)), Counter.BACK_NO_CONNECTION);
            }
            story.then(0, tagged("810000058100000681000007", fromClient(SYN)), Counter.BACK_UNREADABLE);
        }
    }

    @Test
    void fragmentsAreTaggedEach() {
        try (Story story = story("-i", 1500, new TestNetwork(1500, 1500).vlanHop(VLAN_6, RS))) {
            out(story, 0, tagged(FIVE, fromClient(SYN)));
            final List<TestDirector.Sent> sent = story.director.send(0,
                tagged(FIVE, Frames.mayFragment(fromClient(ACK, 1460))));
            assertEquals(2, sent.size());
            for (final TestDirector.Sent each : sent) {
                assertEquals(0, each.port());
                assertEquals(SIX, HexFormat.of().formatHex(each.frame(), 12, 16));
                assertEquals(0x0800, Frames.u16(each.frame(), 16));
                assertTrue(each.frame().length <= 18 + 1500);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FIVE, UNKNOWN})
    void aDatagramInFragments(final String tags) {
        try (Story story = new Story("-A -u 10.1.0.100:53 -s rr", "-a -u 10.1.0.100:53 -r 10.2.0.11:5353 -m")) {
            final byte[] whole = Frames.mayFragment(Frames.udp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.100:53", 1200));
            assertEquals(0, story.director.send(0, tagged(tags, fragment(whole, 0, 800, true))).size());
            final List<TestDirector.Sent> sent = story.director.send(0, tagged(tags, fragment(whole, 800, 408, false)));
            assertEquals(2, sent.size());
            for (final TestDirector.Sent each : sent) {
                assertEquals(tags.equals(FIVE) ? 0x0800 : 0x8100, Frames.u16(each.frame(), 12));
            }
        }
    }

    private static byte[] fragment(final byte[] whole, final int offset, final int bytes, final boolean more) {
        final byte[] piece = Arrays.copyOf(whole, 34 + bytes);
        System.arraycopy(whole, 34 + offset, piece, 34, bytes);
        final ByteBuffer at = ByteBuffer.wrap(piece).putShort(16, (short) (20 + bytes))
            .putShort(20, (short) ((more ? 0x2000 : 0) | offset / 8)).putShort(24, (short) 0);
        at.putShort(24, (short) SlowChecksum.of(Arrays.copyOfRange(piece, 14, 34)));
        return piece;
    }

    @Test
    void cutFramesGoToTheKernelAsTheyAre() {
        try (Story story = story("-m", 1500)) {
            final byte[] frame = tagged(NINE, fromClient(SYN));
            for (int length = 14; length < frame.length; length++) {
                final byte[] cut = Arrays.copyOf(frame, length);
                final int back = story.director.handedBack.size();
                assertEquals(List.of(), story.director.send(0, cut));
                if (story.director.handedBack.size() > back) {
                    assertArrayEquals(cut, story.director.handedBack.getLast());
                }
            }
        }
    }

    @Test
    void moreVlansThanThereIsRoomFor() {
        try (Story story = story("-m", 1500)) {
            for (int i = 0; i < 32; i++) {
                assertTrue(out(story, 0, tagged(String.format("8100%04x", 256 + i), fromClient("10.9.1." + i + ":99",
                    SYN))).startsWith("1 [] "));
            }
            story.then(0, tagged("81000200", fromClient("10.9.1.1:77", SYN)), Counter.BACK_UNREADABLE);
            assertTrue(out(story, 0, tagged("81000100", fromClient("10.9.1.2:77", SYN))).startsWith("1 [] "));
        }
    }

    @Test
    void theProgramTakesThemByWhatIsBehindTheTags() {
        try (Story story = story("-m", 1500)) {
            final XdpModel xdp = story.director.xdp;
            for (final String tags : List.of("", FIVE, NINE, UNKNOWN, "81000000")) {
                assertEquals(XdpReason.REDIRECTED_SERVICE, xdp.director(100, tagged(tags, fromClient(SYN))), tags);
                assertEquals(XdpReason.PASSED_NO_SERVICE, xdp.director(100, tagged(tags,
                    Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.100:81", SYN, 0))), tags);
            }
            assertEquals(XdpReason.PASSED_VLAN, xdp.director(100, tagged(FIVE + FIVE + FIVE, fromClient(SYN))));
        }
    }
}
