package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.packet.SlowChecksum;
import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Datagrams in fragments: what comes, in whatever order and form, and what leaves. */
class FragmentsTest {
    private static final int IP = 14;
    private static final int DATA = IP + 20;
    private static final String DNS = "10.1.0.100:53";
    private static final String RIP = "10.2.0.11:53";

    private static TestDirector director(final String method) {
        return new TestDirector(TestDirector.Shape.DEFAULT.ringSize(1024)).rules("-A -u " + DNS + " -s rr",
            "-a -u " + DNS + " -r " + RIP + " " + method);
    }

    /** A datagram with different bytes everywhere, longer than a frame if need be. */
    private static byte[] datagram(final String from, final String to, final int payloadBytes) {
        final byte[] frame = Frames.mayFragment(Frames.udp(CLIENT_ROUTER, MAC_0, from, to, payloadBytes));
        for (int i = DATA + 8; i < frame.length; i++) {
            frame[i] = (byte) (i * 31 >> 3);
        }
        return Frames.sealed(frame);
    }

    /** A frame's IP packet in fragments with so many bytes of data each. */
    private static List<byte[]> split(final byte[] frame, final int dataBytes) {
        final List<byte[]> fragments = new ArrayList<>();
        for (int at = DATA; at < frame.length; at += dataBytes) {
            final int end = Math.min(frame.length, at + dataBytes);
            fragments.add(fragment(frame, Arrays.copyOfRange(frame, at, end), at - DATA, end < frame.length));
        }
        return fragments;
    }

    private static byte[] fragment(final byte[] header, final byte[] data, final int offset, final boolean more) {
        final byte[] fragment = Arrays.copyOf(header, DATA + data.length);
        System.arraycopy(data, 0, fragment, DATA, data.length);
        put16(fragment, IP + 2, 20 + data.length);
        put16(fragment, IP + 6, offset / 8 | (more ? 0x2000 : 0) | Frames.u16(header, IP + 6) & 0x4000);
        return headerSealed(fragment);
    }

    private static byte[] headerSealed(final byte[] frame) {
        put16(frame, IP + 10, 0);
        put16(frame, IP + 10, SlowChecksum.of(Arrays.copyOfRange(frame, IP, DATA)));
        return frame;
    }

    private static void put16(final byte[] frame, final int offset, final int value) {
        frame[offset] = (byte) (value >> 8);
        frame[offset + 1] = (byte) value;
    }

    /** Sends fragments; what comes out, which must come with the last of them. */
    private static List<byte[]> sendAll(final TestDirector director, final List<byte[]> fragments) {
        List<TestDirector.Sent> out = List.of();
        for (final byte[] each : fragments) {
            assertEquals(List.of(), out, "before the last");
            assertEquals(XdpReason.REDIRECTED_FRAGMENT, director.decision(each));
            out = director.send(0, each);
        }
        return out.stream().map(TestDirector.Sent::frame).toList();
    }

    /** Puts fragments that are in order together, by a way of its own. */
    private static byte[] joined(final List<byte[]> fragments) {
        byte[] whole = fragments.getFirst().clone();
        for (final byte[] each : fragments.subList(1, fragments.size())) {
            assertEquals(whole.length - DATA, (Frames.u16(each, IP + 6) & 0x1fff) * 8, "where the last one ends");
            final byte[] longer = Arrays.copyOf(whole, whole.length + each.length - DATA);
            System.arraycopy(each, DATA, longer, whole.length, each.length - DATA);
            whole = longer;
        }
        assertEquals(0, Frames.u16(fragments.getLast(), IP + 6) & 0x2000, "the last one");
        put16(whole, IP + 2, whole.length - IP);
        put16(whole, IP + 6, 0);
        return headerSealed(whole);
    }

    private static void isTranslated(final byte[] in, final byte[] out) {
        assertTrue(Frames.holds(out));
        assertEquals("000001>02000b ttl=63 len=" + (in.length - IP) + " udp 10.9.1.1:4000>10.2.0.11:53",
            Frames.text(out));
        assertArrayEquals(Arrays.copyOfRange(in, DATA + 8, in.length), Arrays.copyOfRange(out, DATA + 8, out.length));
    }

