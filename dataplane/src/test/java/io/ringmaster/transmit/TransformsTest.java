package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketMemory;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.SlowChecksum;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import io.ringmaster.service.RealServerView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the recordings of the kernel do not reach: all addresses, both zeros of the UDP checksum, limits. */
class TransformsTest {
    private static final int NETWORK = Ethernet.HEADER_BYTES;
    private static final int TRANSPORT = NETWORK + Ipv4.HEADER_BYTES;
    private static final int CLIENT = 0x0a09_0101;
    private static final int VIP = 0x0a01_0064;
    private static final int RIP = 0x0a02_000b;
    private static final RealServerView SERVER = TunnelServers.ipip(VIP, RIP);
    private final PacketMemory chunk = new PacketMemory();

    @Property
    void checksumsStayRightThroughNatBothWays(@ForAll final int rip, @ForAll @IntRange(max = 0xffff) final int rport,
        @ForAll @IntRange(min = 4, max = 255) final int ttl, @ForAll final boolean tcp,
        @ForAll @Size(max = 64) final byte[] data) {
        final Packet packet = received(segment(tcp ? 6 : 17, ttl, data));
        final byte[] before = chunk.frame();
        Translating.destination(packet, rip, rport);
        assertRightChecksums(chunk.frame());
        assertEquals(rip, Ipv4.destination(packet.memory(), packet.network()));
        assertEquals(rport, Udp.destinationPort(packet.memory(), packet.transport()));
        assertEquals(ttl - 1, packet.timeToLive());
        Translating.destination(packet, VIP, 80);
        Translating.source(packet, rip, rport);
        assertRightChecksums(chunk.frame());
        Translating.source(packet, CLIENT, 4000);
        Ipv4.timeToLive(packet.memory(), packet.network(), ttl);
        final byte[] after = chunk.frame();
        Arrays.fill(after, NETWORK + 10, NETWORK + 12, (byte) 0);
        Arrays.fill(before, NETWORK + 10, NETWORK + 12, (byte) 0);
        assertArrayEquals(before, after, "there and back again");
    }

    @Test
    void udpWithoutChecksumGetsOneAsTheKernelMakesIt() {
        for (int port = 5353; port < 5363; port++) {
            final byte[] frame = segment(17, 64, new byte[port % 7]);
            frame[TRANSPORT + 6] = 0;
            frame[TRANSPORT + 7] = 0;
            final Packet packet = received(frame);
            Translating.destination(packet, RIP, port);
            assertTrue(Udp.checksum(packet.memory(), packet.transport()) != Udp.NO_CHECKSUM);
            assertEquals(0, SlowChecksum.ofTransport(chunk.frame(), NETWORK));
            Udp.checksum(packet.memory(), packet.transport(), Udp.NO_CHECKSUM);
            Translating.source(packet, VIP, 53);
            assertTrue(Udp.checksum(packet.memory(), packet.transport()) != Udp.NO_CHECKSUM);
            assertEquals(0, SlowChecksum.ofTransport(chunk.frame(), NETWORK));
        }
    }

    @Test
    void udpChecksumThatComesOutZeroIsWrittenAsOnes() {
        int ones = 0;
        for (int rport = 0; rport <= 0xffff; rport++) {
            final Packet packet = received(segment(17, 64, new byte[] {1}));
            Translating.destination(packet, RIP, rport);
            final int checksum = Udp.checksum(packet.memory(), packet.transport());
            assertTrue(checksum != Udp.NO_CHECKSUM, "port " + rport);
            if (checksum == Udp.ZERO_CHECKSUM) {
                ones++;
                assertEquals(0, SlowChecksum.ofTransport(chunk.frame(), NETWORK));
            }
        }
        assertTrue(ones > 0, "some port of all 65,536 gives a zero checksum");
    }

