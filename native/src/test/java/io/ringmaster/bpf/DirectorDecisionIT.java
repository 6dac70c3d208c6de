package io.ringmaster.bpf;

import static io.ringmaster.bpf.Frames.ICMP;
import static io.ringmaster.bpf.Frames.TCP;
import static io.ringmaster.bpf.Frames.UDP;
import static io.ringmaster.bpf.Frames.cut;
import static io.ringmaster.bpf.Frames.ethernet;
import static io.ringmaster.bpf.Frames.icmp;
import static io.ringmaster.bpf.Frames.ipv4;
import static io.ringmaster.bpf.Frames.mapped;
import static io.ringmaster.bpf.Frames.tcp;
import static io.ringmaster.bpf.Frames.udp;
import static io.ringmaster.bpf.Frames.with;
import static io.ringmaster.bpf.Frames.with16;
import static io.ringmaster.bpf.XdpReason.NO_SOCKET;
import static io.ringmaster.bpf.XdpReason.PASSED_FRAGMENT;
import static io.ringmaster.bpf.XdpReason.PASSED_HANDED_BACK;
import static io.ringmaster.bpf.XdpReason.PASSED_ICMP;
import static io.ringmaster.bpf.XdpReason.PASSED_LOCAL;
import static io.ringmaster.bpf.XdpReason.PASSED_MALFORMED;
import static io.ringmaster.bpf.XdpReason.PASSED_NOT_IP;
import static io.ringmaster.bpf.XdpReason.PASSED_NO_SERVICE;
import static io.ringmaster.bpf.XdpReason.PASSED_OTHER_MAC;
import static io.ringmaster.bpf.XdpReason.PASSED_OTHER_PROTOCOL;
import static io.ringmaster.bpf.XdpReason.PASSED_VLAN;
import static io.ringmaster.bpf.XdpReason.REDIRECTED_FRAGMENT;
import static io.ringmaster.bpf.XdpReason.REDIRECTED_ICMP;
import static io.ringmaster.bpf.XdpReason.REDIRECTED_REPLY;
import static io.ringmaster.bpf.XdpReason.REDIRECTED_SERVICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Packets through the real program in the real kernel (BPF_PROG_TEST_RUN): what each is taken for, and its counter; and
 * the same answer, without a trace, where it is only asked.
 */
class DirectorDecisionIT {
    private static final int PASS = 2;
    private static final int REDIRECT = 4;
    private static final long OURS = 0x02_00_00_00_0a_01L;
    private static final long PEER = 0x02_00_00_00_0a_02L;
    private static final String CLIENT = "10.9.1.1";
    private static final String VIP = "10.1.0.100";
    private static final String RIP = "10.2.0.11";
    private static final String TUNNEL_RIP = "10.2.0.12";
    private static final String DIP = "10.2.0.1";
    private static final String ROUTER = "10.9.0.1";
    private static final byte[] NO_BYTES = {};
    private static final byte[] OPTIONS = {7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0}; // record route
    private static DirectorFixture fixture;

    @BeforeAll
    static void load() {
        fixture = DirectorFixture.open(OURS);
        final DirectorProgram program = fixture.program();
        program.addService(TCP, 0, mapped(VIP), 80);
        program.addService(UDP, 0, mapped(VIP), 53);
        program.addReply(TCP, 0, mapped(RIP), 8080);
        program.addService(XdpMaps.FRAGMENTS, 0, mapped(VIP), 0);
        program.addReply(XdpMaps.FRAGMENTS, 0, mapped(RIP), 0);
        program.addLocalAddress(0, mapped(DIP));
        program.addTunnelServer(0, mapped(TUNNEL_RIP));
    }

    @AfterAll
    static void unload() {
        if (fixture != null) {
            fixture.close();
        }
    }

    private static Arguments packet(final String description, final XdpReason expected, final byte[] ip) {
        return Arguments.of(description, expected, ethernet(OURS, PEER, 0x800, ip));
    }

    private static Arguments frame(final String description, final XdpReason expected, final byte[] frame) {
        return Arguments.of(description, expected, frame);
    }

    private static byte[] request() {
        return ipv4(TCP, CLIENT, VIP, tcp(40_000, 80, 2));
    }

    /** The same behind the rest of VLAN tags, in hex. */
    private static byte[] tagged(final String tags) {
        final byte[] bytes = HexFormat.of().parseHex(tags);
        return ByteBuffer.allocate(bytes.length + request().length).put(bytes).put(request()).array();
    }

    private static byte[] reply() {
        return ipv4(TCP, RIP, CLIENT, tcp(8080, 40_000, 18));
    }