    @Test
    void aDatagramIsPutTogetherInAnyOrderAndLeavesInFragmentsOfTheSameSize() {
        final byte[] datagram = datagram("10.9.1.1:4000", DNS, 5000);
        final List<byte[]> fragments = split(datagram, 1024);
        final Random random = new Random(1);
        try (TestDirector director = director("-m")) {
            for (int i = 0; i < 20; i++) {
                final List<byte[]> out = sendAll(director, fragments);
                assertEquals(List.of(1058, 1058, 1058, 1058, 946),
                    out.stream().map(each -> each.length).toList());
                isTranslated(datagram, joined(out));
                Collections.shuffle(fragments, random);
            }
            assertEquals(20, director.count(Counter.SENT_TO_REAL_SERVER));
            assertEquals(80, director.count(Counter.FRAGMENT_JOINED));
            assertEquals(List.of("UDP 10.9.1.1:4000 10.1.0.100:53 10.2.0.11:53"), director.connections());
        }
    }

    @Test
    void repliesAreTranslatedToo() {
        try (TestDirector director = director("-m")) {
            director.send(0, datagram("10.9.1.1:4000", DNS, 10));
            final byte[] reply = datagram(RIP, "10.9.1.1:4000", 3000);
            final byte[] out = joined(sendAll(director, split(reply, 1480)));
            assertTrue(Frames.holds(out));
            assertEquals("000001>0100fe ttl=63 len=3028 udp 10.1.0.100:53>10.9.1.1:4000", Frames.text(out));
        }
    }

    @Test
    void theLargestDatagramFitsAndOneByteMoreIsRefused() {
        final byte[] datagram = datagram("10.9.1.1:4000", DNS, 65_535 - 28);
        try (TestDirector director = director("-m")) {
            isTranslated(datagram, joined(sendAll(director, split(datagram, 1480))));
            director.send(0, fragment(datagram, new byte[1480], 44 * 1480 + 400, false));
            assertEquals(1, director.count(Counter.DROP_FRAGMENT_MALFORMED));
        }
    }

    @Test
    void aTunnelPacketOfMoreThanThereCanBeIsDropped() {
        try (TestDirector director = director("-i")) {
            assertEquals(List.of(), sendAll(director, split(datagram("10.9.1.1:4000", DNS, 65_535 - 28), 1480)));
            assertEquals(1, director.count(Counter.DROP_TOO_BIG));
            final List<byte[]> out = sendAll(director, split(datagram("10.9.1.1:4000", DNS, 3000), 1480));
            assertEquals(List.of(1514, 1514, 102), out.stream().map(each -> each.length).toList());
            assertTrue(Frames.holds(joined(out)));
        }
    }

    @Test
    void aSynWhoseFlagsAreInTheSecondFragmentOpensAConnection() {
        final byte[] syn = Frames.mayFragment(Frames.tcp(CLIENT_ROUTER, MAC_0, "10.9.1.1:4000", VIP, SYN, 20));
        try (Story story = Story.of("-g")) {
            final List<byte[]> out = sendAll(story.director, split(syn, 8));
            assertEquals(5, out.size());
            assertEquals("000001>02000b ttl=63 len=60 tcp 10.9.1.1:4000>10.1.0.100:80", Frames.text(joined(out)));
            story.connections("SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80");
        }
    }

    @Test
    void withTheDontFragmentBitThatIsKeptOrItsSenderToldWhatFits() {
        final byte[] datagram = Frames.with(datagram("10.9.1.1:4000", DNS, 1200), IP + 6, 0x40);
        try (TestDirector director = director("-m")) {
            for (final byte[] each : sendAll(director, split(datagram, 800))) {
                assertEquals(0x4000, Frames.u16(each, IP + 6) & 0x4000);
            }
            final List<byte[]> out = sendAll(director,
                split(Frames.with(datagram("10.9.1.1:4000", DNS, 2000), IP + 6, 0x40), 800));
            assertEquals("000001>0100fe ttl=64 len=576 icmp 3/4 mtu=1500 10.1.0.100>10.9.1.1",
                Frames.text(out.getFirst()));
            assertEquals(1, out.size(), "an error is not fragmented as what it is about");
            assertTrue(Frames.holds(out.getFirst()));
        }
    }

