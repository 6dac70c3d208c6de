package io.ringmaster.demo;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * One packet as a port of the switch saw it, for people and checks. Addresses are those of the outermost IP header;
 * what a tunnel carries is in {@code inner}.
 *
 * @param port            the switch's port.
 * @param fromHost        whether it came from the host at that port; else it went there.
 * @param sourceMac       48 bits.
 * @param destinationMac  48 bits.
 * @param source          IP address.
 * @param destination     IP address.
 * @param protocol        IP protocol number.
 * @param sourcePort      of TCP or UDP, else 0.
 * @param destinationPort of TCP or UDP, else 0.
 * @param tcpFlags        TCP's flags byte, else 0.
 * @param timeToLive      of the IP header.
 * @param lengthBytes     of the IP packet.
 * @param inner           the packet inside an IPIP tunnel, else null.
 */
public record SeenPacket(String port, boolean fromHost, long sourceMac, long destinationMac, String source,
                         String destination, int protocol, int sourcePort, int destinationPort, int tcpFlags,
                         int timeToLive, int lengthBytes, SeenPacket inner) {
    private static final String FLAG_LETTERS = "FSRPAUEC";

    /** Reads a frame, or gives null if it is no whole IPv4 packet. */
    static SeenPacket of(final String port, final boolean fromHost, final byte[] frame) {
        final MemorySegment memory = MemorySegment.ofArray(frame);
        if (frame.length < Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES
            || Ethernet.type(memory, 0) != Ethernet.TYPE_IPV4) {
            return null;
        }
        return network(port, fromHost, memory, Ethernet.HEADER_BYTES);
    }

    private static SeenPacket network(final String port, final boolean fromHost, final MemorySegment memory,
                                      final long offset) {
        final int protocol = Ipv4.protocol(memory, offset);
        final long next = offset + Ipv4.headerBytes(memory, offset);
        final long left = memory.byteSize() - next;
        final boolean tcp = protocol == Ipv4.PROTOCOL_TCP && left >= Tcp.HEADER_BYTES;
        final boolean ports = tcp || protocol == Ipv4.PROTOCOL_UDP && left >= Udp.HEADER_BYTES;
        final boolean tunnel = protocol == Ipv4.PROTOCOL_IPIP && left >= Ipv4.HEADER_BYTES;
        return new SeenPacket(port, fromHost, Ethernet.source(memory, 0), Ethernet.destination(memory, 0),
            address(Ipv4.source(memory, offset)), address(Ipv4.destination(memory, offset)), protocol,
            ports ? Udp.sourcePort(memory, next) : 0, ports ? Udp.destinationPort(memory, next) : 0,
            tcp ? Tcp.flags(memory, next) : 0, Ipv4.timeToLive(memory, offset), Ipv4.totalLength(memory, offset),
            tunnel ? network(port, fromHost, memory, next) : null);
    }

    private static String address(final int bits) {
        return Addresses.toInetAddress(Addresses.IPV4_HIGH, Addresses.ipv4Low(bits)).getHostAddress();
    }

    /** The packet that matters: what the tunnel carries, or this one. */
    SeenPacket innermost() {
        return inner == null ? this : inner.innermost();
    }

    /** Whether the client's port is at one of its ends, inside a tunnel or not. */
    boolean concerns(final int clientPort) {
        final SeenPacket packet = innermost();
        return packet.sourcePort == clientPort || packet.destinationPort == clientPort;
    }

    boolean isReset() {
        return (innermost().tcpFlags & Tcp.RST) != 0;
    }

    @Override
    public String toString() {
        return String.format("%-6s %-9s %s > %s  %s", port, fromHost ? "host>" : ">host", mac(sourceMac),
            mac(destinationMac), ip());
    }

    private String ip() {
        if (inner != null) {
            return "IPIP " + source + " > " + destination + " ttl " + timeToLive + " | " + inner.ip();
        }
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> "TCP " + ends() + " [" + flagLetters() + "] ttl " + timeToLive + ", "
                + lengthBytes + " bytes";
            case Ipv4.PROTOCOL_UDP -> "UDP " + ends() + " ttl " + timeToLive + ", " + lengthBytes + " bytes";
            default -> "protocol " + protocol + " " + source + " > " + destination + " ttl " + timeToLive + ", "
                + lengthBytes + " bytes";
        };
    }

    private String ends() {
        return source + ":" + sourcePort + " > " + destination + ":" + destinationPort;
    }

    private String flagLetters() {
        final StringBuilder letters = new StringBuilder();
        for (int i = 0; i < FLAG_LETTERS.length(); i++) {
            if ((tcpFlags & 1 << i) != 0) {
                letters.append(FLAG_LETTERS.charAt(i));
            }
        }
        return letters.toString();
    }

    private static String mac(final long bits) {
        return String.format("%012x", bits).replaceAll("(..)(?!$)", "$1:");
    }
}
