package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Link.Vlan NO_VLAN = Link.Vlan.NONE;
    private static final int VETH_INDEX = 3;

    @Test
    void readsLinks() {
        assertEquals(new Link(1, "lo", 0, 65536, true, true, 1, 1, "", 0, NO_VLAN), link("link-loopback"));
        assertEquals(new Link(4, "nl0", 0x02_00_00_00_00_10L, 1600, true, true, 3, 4, "veth", 2, NO_VLAN),
            link("link-veth"));
    }

    @Test
    void vlans() {
        final long mac = 0x02_00_00_00_00_01L;
        assertEquals(new Link(3, "v.100", mac, 1500, true, true, 1, 1, "vlan", 0, new Link.Vlan(2, 0x8100, 100)),
            link("link-vlan"));
        assertEquals(new Link(4, "s.7", mac, 1500, false, false, 1, 1, "vlan", 0, new Link.Vlan(2, 0x88a8, 7)),
            link("link-vlan-service"));
        assertEquals(new Link(5, "s.7.9", mac, 1500, false, false, 1, 1, "vlan", 0, new Link.Vlan(4, 0x8100, 9)),
            link("link-vlan-inner"));
    }

    @Test
    void ignoresWhatABridgeSaysOfItsPorts() {
        final byte[] bytes = CapturedMessages.bytes("link-veth");
        bytes[NetlinkHeader.BYTES + LinkMessage.FAMILY] = 7;
        final MemorySegment memory = CapturedMessages.inMemory(bytes);
        assertNull(LinkMessage.parse(memory, NetlinkHeader.BYTES, bytes.length));
    }

    @Test
    void readsAddresses() {
        assertEquals(new InterfaceAddress(VETH_INDEX, ip("10.0.0.1"), 24), address("address-ipv4"));
        assertEquals(new InterfaceAddress(VETH_INDEX, ip("192.0.2.1"), 32), address("address-peer"));
        assertEquals(new InterfaceAddress(VETH_INDEX, ip("2001:db8::1"), 64), address("address-ipv6"));
    }

    @Test
    void readsRoutes() {
        assertEquals(List.of(new Route(ip("0.0.0.0"), 0, ip("10.0.0.5"), VETH_INDEX, null, 0, Route.UNICAST, 77, 0)),
            routes("route-default"));
        assertEquals(List.of(new Route(ip("10.9.0.0"), 16, ip("10.0.0.2"), VETH_INDEX, ip("10.0.0.1"), 1400,
            Route.UNICAST, 254, 50)), routes("route-gateway"));
        assertEquals(List.of(new Route(ip("10.7.0.0"), 16, ip("2001:db8::9"), VETH_INDEX, null, 0, Route.UNICAST,
            254, 0)), routes("route-via"));
        assertEquals(List.of(
            new Route(ip("10.8.0.0"), 16, ip("10.0.0.3"), VETH_INDEX, null, 0, Route.UNICAST, 254, 0),
            new Route(ip("10.8.0.0"), 16, ip("10.0.0.4"), VETH_INDEX, null, 0, Route.UNICAST, 254, 0)),
            routes("route-multipath"));
        assertEquals(List.of(new Route(ip("198.51.100.0"), 24, null, 0, null, 0, Route.BLACKHOLE, 254, 0)),
            routes("route-blackhole"));
        assertEquals(List.of(new Route(ip("198.51.101.0"), 24, null, 0, null, 0, Route.UNREACHABLE, 254, 0)),
            routes("route-unreachable"));
        assertEquals(List.of(new Route(ip("10.0.0.1"), 32, null, VETH_INDEX, ip("10.0.0.1"), 0, Route.LOCAL, 255, 0)),
            routes("route-local"));
        assertEquals(List.of(new Route(ip("2001:db8:d::"), 48, ip("2001:db8::2"), VETH_INDEX, null, 1300,
            Route.UNICAST, 254, 1024)), routes("route-ipv6"));
    }

    @Test
    void readsAnswersAboutOneAddressWhichAreCacheEntries() {
        assertEquals(List.of(), routes("answer-ipv4"));
        final byte[] bytes = CapturedMessages.bytes("answer-ipv4");
        final List<Route> found = new ArrayList<>();
        RouteMessage.parseAnswer(CapturedMessages.inMemory(bytes), Attributes.IPV4, NetlinkHeader.BYTES, bytes.length,
            found);
        assertEquals(List.of(new Route(ip("10.9.9.9"), 32, ip("10.0.0.2"), VETH_INDEX, ip("10.0.0.1"), 1400,
            Route.UNICAST, 254, 0)), found);
    }

    @Test
    void readsNeighbours() {
        final Neighbour known = new Neighbour(VETH_INDEX, ip("10.0.0.2"), 0x02_00_00_00_00_02L, Neighbour.PERMANENT);
        assertEquals(known, neighbour("neighbour-ipv4", FixedPart.BOTH));
        assertTrue(known.usable());
        assertEquals(new Neighbour(VETH_INDEX, ip("2001:db8::2"), 0x02_00_00_00_00_03L, Neighbour.PERMANENT),
            neighbour("neighbour-ipv6", FixedPart.BOTH));
        assertNull(neighbour("neighbour-ipv6", Attributes.IPV4));
        assertEquals(Neighbour.NOARP, neighbour("neighbour-noarp", Attributes.IPV4).state());
    }

    @Test
    void readsErrorsWithAndWithoutTheKernelsWords() {
        assertEquals(Map.of("error-extack", 22, "error-no-route", 101, "error-blackhole", 22, "acknowledgement", 0),
            Map.of("error-extack", errno("error-extack"), "error-no-route", errno("error-no-route"),
                "error-blackhole", errno("error-blackhole"), "acknowledgement", errno("acknowledgement")));
        assertEquals("ipv4: Unsupported rtm_flags for route get request", explanation("error-extack"));
        assertNull(explanation("error-no-route"));
        assertNull(explanation("acknowledgement"));
    }

    @Test
    void writesTheBytesThatTheKernelWasAskedWith() {
        final Request request = RouteMessage.ask(new Request(), ip("10.9.9.9"), ip("10.0.0.1"), 5);
        assertArrayEquals(HexFormat.of().parseHex("340000001a000100" + "07000000" + "00000000"
            + "022020000000000000100000" + "080001000a090909" + "080002000a000001" + "0800100005000000"),
            request.finish(7).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void anIpv4MappedAddressStaysIpv6() {
        assertEquals(Inet6Address.class, Attributes.address(HexFormat.of().parseHex(
            "00000000000000000000ffff0a000001")).getClass());
    }

    @Test
    void aMessageCutOffAnywhereIsReadOrRefusedInOneSentence() {
        CapturedMessages.all().forEach((name, whole) -> {
            for (int length = 0; length < whole.length; length++) {
                final byte[] cut = Arrays.copyOf(whole, length);
                readOrRefuse(name + " cut at " + length, cut);
                if (length >= NetlinkHeader.BYTES) {
                    MemorySegment.ofArray(cut).set(ValueLayout.JAVA_INT_UNALIGNED, 0, length);
                    readOrRefuse(name + " ending at " + length, cut);
                }
            }
        });
    }

    @Test
    void aMessageWithAnyByteWrongIsReadOrRefusedInOneSentence() {
        CapturedMessages.all().forEach((name, whole) -> {
            for (int at = 0; at < whole.length; at++) {
                for (final int value : new int[] {0, 1, 3, 0x7f, 0x80, 0xff}) {
                    final byte[] wrong = whole.clone();
                    wrong[at] = (byte) value;
                    readOrRefuse(name + " with " + value + " at " + at, wrong);
                }
            }
        });
    }

    private static void readOrRefuse(final String what, final byte[] bytes) {
        final MemorySegment memory = CapturedMessages.inMemory(bytes);
        try {
            final int length = NetlinkHeader.length(memory, 0, bytes.length);
            final int type = NetlinkHeader.type(memory, 0);
            if (type == NetlinkHeader.TYPE_ERROR || type == NetlinkHeader.TYPE_DONE) {
                NetlinkHeader.errno(memory, 0, length);
                NetlinkHeader.explanation(memory, 0, length);
            } else {
                LinkMessage.parse(memory, NetlinkHeader.BYTES, length);
                AddressMessage.parse(memory, FixedPart.BOTH, NetlinkHeader.BYTES, length);
                RouteMessage.parseAnswer(memory, FixedPart.BOTH, NetlinkHeader.BYTES, length, new ArrayList<>());
                NeighbourMessage.parse(memory, FixedPart.BOTH, NetlinkHeader.BYTES, length);
                NeighbourMessage.managed(memory, NetlinkHeader.BYTES, length);
            }
        } catch (final MalformedMessageException e) {
            assertTrue(e.getMessage().endsWith("."), e.getMessage());
        } catch (final RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }

    @Test
    void aLengthOfZeroIsRefusedAndDoesNotLoopForever() {
        final MemorySegment zeros = CapturedMessages.inMemory(new byte[64]);
        assertThrows(MalformedMessageException.class, () -> NetlinkHeader.length(zeros, 0, 64));
        assertThrows(MalformedMessageException.class, () -> Attributes.find(zeros, 0, 64, 1));
    }

    private static Link link(final String name) {
        final byte[] bytes = CapturedMessages.bytes(name);
        return LinkMessage.parse(CapturedMessages.inMemory(bytes), NetlinkHeader.BYTES, bytes.length);
    }

    private static InterfaceAddress address(final String name) {
        final byte[] bytes = CapturedMessages.bytes(name);
        return AddressMessage.parse(CapturedMessages.inMemory(bytes), FixedPart.BOTH, NetlinkHeader.BYTES,
            bytes.length);
    }

    private static List<Route> routes(final String name) {
        final byte[] bytes = CapturedMessages.bytes(name);
        final List<Route> found = new ArrayList<>();
        RouteMessage.parse(CapturedMessages.inMemory(bytes), FixedPart.BOTH, NetlinkHeader.BYTES, bytes.length, found);
        return found;
    }

    private static Neighbour neighbour(final String name, final int family) {
        final byte[] bytes = CapturedMessages.bytes(name);
        return NeighbourMessage.parse(CapturedMessages.inMemory(bytes), family, NetlinkHeader.BYTES, bytes.length);
    }

    private static int errno(final String name) {
        final byte[] bytes = CapturedMessages.bytes(name);
        return NetlinkHeader.errno(CapturedMessages.inMemory(bytes), 0, bytes.length);
    }

    private static String explanation(final String name) {
        final byte[] bytes = CapturedMessages.bytes(name);
        return NetlinkHeader.explanation(CapturedMessages.inMemory(bytes), 0, bytes.length);
    }

    static InetAddress ip(final String text) {
        try {
            return InetAddress.getByName(text);
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