    @Property
    void wrongTransportChecksumStaysWrong(@ForAll @IntRange(min = 1, max = 0xfffe) final int error) {
        final byte[] frame = segment(6, 64, new byte[] {1, 2, 3});
        final Packet packet = received(frame);
        final int right = Tcp.checksum(packet.memory(), packet.transport());
        Tcp.checksum(packet.memory(), packet.transport(), right + error & 0xffff);
        final int off = SlowChecksum.ofTransport(chunk.frame(), NETWORK) % 0xffff;
        Translating.destination(packet, RIP, 8080);
        assertEquals(off, SlowChecksum.ofTransport(chunk.frame(), NETWORK) % 0xffff);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, false", "64, false", "255, false"})
    void expiry(final int ttl, final boolean expires) {
        assertEquals(expires, TimeToLive.expires(received(segment(6, ttl, new byte[0]))));
    }

    @ParameterizedTest
    @CsvSource({"0x00, 0x00", "0x01, 0x01", "0x02, 0x02", "0x03, 0x02", "0xb9, 0xb9", "0xbb, 0xba", "0xff, 0xfe"})
    void tunnelCopiesTheTypeOfServiceButCongestion(final String inner, final String outer) {
        final byte[] frame = segment(6, 64, new byte[0]);
        frame[NETWORK + 1] = (byte) (int) Integer.decode(inner);
        fixHeader(frame);
        final Packet packet = received(frame);
        Tunneling.encapsulate(packet, SERVER, 7);
        assertEquals(Integer.decode(outer), Ipv4.typeOfService(packet.memory(), packet.network()));
    }

    @Test
    void aTunnelMayBeFragmentedThoughItsPacketMayNot() {
        final byte[] frame = segment(6, 64, new byte[] {9});
        frame[NETWORK + 6] = 0x40;
        fixHeader(frame);
        final Packet packet = received(frame);
        Tunneling.encapsulate(packet, SERVER, 0x1_4711);
        assertEquals(0, Ipv4.identification(packet.memory(), packet.network()));
        Tunneling.mayFragment(packet, 0x1_4711);
        assertEquals(0x4711, Ipv4.identification(packet.memory(), packet.network()));
        assertEquals(0, Ipv4.fragmentWord(packet.memory(), packet.network()));
        assertEquals(0, Checksum.ofIpv4Header(packet.memory(), packet.network(), Ipv4.HEADER_BYTES));
        assertEquals(HexFormat.of().formatHex(frame, NETWORK, frame.length),
            HexFormat.of().formatHex(chunk.frame(), NETWORK + 20, chunk.frame().length), "inner packet as it was");
    }

    @Test
    void tunnelWithoutDontFragmentHasAnIdentification() {
        final byte[] frame = segment(6, 64, new byte[] {9});
        frame[NETWORK + 6] = 0;
        fixHeader(frame);
        final Packet packet = received(frame);
        Tunneling.encapsulate(packet, SERVER, 0x1_4711);
        assertEquals(0x4711, Ipv4.identification(packet.memory(), packet.network()));
        assertEquals(0, Ipv4.fragmentWord(packet.memory(), packet.network()));
        EthernetRewrite.address(packet, 1, 2);
        assertEquals(HexFormat.of().formatHex(frame, NETWORK, frame.length),
            HexFormat.of().formatHex(chunk.frame(), NETWORK + 20, chunk.frame().length), "inner packet as it was");
        assertEquals(frame.length + Ipv4.HEADER_BYTES, packet.lengthBytes());
        assertEquals(41 + Ipv4.HEADER_BYTES, packet.networkLengthBytes());
        assertTrue(chunk.untouchedFrom(packet.frame() + packet.lengthBytes()));
    }

    @Test
    void ethernetPaddingIsNotSent() {
        final byte[] frame = Arrays.copyOf(segment(17, 64, new byte[] {1}), 60);
        final Packet packet = received(frame);
        EthernetRewrite.address(packet, 0x0200_0002_000bL, 0xfe00_0000_00ffL);
        assertEquals("02000002000bfe00000000ff0800", HexFormat.of().formatHex(chunk.frame(), 0, NETWORK));
        assertEquals(14 + 29, packet.lengthBytes());
    }

    @Test
    void mtu() {
        final Packet packet = received(segment(6, 64, new byte[60]));
        assertEquals(100, packet.networkLengthBytes());
        assertEquals(Mtu.Fit.FITS, Mtu.check(packet, 100));
        assertEquals(Mtu.Fit.FRAGMENTATION_NEEDED, Mtu.check(packet, 99));
        assertEquals(Mtu.Fit.FRAGMENTATION_NEEDED, Mtu.check(packet, Mtu.insideTunnel(119, SERVER)));
        assertEquals(Mtu.Fit.FITS, Mtu.check(packet, Mtu.insideTunnel(120, SERVER)));
        Ipv4.fragmentWord(packet.memory(), packet.network(), 0);
        assertEquals(Mtu.Fit.WOULD_FRAGMENT, Mtu.check(packet, 99));
        assertFalse(Mtu.exceeds(packet, 100));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "07070400000000 00, 0707080a010064 00", // record route with one free place
        "01070704000000 00, 0107070 80a010064", // the same behind a no-operation
        "07070800000000 00, 07070800000000 00", // full
        "07070600000000 00, 07070600000000 00", // not room enough for four bytes
        "00070704000000 00, 00070704000000 00", // behind the end of the options
        "07020000000000 00, 07020000000000 00", // too short for a pointer
        "07000400000000 00, 07000400000000 00", // length 0
        "07ff0400000000 00, 07ff0400000000 00", // longer than the header
        "07070300000000 00, 07070300000000 00", // pointer into the option's head
        "4407050000000007, 4407050000000007",   // another option, then one without a length
    })
    void recordRoute(final String before, final String after) {
        final String options = before.replace(" ", "");
        final byte[] frame = HexFormat.of().parseHex("0200000000010200000100fe0800" + "47000030000040004006" + "0000"
            + "0a0901010a010064" + options + "0fa0005000000065000001f55010ffff00000000");
        fixHeader(frame);
        final Packet packet = received(frame);
        assertTrue(RecordRoute.hasOptions(packet));
        RecordRoute.stamp(packet, VIP);
        assertEquals(after.replace(" ", ""), HexFormat.of().formatHex(chunk.frame(), NETWORK + 20, NETWORK + 28));
        assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(chunk.frame(), NETWORK, NETWORK + 28)));
    }

    private Packet received(final byte[] frame) {
        final Packet packet = chunk.receive(frame);
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        return packet;
    }

    private static void assertRightChecksums(final byte[] frame) {
        assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(frame, NETWORK, TRANSPORT)), "IP header checksum");
        assertEquals(0, SlowChecksum.ofTransport(frame, NETWORK), "transport checksum");
    }

    /** A frame from CLIENT:4000 to VIP:80 with right checksums. */
    private static byte[] segment(final int protocol, final int ttl, final byte[] data) {
        final int headerBytes = protocol == 6 ? 20 : 8;
        final byte[] frame = new byte[TRANSPORT + headerBytes + data.length];
        final MemorySegment memory = MemorySegment.ofArray(frame);
        Ethernet.destination(memory, 0, 0x0200_0000_0001L);
        Ethernet.source(memory, 0, 0x0200_0001_00feL);
        Ethernet.type(memory, 0, Ethernet.TYPE_IPV4);
        Ipv4.versionAndIhl(memory, NETWORK, Ipv4.VERSION_4_IHL_5);
        Ipv4.totalLength(memory, NETWORK, frame.length - NETWORK);
        Ipv4.fragmentWord(memory, NETWORK, Ipv4.DONT_FRAGMENT);
        Ipv4.timeToLive(memory, NETWORK, ttl);
        Ipv4.protocol(memory, NETWORK, protocol);
        Ipv4.source(memory, NETWORK, CLIENT);
        Ipv4.destination(memory, NETWORK, VIP);
        Udp.sourcePort(memory, TRANSPORT, 4000);
        Udp.destinationPort(memory, TRANSPORT, 80);
        System.arraycopy(data, 0, frame, TRANSPORT + headerBytes, data.length);
        final int checksum = Checksum.ofTransport(memory, TRANSPORT, headerBytes + data.length, CLIENT, VIP, protocol);
        final int place = TRANSPORT + (protocol == 6 ? 16 : 6);
        final int written = protocol == 17 && checksum == 0 ? Udp.ZERO_CHECKSUM : checksum;
        frame[place] = (byte) (written >> 8);
        frame[place + 1] = (byte) written;
        fixHeader(frame);
        return frame;
    }

    private static void fixHeader(final byte[] frame) {
        Ipv4.writeChecksum(MemorySegment.ofArray(frame), NETWORK);
    }
}