    @Test
    void overlappingFragmentsEndTheirDatagram() {
        final List<byte[]> fragments = split(datagram("10.9.1.1:4000", DNS, 2000), 800);
        try (TestDirector director = director("-m")) {
            director.send(0, fragments.get(0));
            director.send(0, fragment(fragments.get(0), new byte[800], 792, true));
            assertEquals(1, director.count(Counter.DROP_FRAGMENT_OVERLAP));
            assertEquals(List.of(), director.send(0, fragments.get(1)));
            assertEquals(List.of(), director.send(0, fragments.get(2)));
            assertEquals(List.of(), director.connections());
        }
    }

    @Test
    void aRepeatedFragmentIsLeftOut() {
        final byte[] datagram = datagram("10.9.1.1:4000", DNS, 2000);
        final List<byte[]> fragments = split(datagram, 800);
        try (TestDirector director = director("-m")) {
            director.send(0, fragments.get(0));
            director.send(0, fragment(fragments.get(0), new byte[400], 400, true));
            assertEquals(1, director.count(Counter.DROP_FRAGMENT_DUPLICATE));
            isTranslated(datagram, joined(sendAll(director, fragments.subList(1, 3))));
        }
    }

    @Test
    void twoEndsOrDataBehindTheEndOrNoneAtAllAreRefused() {
        final byte[] datagram = datagram("10.9.1.1:4000", DNS, 2000);
        try (TestDirector director = director("-m")) {
            director.send(0, fragment(datagram, new byte[80], 160, false));
            director.send(0, fragment(datagram, new byte[80], 320, false));
            assertEquals(1, director.count(Counter.DROP_FRAGMENT_MALFORMED));
            director.send(0, fragment(datagram, new byte[80], 160, false));
            director.send(0, fragment(datagram, new byte[80], 320, true));
            assertEquals(2, director.count(Counter.DROP_FRAGMENT_MALFORMED));
            director.send(0, fragment(datagram, new byte[80], 320, true));
            director.send(0, fragment(datagram, new byte[80], 160, false));
            assertEquals(1, director.count(Counter.DROP_FRAGMENT_OVERLAP));
            director.send(0, fragment(datagram, new byte[7], 0, true));
            assertEquals(3, director.count(Counter.DROP_FRAGMENT_MALFORMED));
            director.send(0, fragment(datagram, new byte[0], 8, false));
            assertEquals(4, director.count(Counter.DROP_FRAGMENT_MALFORMED));
        }
    }

    @Test
    void aDatagramOfVeryManyFragmentsIsRefused() {
        final byte[] datagram = datagram("10.9.1.1:4000", DNS, 8 * 501 - 8);
        try (TestDirector director = director("-m")) {
            assertEquals(List.of(), sendAll(director, split(datagram, 8)));
            assertEquals(1, director.count(Counter.DROP_FRAGMENT_TINY));
            final byte[] most = datagram("10.9.1.1:4000", DNS, 8 * 500 - 8);
            isTranslated(most, joined(sendAll(director, split(most, 8))));
        }
    }

