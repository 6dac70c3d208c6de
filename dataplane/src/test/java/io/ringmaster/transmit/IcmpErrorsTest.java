package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.FixtureFile;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketMemory;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.SlowChecksum;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors beside those that the recordings have: which there must not be, and where their fields come from. */
class IcmpErrorsTest {
    private static final int NETWORK = Ethernet.HEADER_BYTES;
    private static final int VIP = 0x0a01_0064;
    private static final long LOW = Addresses.ipv4Low(VIP);
    private static final byte[] SYN = FixtureFile.read("fwd-nat").exchanges().getFirst().in();
    private final PacketMemory chunk = new PacketMemory();

    @Test
    void goesBackWhereThePacketCameFrom() {
        final Packet packet = received(SYN);
        assertTrue(IcmpErrors.portUnreachable(packet, 0, LOW, 0x1_beef));
        final byte[] error = chunk.frame();
        assertEquals("0200000100fe" + "020000000001" + "0800", HexFormat.of().formatHex(error, 0, NETWORK));
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        assertEquals(Ipv4.PROTOCOL_ICMP, packet.protocol());
        assertEquals(0xffff_0a09_0101L, packet.destinationLow());
        assertEquals(0xbeef, Ipv4.identification(packet.memory(), packet.network()));
        assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(error, NETWORK + 20, error.length)));
        assertArrayEquals(Arrays.copyOfRange(SYN, NETWORK, SYN.length),
            Arrays.copyOfRange(error, NETWORK + 28, error.length), "whole packet quoted as it was");
    }

    @ParameterizedTest
    @CsvSource({"0x00, 0xc0", "0x10, 0xd0", "0xb9, 0xd8", "0x03, 0xc2", "0xff, 0xde"})
    void typeOfService(final String of, final String expected) {
        final byte[] frame = SYN.clone();
        frame[NETWORK + 1] = (byte) (int) Integer.decode(of);
        final Packet packet = received(fixed(frame));
        assertTrue(IcmpErrors.timeExceeded(packet, 0, LOW, 1));
        assertEquals(Integer.decode(expected), Ipv4.typeOfService(packet.memory(), packet.network()));
    }

    @ParameterizedTest
    @CsvSource({"548, 576", "549, 576", "1500, 576", "547, 575"})
    void quotesAsMuchAsAnyHostMustTake(final int packetBytes, final int errorBytes) {
        final byte[] frame = Arrays.copyOf(SYN, NETWORK + packetBytes);
        frame[NETWORK + 2] = (byte) (packetBytes >> 8);
        frame[NETWORK + 3] = (byte) packetBytes;
        final Packet packet = received(fixed(frame));
        assertTrue(IcmpErrors.fragmentationNeeded(packet, 500, 0, LOW, 1));
        assertEquals(errorBytes, packet.networkLengthBytes());
        assertEquals(NETWORK + errorBytes, packet.lengthBytes());
        assertEquals(500, Icmp.rest(packet.memory(), packet.transport()));
    }

    @Test
    void paddingIsNotQuoted() {
        final Packet packet = received(Arrays.copyOf(SYN, SYN.length + 20));
        assertTrue(IcmpErrors.timeExceeded(packet, 0, LOW, 1));
        assertEquals(SYN.length + IcmpErrors.HEADROOM_BYTES, packet.lengthBytes());
    }

    @ParameterizedTest
    @CsvSource({"3, false", "4, false", "5, false", "11, false", "12, false", "8, true", "0, true", "13, true",
        "18, true", "19, false", "255, false"})
    void neverAboutAnError(final int type, final boolean answered) {
        final byte[] frame = FixtureFile.read("icmp-nat").exchanges().get(3).in().clone();
        frame[NETWORK + 20] = (byte) type;
        final Packet packet = received(frame);
        assertEquals(answered, IcmpErrors.timeExceeded(packet, 0, LOW, 1));
        if (!answered) {
            assertArrayEquals(frame, chunk.frame(), "left as it was");
        }
    }

    @Test
    void neverAboutWhatWentToMany() {
        final byte[] broadcastMac = SYN.clone();
        Arrays.fill(broadcastMac, 0, 6, (byte) 0xff);
        assertFalse(IcmpErrors.timeExceeded(received(broadcastMac), 0, LOW, 1));
        final byte[] multicast = SYN.clone();
        multicast[NETWORK + 16] = (byte) 0xe0;
        assertFalse(IcmpErrors.timeExceeded(received(fixed(multicast)), 0, LOW, 1));
        final byte[] broadcast = SYN.clone();
        Arrays.fill(broadcast, NETWORK + 16, NETWORK + 20, (byte) 0xff);
        assertFalse(IcmpErrors.timeExceeded(received(fixed(broadcast)), 0, LOW, 1));
    }

    @Test
    void aboutTheFirstFragmentOnly() {
        final byte[] first = SYN.clone();
        first[NETWORK + 6] = 0x20;
        final Packet packet = chunk.receive(fixed(first));
        assertEquals(ParseResult.FRAGMENT, PacketParser.parse(packet));
        assertTrue(IcmpErrors.timeExceeded(packet, 0, LOW, 1));
        final byte[] second = SYN.clone();
        second[NETWORK + 7] = 1;
        assertEquals(ParseResult.FRAGMENT, PacketParser.parse(chunk.receive(fixed(second))));
        assertFalse(IcmpErrors.timeExceeded(packet, 0, LOW, 1));
    }

    private Packet received(final byte[] frame) {
        final Packet packet = chunk.receive(frame);
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        return packet;
    }

    private static byte[] fixed(final byte[] frame) {
        Ipv4.writeChecksum(MemorySegment.ofArray(frame), NETWORK);
        return frame;
    }
}
