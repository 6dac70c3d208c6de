package io.ringmaster.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.control.Reply;
import io.ringmaster.director.ModelDirector;
import io.ringmaster.director.XdpModel;
import io.ringmaster.stats.Counter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** IPv6 datagrams in fragments, beside what the recordings show: what is refused, forgotten and told of. */
class Ipv6FragmentsTest {
    private static final String CLIENT = "fd09::1";
    private static final String VIP = "fd01::100";
    private static final String RIP = "fd02::b";
    private static final long CLIENT_ROUTER = 0x02_00_00_01_00_feL;
    private static final int IP = 14;
    private static final int DATA = IP + 40 + 8;
    private static final int UDP = 17;
    private static final int ICMP_TYPE = IP + 40;

    private static ModelDirector director(final String method) {
        final Topology topology = new Topology(1500);
        final ModelDirector director = new ModelDirector(topology.links(), topology.addresses(), topology,
            new XdpModel(), 60_000);
        run(director, "ipvsadm -A -u [" + VIP + "]:53 -s rr");
        run(director, "ipvsadm -a -u [" + VIP + "]:53 -r [" + RIP + "]:53 " + method);
        return director;
    }

    private static void run(final ModelDirector director, final String command) {
        assertEquals(new Reply(0, "", ""), director.run(List.of(command.split(" ")), ""));
    }

    private static byte[] datagram(final int bytes) {
        final byte[] datagram = new byte[8 + bytes];
        ByteBuffer.wrap(datagram).putShort((short) 4000).putShort((short) 53).putShort((short) datagram.length);
        for (int i = 8; i < datagram.length; i++) {
            datagram[i] = (byte) (i * 31 >> 3);
        }
        return datagram;
    }

    private static byte[] fragment(final String from, final String to, final int next, final int id, final int offset,
                                   final boolean more, final byte[] data) {
        return ByteBuffer.allocate(DATA + data.length).putShort((short) 0x0200).putInt(1)
            .putShort((short) (CLIENT_ROUTER >> 32)).putInt((int) CLIENT_ROUTER).putShort((short) 0x86dd)
            .putInt(0x60000000).putShort((short) (8 + data.length)).put((byte) 44).put((byte) 64)
            .put(Topology.ip(from).getAddress()).put(Topology.ip(to).getAddress()).put((byte) next).put((byte) 0)
            .putShort((short) (offset | (more ? 1 : 0))).putInt(id).put(data).array();
    }

    private static byte[] part(final byte[] datagram, final int id, final int from, final int to) {
        return fragment(CLIENT, VIP, UDP, id, from, to < datagram.length,
            Arrays.copyOfRange(datagram, from, Math.min(to, datagram.length)));
    }

    private static Map<Counter, Long> counted(final ModelDirector director, final byte[] frame) {
        final ModelDirector.Outcome outcome = director.receive(0, frame);
        assertEquals(XdpReason.REDIRECTED_FRAGMENT, outcome.xdp());
        return outcome.counters();
    }

    @Test
    void theLargestDatagramThereCanBe() {
        final byte[] datagram = datagram(65_535 - 8);
        try (ModelDirector director = director("-g")) {
            final List<byte[]> out = new ArrayList<>();
            for (int from = 0; from < datagram.length; from += 1448) {
                director.receive(0, part(datagram, 1, from, from + 1448)).sent().forEach(each ->
                    out.add(each.frame()));
            }
            final ByteBuffer whole = ByteBuffer.allocate(datagram.length);
            for (final byte[] each : out) {
                assertEquals(whole.position(), (each[IP + 42] & 0xff) << 8 | each[IP + 43] & 0xf8);
                whole.put(each, DATA, each.length - DATA);
            }
            assertTrue(Arrays.equals(datagram, whole.array()));
            assertEquals(Map.of(Counter.DROP_FRAGMENT_MALFORMED, 1L),
                counted(director, fragment(CLIENT, VIP, UDP, 2, 65_528, false, new byte[8])));
        }
    }

