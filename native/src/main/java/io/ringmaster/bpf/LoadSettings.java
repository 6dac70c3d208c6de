package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a measurement sends, and what it expects at the end. Addresses are ints, MACs longs, the first byte on the wire
 * the highest.
 *
 * @param toMac       the forwarder's.
 * @param fromMac     the generator's.
 * @param vip         where packets go to.
 * @param vport       its UDP port.
 * @param frameBytes  of Ethernet header, IP packet and padding, without the checksum that a NIC adds: 60 to 1,514.
 * @param connections over which packets go round, at least 1: 1,024 ports of each client.
 * @param firstClient the address of the first client; the others follow.
 * @param end         what the forwarder is to make of it.
 * @param arrivals    timed packets that there is room for; 0 for none.
 */
public record LoadSettings(long toMac, long fromMac, int vip, int vport, int frameBytes, int connections,
                           int firstClient, End end, int arrivals) {
    /** Connections of one client address. */
    public static final int CONNECTIONS_PER_CLIENT = 1024;
    private static final int FIRST_PORT = 1024;
    private static final int BYTES = 48;
    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    private static final int UDP = 17;
    private static final int TIME_TO_LIVE = 64;
    private static final ValueLayout.OfShort BIG_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BIG_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

    /**
     * A packet at the end of its way.
     *
     * @param address  destination of the outermost IPv4 header.
     * @param port     UDP port; 0 where the outermost header is that of a tunnel.
     * @param protocol of the outermost header.
     */
    public record End(int address, int port, int protocol) {
        /** What direct routing and masquerading make. */
        public static End udp(final int address, final int port) {
            return new End(address, port, UDP);
        }
    }

    /** Bytes of the IP packet. */
    public int packetBytes() {
        return frameBytes - ETHERNET_BYTES;
    }

    /** Source address of a connection, by its number. */
    public int client(final int connection) {
        return firstClient + connection / CONNECTIONS_PER_CLIENT;
    }

    /** Source port of a connection, by its number. */
    public static int clientPort(final int connection) {
        return FIRST_PORT + connection % CONNECTIONS_PER_CLIENT;
    }

    /** struct settings of bench.bpf.c. */
    MemorySegment toMemory(final SegmentAllocator allocator) {
        final MemorySegment settings = allocator.allocate(BYTES, 4);
        MapKeys.putMac(settings, 0, toMac);
        MapKeys.putMac(settings, 6, fromMac);
        settings.set(BIG_INT, 12, vip);
        settings.set(BIG_SHORT, 16, (short) vport);
        settings.set(JAVA_SHORT, 18, (short) packetBytes());
        settings.set(JAVA_INT, 20, connections);
        settings.set(JAVA_INT, 24, firstClient);
        settings.set(JAVA_INT, 28, ipSum());
        settings.set(JAVA_INT, 32, udpSum());
        settings.set(BIG_INT, 36, end.address());
        settings.set(BIG_SHORT, 40, (short) end.port());
        settings.set(JAVA_BYTE, 42, (byte) end.protocol());
        settings.set(JAVA_INT, 44, arrivals);
        return settings;
    }

    /** Of the words of the IP header that are the same in every packet (RFC 791): all but the client's address. */
    private int ipSum() {
        return 0x4500 + packetBytes() + (TIME_TO_LIVE << 8 | UDP) + words(vip);
    }

    /** Of pseudo-header and UDP header (RFC 768) but for client address and port; the payload is zero. */
    private int udpSum() {
        final int udpBytes = packetBytes() - IPV4_BYTES;
        return words(vip) + UDP + udpBytes + vport + udpBytes;
    }

    private static int words(final int address) {
        return (address >>> 16) + (address & 0xffff);
    }
}