    static Stream<Arguments> transports() {
        return Stream.of(
            packet("TCP to a service", REDIRECTED_SERVICE, request()),
            packet("UDP to a service", REDIRECTED_SERVICE, ipv4(UDP, CLIENT, VIP, udp(9, 53, NO_BYTES))),
            packet("TCP to the port of a UDP service", PASSED_NO_SERVICE, ipv4(TCP, CLIENT, VIP, tcp(9, 53, 2))),
            packet("UDP to the port of a TCP service", PASSED_NO_SERVICE,
                ipv4(UDP, CLIENT, VIP, udp(9, 80, NO_BYTES))),
            packet("another port of the VIP", PASSED_NO_SERVICE, ipv4(TCP, CLIENT, VIP, tcp(9, 81, 2))),
            packet("the port with its bytes swapped", PASSED_NO_SERVICE, ipv4(TCP, CLIENT, VIP, tcp(9, 0x5000, 2))),
            packet("another address, the service's port", PASSED_NO_SERVICE,
                ipv4(TCP, CLIENT, "10.1.0.101", tcp(9, 80, 2))),
            packet("from the service's own endpoint", PASSED_NO_SERVICE, ipv4(TCP, VIP, CLIENT, tcp(80, 9, 18))),
            packet("service, with IP options", REDIRECTED_SERVICE,
                ipv4(TCP, CLIENT, VIP, OPTIONS, tcp(40_000, 80, 2))),
            packet("service, with the most IP options", REDIRECTED_SERVICE,
                ipv4(TCP, CLIENT, VIP, new byte[40], tcp(40_000, 80, 2))),
            packet("options that look like ports do not count", PASSED_NO_SERVICE,
                ipv4(TCP, CLIENT, VIP, new byte[]{0, 80, 0, 80}, tcp(9, 9, 2))),
            packet("service, Ethernet padding behind it", REDIRECTED_SERVICE, cut(request(), 46)),
            packet("service, with data", REDIRECTED_SERVICE, ipv4(TCP, CLIENT, VIP, cut(tcp(1, 80, 16), 1480))),
            packet("reply of a masqueraded real server", REDIRECTED_REPLY, reply()),
            packet("reply with IP options", REDIRECTED_REPLY, ipv4(TCP, RIP, CLIENT, OPTIONS, tcp(8080, 9, 18))),
            packet("its answer to our own health check", PASSED_LOCAL, ipv4(TCP, RIP, DIP, tcp(8080, 9, 18))),
            packet("its other ports", PASSED_NO_SERVICE, ipv4(TCP, RIP, CLIENT, tcp(22, 9, 18))),
            packet("its UDP", PASSED_NO_SERVICE, ipv4(UDP, RIP, CLIENT, udp(8080, 9, NO_BYTES))),
            packet("from the real server to a service", REDIRECTED_SERVICE, ipv4(TCP, RIP, VIP, tcp(8080, 80, 2))),
            packet("to the director's own address", PASSED_LOCAL, ipv4(TCP, CLIENT, DIP, tcp(9, 22, 2))),
            packet("to a tunnel server: not an error, not ours", PASSED_NO_SERVICE,
                ipv4(UDP, DIP, TUNNEL_RIP, udp(9, 6080, NO_BYTES))),
            packet("GRE", PASSED_OTHER_PROTOCOL, ipv4(47, CLIENT, VIP, new byte[40])),
            packet("SCTP to the VIP", PASSED_NO_SERVICE, ipv4(132, CLIENT, VIP, new byte[40])));
    }

    static Stream<Arguments> ethernets() {
        return Stream.of(
            frame("to another MAC", PASSED_OTHER_MAC, ethernet(PEER, PEER, 0x800, request())),
            frame("to our MAC of another interface", PASSED_OTHER_MAC,
                ethernet(DirectorFixture.OTHER_INTERFACES_MAC, PEER, 0x800, request())),
            frame("broadcast", PASSED_OTHER_MAC, ethernet(0xffff_ffff_ffffL, PEER, 0x800, request())),
            frame("multicast", PASSED_OTHER_MAC, ethernet(0x0100_5e00_0001L, PEER, 0x800, request())),
            frame("802.1Q", REDIRECTED_SERVICE, ethernet(OURS, PEER, 0x8100, tagged("00050800"))),
            frame("802.1ad", REDIRECTED_SERVICE, ethernet(OURS, PEER, 0x88a8, tagged("0007810060090800"))),
            frame("three tags", PASSED_VLAN, ethernet(OURS, PEER, 0x8100, tagged("000581000006810000070800"))),
            frame("ARP behind a tag", PASSED_NOT_IP, ethernet(OURS, PEER, 0x8100, tagged("00050806"))),
            frame("cut within a tag", PASSED_MALFORMED, ethernet(OURS, PEER, 0x8100, new byte[3])),
            frame("ARP", PASSED_NOT_IP, ethernet(OURS, PEER, 0x806, new byte[46])),
            frame("IPv6 by its type only", PASSED_MALFORMED, ethernet(OURS, PEER, 0x86dd, new byte[60])),
            frame("nothing behind the Ethernet header", PASSED_MALFORMED, ethernet(OURS, PEER, 0x800, NO_BYTES)),
            frame("the mark comes before all", PASSED_HANDED_BACK,
                ethernet(OURS, fixture.program().mark(), 0x800, request())),
            frame("the mark but for one bit", REDIRECTED_SERVICE,
                ethernet(OURS, fixture.program().mark() ^ 1, 0x800, request())));
    }