    @Test
    void theHeadersMustBeInTheFirst() {
        try (ModelDirector director = director("-m")) {
            final Map<Counter, Long> tiny = Map.of(Counter.DROP_FRAGMENT_TINY, 1L);
            assertEquals(tiny, counted(director, fragment(CLIENT, VIP, 6, 1, 0, true, new byte[16])));
            assertEquals(tiny, counted(director, fragment(CLIENT, VIP, 60, 2, 0, true, new byte[] {17, 0, 1, 4, 0, 0, 0,
                0})));
            assertEquals(tiny, counted(director, fragment(CLIENT, VIP, 60, 3, 0, true, new byte[] {17, 9, 1, 4, 0, 0, 0,
                0})));
            assertEquals(tiny, counted(director, fragment(CLIENT, VIP, 44, 4, 0, true, new byte[] {17, 0, 0, 0, 0, 0, 0,
                0})));
            assertEquals(Map.of(Counter.FRAGMENT_JOINED, 1L), counted(director, part(datagram(100), 5, 0, 8)));
        }
    }

    @Test
    void aFragmentInAFragmentIsRefused() {
        try (ModelDirector director = director("-m")) {
            final byte[] inner = ByteBuffer.allocate(8 + 108).put((byte) UDP).put(2, (byte) 0).position(8)
                .put(datagram(100)).array();
            assertEquals(Map.of(Counter.DROP_FRAGMENT_MALFORMED, 1L),
                counted(director, fragment(CLIENT, VIP, 44, 1, 0, false, inner)));
        }
    }

    @Test
    void theSenderOfAnOddLengthIsToldAndItsDatagramForgotten() {
        final byte[] datagram = datagram(1000);
        try (ModelDirector director = director("-m")) {
            director.receive(0, part(datagram, 1, 0, 504));
            final ModelDirector.Outcome outcome = director.receive(0, fragment(CLIENT, VIP, UDP, 1, 504, true,
                new byte[99]));
            assertEquals(Map.of(Counter.SENT_ICMP_ERROR, 1L), outcome.counters());
            final byte[] error = outcome.sent().getFirst().frame();
            assertEquals(List.of((byte) 4, (byte) 0, (byte) 4), List.of(error[ICMP_TYPE], error[ICMP_TYPE + 1],
                error[ICMP_TYPE + 7]));
            assertEquals(Map.of(Counter.FRAGMENT_JOINED, 1L), counted(director, part(datagram, 1, 504, 1008)));
        }
    }

    @Test
    void onlyTheSenderOfAFirstFragmentIsToldThatTheOthersAreLate() {
        final byte[] datagram = datagram(1000);
        try (ModelDirector director = director("-m")) {
            director.receive(0, part(datagram, 1, 504, 1008));
            director.receive(0, part(datagram, 2, 0, 504));
            director.receive(0, fragment(RIP, CLIENT, UDP, 3, 0, true, datagram));
            director.elapse(59_000);
            assertEquals(List.of(), director.takeSent());
            director.elapse(2_000);
            final List<ModelDirector.Sent> sent = director.takeSent();
            assertEquals(2, sent.size());
            for (final ModelDirector.Sent each : sent) {
                final byte[] frame = each.frame();
                assertEquals(List.of((byte) 3, (byte) 1), List.of(frame[ICMP_TYPE], frame[ICMP_TYPE + 1]));
            }
            assertEquals(Topology.ip(VIP), from(sent.get(0)));
            assertEquals(Topology.ip("fd02::1"), from(sent.get(1)));
            assertEquals(40 + 8 + 40 + 8 + 504 + IP, sent.getFirst().frame().length);
        }
    }