    @Test
    void whatDoesNotBecomeWholeIsForgottenByTimeAndForRoom() {
        final List<byte[]> fragments = split(datagram("10.9.1.1:4000", DNS, 1000), 800);
        try (TestDirector director = director("-m")) {
            director.send(0, fragments.getFirst());
            director.elapse(30_002);
            assertEquals(List.of("000001>0100fe ttl=64 len=576 icmp 11/1 mtu=0 10.1.0.100>10.9.1.1"),
                texts(director.takeSent()));
            assertEquals(List.of(), director.send(0, fragments.getLast()));
            assertEquals(1, director.count(Counter.DATAGRAMS_EXPIRED));
            director.elapse(30_002);
            assertEquals(List.of(), director.takeSent(), "nothing is said of what did not begin");
            assertEquals(2, director.count(Counter.DATAGRAMS_EXPIRED));
            assertEquals(1, director.count(Counter.REASSEMBLY_ANSWERED));
            for (int id = 0; id < 64; id++) {
                director.elapse(1);
                final byte[] other = fragments.getFirst().clone();
                put16(other, IP + 4, id);
                director.send(0, headerSealed(other));
            }
            assertEquals(0, director.count(Counter.DATAGRAMS_GAVE_WAY));
            assertEquals(List.of(), director.send(0, fragments.getFirst()));
            assertEquals(1, director.count(Counter.DATAGRAMS_GAVE_WAY));
        }
    }

    private static List<String> texts(final List<TestDirector.Sent> sent) {
        return sent.stream().map(TestDirector.Sent::frame).peek(each -> assertTrue(Frames.holds(each)))
            .map(Frames::text).toList();
    }

    @Test
    void aRealServerIsToldByTheDirectorItselfOfWhatItLostAsTheKernelWouldHaveRoutedIt() {
        final List<byte[]> fragments = split(datagram(RIP, "10.9.1.1:4000", 1000), 104);
        try (TestDirector director = director("-m")) {
            director.send(0, fragments.getFirst());
            director.elapse(30_002);
            final List<TestDirector.Sent> sent = director.takeSent();
            assertEquals(List.of("000001>0100fe ttl=64 len=152 icmp 11/1 mtu=0 10.1.0.1>10.2.0.11"), texts(sent));
            assertEquals(63, sent.getFirst().frame()[IP + 28 + 8], "one hop less");
        }
    }

    @Test
    void whatIsNotOursGoesBackAsItCame() {
        final List<byte[]> fragments = split(datagram("10.9.1.1:4000", "10.1.0.100:54", 3000), 1480);
        try (TestDirector director = director("-m")) {
            assertEquals(List.of(), sendAll(director, fragments));
            assertEquals(1, director.count(Counter.BACK_REAL_SERVER));
            assertEquals(3, director.handedBack.size());
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(fragments.get(i), director.handedBack.get(i));
            }
        }
    }

    @Test
    void fragmentsOfNoServicesAddressStayWithTheKernel() {
        final List<byte[]> fragments = split(datagram("10.9.1.1:4000", "10.1.0.101:53", 3000), 1480);
        try (TestDirector director = director("-m")) {
            assertEquals(XdpReason.PASSED_FRAGMENT, director.decision(fragments.get(1)));
            director.rules("-D -u " + DNS);
            director.elapse(10);
            assertEquals(XdpReason.PASSED_FRAGMENT,
                director.decision(split(datagram("10.9.1.1:4000", DNS, 3000), 1480).get(1)));
        }
    }

    @Test
    void anyBytesInFragmentsEndSomewhere() {
        final Random random = new Random(7);
        final List<byte[]> fragments = split(datagram("10.9.1.1:4000", DNS, 3000), 504);
        try (TestDirector director = director("-i --tun-type gue --tun-port 6080")) {
            for (int i = 0; i < 30_000; i++) {
                byte[] each = fragments.get(random.nextInt(fragments.size())).clone();
                if (random.nextInt(3) > 0) {
                    each[IP + random.nextInt(34)] ^= (byte) (1 << random.nextInt(8));
                }
                if (random.nextInt(8) == 0) {
                    each = Arrays.copyOf(each, DATA + random.nextInt(each.length - DATA));
                    put16(each, IP + 2, each.length - IP);
                }
                each[IP + 4] = (byte) random.nextInt(3);
                director.send(0, random.nextInt(8) == 0 ? each : headerSealed(each));
                director.handedBack.clear();
            }
            assertTrue(director.count(Counter.SENT_TO_REAL_SERVER) > 0);
            assertTrue(director.count(Counter.DROP_FRAGMENT_OVERLAP) > 0);
        }
    }
}