    static Stream<Arguments> lies() {
        return Stream.of(
            packet("version 6 in an IPv4 frame", PASSED_MALFORMED, with(request(), 0, 0x65)),
            packet("version 0", PASSED_MALFORMED, with(request(), 0, 0x05)),
            packet("header length 16", PASSED_MALFORMED, with(request(), 0, 0x44)),
            packet("header length 0", PASSED_MALFORMED, with(request(), 0, 0x40)),
            packet("header longer than the packet", PASSED_MALFORMED, with(request(), 0, 0x4f)),
            packet("total length beyond the frame", PASSED_MALFORMED, with16(request(), 2, 41)),
            packet("total length 65,535", PASSED_MALFORMED, with16(request(), 2, 65_535)),
            packet("total length 0", PASSED_MALFORMED, with16(request(), 2, 0)),
            packet("total length less than the header", PASSED_MALFORMED, with16(request(), 2, 19)),
            packet("total length ends within the ports of TCP", PASSED_MALFORMED, with16(request(), 2, 23)),
            packet("total length ends behind the ports of TCP", REDIRECTED_SERVICE, with16(request(), 2, 24)),
            packet("total length ends within the ports of UDP", PASSED_MALFORMED,
                with16(cut(ipv4(UDP, CLIENT, VIP, udp(9, 53, NO_BYTES)), 46), 2, 23)),
            packet("first fragment", REDIRECTED_FRAGMENT, with16(request(), 6, 0x2000)),
            packet("middle fragment", REDIRECTED_FRAGMENT, with16(request(), 6, 0x2001)),
            packet("last fragment", REDIRECTED_FRAGMENT, with16(request(), 6, 0x1fff)),
            packet("fragment too short for ports", REDIRECTED_FRAGMENT,
                with16(ipv4(TCP, CLIENT, VIP, NO_BYTES), 6, 1)),
            packet("fragment from a real server", REDIRECTED_FRAGMENT, with16(reply(), 6, 0x2001)),
            packet("its fragment to the director itself", PASSED_LOCAL,
                with16(ipv4(TCP, RIP, DIP, tcp(8080, 9, 18)), 6, 0x2001)),
            packet("fragment to a real server", PASSED_FRAGMENT,
                with16(ipv4(TCP, CLIENT, RIP, tcp(9, 8080, 18)), 6, 0x2001)),
            packet("fragment of ICMP", PASSED_FRAGMENT,
                with16(ipv4(ICMP, CLIENT, VIP, icmp(8, 0, NO_BYTES)), 6, 0x2000)),
            packet("protocol 0 is no fragment", PASSED_OTHER_PROTOCOL, ipv4(0, CLIENT, VIP, NO_BYTES)),
            packet("don't fragment is no fragment", REDIRECTED_SERVICE, with16(request(), 6, 0x4000)),
            packet("the reserved bit is no fragment", REDIRECTED_SERVICE, with16(request(), 6, 0x8000)),
            packet("a wrong header checksum is the worker's to see", REDIRECTED_SERVICE, with16(request(), 10, 1)));
    }

    private static Arguments error(final String description, final XdpReason expected, final int type,
                                   final String to, final byte[] quote) {
        return packet(description, expected, ipv4(ICMP, ROUTER, to, icmp(type, 1, quote)));
    }