    private static InetAddress from(final ModelDirector.Sent sent) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(sent.frame(), IP + 8, IP + 24));
        } catch (final UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    @Test
    void whatIsOfNoServiceGoesBackInTheFragmentsItCameIn() {
        final byte[] datagram = datagram(1000);
        datagram[3] = 54;
        final List<byte[]> fragments = List.of(part(datagram, 7, 0, 8), part(datagram, 7, 8, 504),
            part(datagram, 7, 504, 1008));
        try (ModelDirector director = director("-m")) {
            director.receive(0, fragments.get(2));
            director.receive(0, fragments.get(0));
            final ModelDirector.Outcome outcome = director.receive(0, fragments.get(1));
            assertEquals(Map.of(Counter.BACK_REAL_SERVER, 1L), outcome.counters());
            for (int i = 0; i < fragments.size(); i++) {
                assertTrue(Arrays.equals(fragments.get(i), outcome.handedBack().get(i)), "fragment " + i);
            }
        }
    }

    @Test
    void numbersOfMarksAddressesAreCountedAndComeBack() {
        try (ModelDirector director = director("-m")) {
            run(director, "ipvsadm -A -f 1 -6 -s rr");
            run(director, "ipvsadm -a -f 1 -6 -r [" + RIP + "]:0 -g");
            run(director, "mark add --destination fd05::/64 --mark 1");
            int full = 0;
            int first = 0;
            for (int i = 1; full == 0; i++) {
                final Map<Counter, Long> counters = director.receive(0, atomic("fd05::" + Integer.toHexString(i >>> 16)
                    + ":" + Integer.toHexString(i & 0xffff))).counters();
                full += counters.getOrDefault(Counter.DROP_MARK_ADDRESSES, 0L);
                first = i;
            }
            assertTrue(first > 8_000, "only " + first + " addresses had room");
            director.elapse(305_000);
            director.elapse(5_000);
            assertEquals(1, director.receive(0, atomic("fd05::" + Integer.toHexString(first >>> 16) + ":"
                + Integer.toHexString(first & 0xffff))).counters().get(Counter.SENT_TO_REAL_SERVER));
        }
    }

    private static byte[] atomic(final String to) {
        return fragment(CLIENT, to, UDP, 1, 0, false, datagram(8));
    }

    @Test
    void anErrorAboutAMarksWholePrefixComesFromTheInterface() {
        try (ModelDirector director = director("-m")) {
            run(director, "ipvsadm -A -f 1 -6 -s rr");
            run(director, "mark add --destination fd05::/64 --mark 1");
            run(director, "mark add --destination fd01::101 --mark 1");
            final ModelDirector.Outcome routed = director.receive(0, atomic("fd05::1"));
            assertEquals(Map.of(Counter.SENT_ICMP_ERROR, 1L), routed.counters());
            assertEquals(Topology.ip("fd01::101"), from(routed.sent().getFirst()));
            assertEquals(Topology.ip("fd01::101"), from(director.receive(0, atomic("fd01::101")).sent().getFirst()));
        }
    }

    @Test
    void anyBytesInFragmentsEndSomewhere() {
        final Random random = new Random(7);
        final byte[] datagram = datagram(3000);
        try (ModelDirector director = director("-i --tun-type gue --tun-port 6080")) {
            long sent = 0;
            for (int i = 0; i < 20_000; i++) {
                final int from = random.nextInt(6) * 504;
                final byte[] frame = part(datagram, random.nextInt(3), from, from + 504);
                if (random.nextInt(3) > 0) {
                    final int at = random.nextInt(16) < 12 ? IP + 40 + random.nextInt(20) : IP + 4 + random.nextInt(3);
                    frame[at] ^= (byte) (1 << random.nextInt(8));
                }
                final ModelDirector.Outcome outcome = director.receive(0, frame);
                sent += outcome.counters().getOrDefault(Counter.SENT_TO_REAL_SERVER, 0L);
                assertTrue(!outcome.redirected() || !outcome.counters().isEmpty(), "it ended nowhere");
            }
            assertTrue(sent > 0);
        }
    }
}