    static Stream<Arguments> errors() {
        final byte[] sentToClient = ipv4(TCP, VIP, CLIENT, tcp(80, 40_000, 16));
        final byte[] sentToServer = ipv4(TCP, CLIENT, RIP, tcp(40_000, 8080, 16));
        final byte[] tunnelled = ipv4(4, DIP, TUNNEL_RIP, request());
        final byte[] gue = ipv4(UDP, DIP, TUNNEL_RIP, udp(50_000, 6080, new byte[24]));
        return Stream.of(
            error("unreachable about a reply of a service", REDIRECTED_ICMP, 3, VIP, sentToClient),
            error("source quench about it", REDIRECTED_ICMP, 4, VIP, sentToClient),
            error("time exceeded about it", REDIRECTED_ICMP, 11, VIP, sentToClient),
            error("redirect about it stays with the kernel", PASSED_ICMP, 5, VIP, sentToClient),
            error("parameter problem about it stays there too", PASSED_ICMP, 12, VIP, sentToClient),
            error("echo to the VIP", PASSED_ICMP, 8, VIP, sentToClient),
            error("only eight bytes quoted", REDIRECTED_ICMP, 3, VIP, cut(sentToClient, 28)),
            error("only the ports quoted", REDIRECTED_ICMP, 3, VIP, cut(sentToClient, 24)),
            error("half a port quoted", PASSED_MALFORMED, 3, VIP, cut(sentToClient, 23)),
            error("half a header quoted", PASSED_MALFORMED, 3, VIP, cut(sentToClient, 19)),
            error("nothing quoted", PASSED_MALFORMED, 3, VIP, NO_BYTES),
            error("quote is IPv6", PASSED_MALFORMED, 3, VIP, with(sentToClient, 0, 0x60)),
            error("quote has options", REDIRECTED_ICMP, 3, VIP,
                ipv4(TCP, VIP, CLIENT, OPTIONS, tcp(80, 40_000, 16))),
            error("quote has options to its end", PASSED_MALFORMED, 3, VIP,
                cut(ipv4(TCP, VIP, CLIENT, OPTIONS, tcp(80, 40_000, 16)), 32)),
            error("quote is a first fragment", REDIRECTED_ICMP, 3, VIP, with16(sentToClient, 6, 0x2000)),
            error("quote is a later fragment, without ports", PASSED_MALFORMED, 3, VIP,
                with16(sentToClient, 6, 0x2001)),
            error("from a port that is no service", PASSED_ICMP, 3, VIP, ipv4(TCP, VIP, CLIENT, tcp(81, 9, 16))),
            error("does not go to where the quote came from", PASSED_ICMP, 3, DIP, sentToClient),
            error("about a masqueraded packet", REDIRECTED_ICMP, 3, CLIENT, sentToServer),
            error("about our own health check", PASSED_LOCAL, 3, DIP, ipv4(TCP, DIP, RIP, tcp(9, 8080, 2))),
            error("about another port of the real server", PASSED_ICMP, 3, CLIENT,
                ipv4(TCP, CLIENT, RIP, tcp(9, 22, 2))),
            error("about an IPIP packet of ours", REDIRECTED_ICMP, 3, DIP, tunnelled),
            error("about an IPv6-in-IPv4 packet of ours", REDIRECTED_ICMP, 3, DIP, with(tunnelled, 9, 41)),
            error("about a GRE packet of ours", REDIRECTED_ICMP, 11, DIP, with(tunnelled, 9, 47)),
            error("about a GUE packet of ours", REDIRECTED_ICMP, 3, DIP, gue),
            error("only eight bytes of an IPIP packet", REDIRECTED_ICMP, 3, DIP, cut(tunnelled, 28)),
            error("about an IPIP packet to somebody else", PASSED_ICMP, 3, DIP, ipv4(4, DIP, RIP, request())),
            error("about TCP to a tunnel server", PASSED_LOCAL, 3, DIP, ipv4(TCP, DIP, TUNNEL_RIP, tcp(9, 80, 2))),
            error("about ICMP", PASSED_ICMP, 11, VIP, ipv4(ICMP, VIP, CLIENT, icmp(0, 0, NO_BYTES))),
            packet("ICMP header cut off", PASSED_MALFORMED, ipv4(ICMP, ROUTER, VIP, new byte[7])),
            packet("an error's fragment", PASSED_FRAGMENT,
                with16(ipv4(ICMP, ROUTER, VIP, icmp(3, 1, sentToClient)), 6, 0x2000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"transports", "ethernets", "lies", "errors"})
    void isTakenFor(final String description, final XdpReason expected, final byte[] frame) {
        check(description, expected, frame, 0);
    }

    private static void check(final String description, final XdpReason expected, final byte[] frame,
                              final int queue) {
        final Map<String, Long> before = fixture.program().counters();
        final int verdict = fixture.verdict(queue, frame);
        final Map<String, Long> after = fixture.program().counters();
        final String counted = after.entrySet().stream()
            .filter(entry -> entry.getValue() != (long) before.get(entry.getKey()))
            .map(entry -> entry.getKey() + " +" + (entry.getValue() - before.get(entry.getKey())))
            .collect(Collectors.joining(", "));
        assertEquals(expected.word() + " +1", counted, description);
        assertEquals(expected.name().startsWith("REDIRECTED") ? REDIRECT : PASS, verdict, description);
        assertEquals(Optional.of(expected), fixture.ask(queue, frame), description);
        assertEquals(after, fixture.program().counters(), "asking counts nothing");
    }

    @Test
    void everyTruncationGoesToTheKernel() {
        final byte[] quote = ipv4(TCP, VIP, CLIENT, OPTIONS, tcp(80, 40_000, 16));
        final Map<byte[], Integer> leastBytes = Map.of(
            ipv4(TCP, CLIENT, VIP, OPTIONS, tcp(40_000, 80, 2)), 32 + 4,
            ipv4(UDP, CLIENT, VIP, OPTIONS, udp(9, 53, new byte[5])), 32 + 4,
            ipv4(TCP, RIP, CLIENT, tcp(8080, 40_000, 2)), 20 + 4,
            ipv4(ICMP, ROUTER, VIP, OPTIONS, icmp(3, 1, quote)), 32 + 8 + 32 + 4);
        leastBytes.forEach((whole, least) -> {
            for (int length = 0; length < whole.length; length++) {
                final byte[] cutOff = ethernet(OURS, PEER, 0x800, cut(whole, length));
                check("cut off at " + length, PASSED_MALFORMED, cutOff, 0);
                if (length >= 4) {
                    final byte[] consistent = ethernet(OURS, PEER, 0x800, with16(cut(whole, length), 2, length));
                    final byte[] padded = cut(consistent, 200);
                    if (length < least) {
                        check("consistent length " + length, PASSED_MALFORMED, consistent, 0);
                        check("consistent length, padded " + length, PASSED_MALFORMED, padded, 0);
                    } else {
                        assertEquals(REDIRECT, fixture.verdict(0, consistent), "length " + length);
                        assertEquals(REDIRECT, fixture.verdict(0, padded), "length, padded " + length);
                    }
                }
            }
        });
    }

    @Test
    void queueWithoutSocketPassesToTheKernel() {
        check("queue 1 has no socket", NO_SOCKET, ethernet(OURS, PEER, 0x800, request()), 1);
        check("queue 2 is beyond what the program was loaded for", NO_SOCKET,
            ethernet(OURS, PEER, 0x800, request()), 2);
        check("not ours, on queue 1", PASSED_LOCAL,
            ethernet(OURS, PEER, 0x800, ipv4(TCP, CLIENT, DIP, tcp(9, 22, 2))), 1);
    }

    @Test
    void entriesCanBeTakenAway() {
        final DirectorProgram program = fixture.program();
        final byte[] frame = ethernet(OURS, PEER, 0x800, ipv4(TCP, "10.2.0.77", CLIENT, tcp(77, 9, 16)));
        check("before", PASSED_NO_SERVICE, frame, 0);
        program.addReply(TCP, 0, mapped("10.2.0.77"), 77);
        program.addReply(TCP, 0, mapped("10.2.0.77"), 77);
        check("added twice", REDIRECTED_REPLY, frame, 0);
        program.addLocalAddress(0, mapped(CLIENT));
        check("to an own address", PASSED_LOCAL, frame, 0);
        program.removeLocalAddress(0, mapped(CLIENT));
        program.addService(TCP, 0, mapped(CLIENT), 9);
        check("a service comes first", REDIRECTED_SERVICE, frame, 0);
        program.removeService(TCP, 0, mapped(CLIENT), 9);
        program.removeReply(TCP, 0, mapped("10.2.0.77"), 77);
        program.removeReply(TCP, 0, mapped("10.2.0.77"), 77);
        check("removed twice", PASSED_NO_SERVICE, frame, 0);
    }

    @Test
    void anyBytesGetAVerdict() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            final byte[] frame = ethernet(OURS, PEER, 0x800, i % 2 == 0 ? request()
                : ipv4(ICMP, ROUTER, VIP, icmp(3, 1, ipv4(TCP, VIP, CLIENT, tcp(80, 40_000, 16)))));
            for (int change = random.nextInt(6); change >= 0; change--) {
                frame[14 + random.nextInt(frame.length - 14)] = (byte) random.nextInt();
            }
            final int verdict = fixture.verdict(0, cut(frame, 14 + random.nextInt(frame.length)));
            assertTrue(verdict == PASS || verdict == REDIRECT, "verdict " + verdict + " with seed " + seed);
        }
    }
}
