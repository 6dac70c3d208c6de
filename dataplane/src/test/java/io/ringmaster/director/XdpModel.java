package io.ringmaster.director;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.bpf.XdpReason;
import io.ringmaster.packet.Addresses;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * The decision of the XDP program (native, src/main/bpf/ringmaster.bpf.c) in Java, function by function under the same
 * names, over the same maps, filled by the same classes. What it answers is what a director's program answers, as long
 * as each change there is made here, too.
 */
public final class XdpModel implements XdpDecision {
    private static final int ETHERNET = 14;
    private static final int MORE_OR_OFFSET = 0x3fff;
    private static final int OFFSET = 0x1fff;
    private static final int ICMP = 1;
    private static final int IPIP = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int IPV6 = 41;
    private static final int GRE = 47;
    private static final int SCTP = 132;
    private static final int FRAGMENT = 44;
    private static final int AH = 51;
    private static final int ICMPV6 = 58;
    private static final int IPV6_HEADER = 40;
    private static final int MOST_EXTENSIONS = 8;
    private static final int MOST_EXTENSION_BYTES = 4095;
    private static final int NO_FRAGMENT = -1;
    private static final int ANY_PORT = -1;
    private static final int ANY_PROTOCOL = 0;

    private final Set<Endpoint> services = new HashSet<>();
    private final Set<Endpoint> replies = new HashSet<>();
    private final Set<Address> localAddresses = new HashSet<>();
    private final Set<Address> tunnelServers = new HashSet<>();
    private final Set<Mac> macs = new HashSet<>();
    private final Set<MarkFilter> marks = new HashSet<>();
    private final MemorySegment dataPorts;
    private ByteBuffer frame;
    private int incoming;

    private record Address(long high, long low) {
    }

    private record Endpoint(int protocol, long high, long low, int port) {
    }

    private record Mac(int interfaceIndex, long mac48) {
    }

    /** A model with data ports of its own. */
    public XdpModel() {
        this(MemorySegment.ofArray(new long[(int) (DATA_PORTS_BYTES / Long.BYTES)]));
    }

    /** A model that reads the data ports that another has, too. */
    public XdpModel(final MemorySegment dataPorts) {
        this.dataPorts = dataPorts;
    }

    @Override
    public MemorySegment dataPorts() {
        return dataPorts;
    }

    private boolean countsPort(final int port) {
        return dataPorts.getAtIndex(ValueLayout.JAVA_LONG, port) != 0;
    }

    private boolean isData(final Set<Endpoint> set, final int protocol, final Address address, final int port) {
        if (protocol != TCP || port == 0) {
            return false;
        }
        if (countsPort(0) && countsPort(port)
            && set.contains(new Endpoint(DATA_EXPECTED, address.high(), address.low(), 0))) {
            return true;
        }
        return (port == 20 || port >= 1024)
            && set.contains(new Endpoint(DATA_LASTING, address.high(), address.low(), 0));
    }

    @Override
    public XdpReason director(final int interfaceIndex, final byte[] bytes) {
        frame = ByteBuffer.wrap(bytes);
        incoming = interfaceIndex;
        if (bytes.length < ETHERNET) {
            return XdpReason.PASSED_MALFORMED;
        }
        if (!macs.contains(new Mac(interfaceIndex, frame.getLong(0) >>> 16))) {
            return XdpReason.PASSED_OTHER_MAC;
        }
        return switch (u16(12)) {
            case 0x8100, 0x88a8 -> XdpReason.PASSED_VLAN;
            case 0x0800 -> decideIpv4();
            case 0x86dd -> decideIpv6();
            default -> XdpReason.PASSED_NOT_IP;
        };
    }

    private XdpReason decideIpv4() {
        final int headerBytes = wholeIpv4HeaderBytes();
        if (headerBytes == 0) {
            return XdpReason.PASSED_MALFORMED;
        }
        if ((u16(ETHERNET + 6) & MORE_OR_OFFSET) != 0) {
            return decideIpv4Fragment();
        }
        final int protocol = u8(ETHERNET + 9);
        final int leastBytes = leastBytesOf(protocol, ICMP);
        if (leastBytes == 0) {
            return XdpReason.PASSED_OTHER_PROTOCOL;
        }
        final int transport = ETHERNET + headerBytes;
        final int transportBytes = u16(ETHERNET + 2) - headerBytes;
        if (transportBytes < leastBytes || transport + leastBytes > frame.capacity()) {
            return XdpReason.PASSED_MALFORMED;
        }
        if (protocol != ICMP) {
            return decideByPorts(ipv4(ETHERNET + 12), ipv4(ETHERNET + 16), protocol, transport);
        }
        final int type = u8(transport);
        if (type != 3 && type != 4 && type != 11) {
            return XdpReason.PASSED_ICMP;
        }
        return decideByIpv4Quote(transport + 8, transportBytes - 8);
    }

    private static boolean hasPorts(final int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP;
    }

    private XdpReason decideFragment(final Address source, final Address destination, final int protocol) {
        if (services.contains(new Endpoint(FRAGMENTS, destination.high(), destination.low(), 0))
            || marks.stream().anyMatch(filter -> isTakenBy(filter, source, destination, ANY_PORT, protocol,
                incoming))) {
            return XdpReason.REDIRECTED_FRAGMENT;
        }
        if (localAddresses.contains(destination)) {
            return XdpReason.PASSED_LOCAL;
        }
        return replies.contains(new Endpoint(FRAGMENTS, source.high(), source.low(), 0))
            ? XdpReason.REDIRECTED_FRAGMENT : XdpReason.PASSED_FRAGMENT;
    }

    private XdpReason decideIpv4Fragment() {
        final int protocol = u8(ETHERNET + 9);
        return hasPorts(protocol) ? decideFragment(ipv4(ETHERNET + 12), ipv4(ETHERNET + 16), protocol)
            : XdpReason.PASSED_FRAGMENT;
    }

    private XdpReason decideIpv6Fragment(final int protocol) {
        return hasPorts(protocol) || isExtension(protocol)
            ? decideFragment(ipv6(ETHERNET + 8), ipv6(ETHERNET + 24), hasPorts(protocol) ? protocol : ANY_PROTOCOL)
            : XdpReason.PASSED_FRAGMENT;
    }

    private XdpReason decideIpv6() {
        if (ETHERNET + IPV6_HEADER > frame.capacity() || u8(ETHERNET) >> 4 != 6) {
            return XdpReason.PASSED_MALFORMED;
        }
        final int packetBytes = IPV6_HEADER + u16(ETHERNET + 4);
        if (ETHERNET + packetBytes > frame.capacity()) {
            return XdpReason.PASSED_MALFORMED;
        }
        final Transport found = walk(ETHERNET, packetBytes);
        if (found.fragmentProtocol() != NO_FRAGMENT) {
            return decideIpv6Fragment(found.fragmentProtocol());
        }
        if (found.offset() == 0) {
            return XdpReason.PASSED_MALFORMED;
        }
        final int leastBytes = leastBytesOf(found.protocol(), ICMPV6);
        if (leastBytes == 0) {
            return XdpReason.PASSED_OTHER_PROTOCOL;
        }
        final int transport = ETHERNET + found.offset();
        final int transportBytes = packetBytes - found.offset();
        if (transportBytes < leastBytes || transport + leastBytes > frame.capacity()) {
            return XdpReason.PASSED_MALFORMED;
        }
        if (found.protocol() != ICMPV6) {
            return decideByPorts(ipv6(ETHERNET + 8), ipv6(ETHERNET + 24), found.protocol(), transport);
        }
        return u8(transport) >= 128 ? XdpReason.PASSED_ICMP : decideByIpv6Quote(transport + 8, transportBytes - 8);
    }

    private static int leastBytesOf(final int protocol, final int icmp) {
        return hasPorts(protocol) ? 4 : protocol == icmp ? 8 : 0;
    }

    private record Transport(int offset, int protocol, int fragmentProtocol, boolean laterFragment) {
    }

    private Transport walk(final int ip, final int bytes) {
        int protocol = u8(ip + 6);
        int offset = IPV6_HEADER;
        int fragment = NO_FRAGMENT;
        boolean later = false;
        for (int i = 0; i < MOST_EXTENSIONS && isExtension(protocol) && !later; i++) {
            final int at = ip + offset;
            if (offset > MOST_EXTENSION_BYTES || at + 8 > frame.capacity() || offset + 8 > bytes) {
                return new Transport(0, protocol, fragment, later);
            }
            if (protocol == FRAGMENT) {
                fragment = fragment == NO_FRAGMENT ? u8(at) : fragment;
                later = (u16(at + 2) & 0xfff8) != 0;
            }
            offset += protocol == FRAGMENT ? 8 : protocol == AH ? (u8(at + 1) + 2) * 4 : (u8(at + 1) + 1) * 8;
            protocol = u8(at);
        }
        final boolean reached = offset <= MOST_EXTENSION_BYTES && offset <= bytes && (!isExtension(protocol) || later);
        return new Transport(reached ? offset : 0, protocol, fragment, later);
    }

    private static boolean isExtension(final int protocol) {
        return protocol == 0 || protocol == 43 || protocol == FRAGMENT || protocol == AH || protocol == 60;
    }

    private XdpReason decideByPorts(final Address source, final Address destination, final int protocol,
                                    final int ports) {
        if (services.contains(new Endpoint(protocol, destination.high(), destination.low(), u16(ports + 2)))
            || isData(services, protocol, destination, u16(ports + 2))
            || isForAnyPort(source, destination, u16(ports + 2), protocol, incoming)) {
            return XdpReason.REDIRECTED_SERVICE;
        }
        if (localAddresses.contains(destination)) {
            return XdpReason.PASSED_LOCAL;
        }
        return isReply(protocol, source, u16(ports)) ? XdpReason.REDIRECTED_REPLY : XdpReason.PASSED_NO_SERVICE;
    }

    private boolean isForAnyPort(final Address source, final Address destination, final int port, final int protocol,
                                 final int interfaceIndex) {
        return services.contains(new Endpoint(protocol, destination.high(), destination.low(), 0))
            || marks.stream().anyMatch(filter -> isTakenBy(filter, source, destination, port, protocol,
                interfaceIndex));
    }

    private static boolean isTakenBy(final MarkFilter filter, final Address source, final Address destination,
                                     final int port, final int protocol, final int interfaceIndex) {
        return filter.ipv6() == !Addresses.isIpv4(destination.high(), destination.low())
            && (filter.protocol() == ANY_PROTOCOL || protocol == ANY_PROTOCOL || filter.protocol() == protocol)
            && (port == ANY_PORT || port >= filter.firstPort() && port <= filter.lastPort())
            && (filter.interfaceIndex() == 0 || interfaceIndex == 0 || filter.interfaceIndex() == interfaceIndex)
            && isWithin(destination, filter.destinationHigh(), filter.destinationLow(), filter.destinationBits())
            && isWithin(source, filter.sourceHigh(), filter.sourceLow(), filter.sourceBits());
    }

    private static boolean isWithin(final Address address, final long high, final long low, final int bits) {
        return ((address.high() ^ high) & Addresses.prefixHigh(bits)
            | (address.low() ^ low) & Addresses.prefixLow(bits)) == 0;
    }

    private boolean isReply(final int protocol, final Address source, final int port) {
        return replies.contains(new Endpoint(protocol, source.high(), source.low(), port))
            || replies.contains(new Endpoint(protocol, source.high(), source.low(), 0))
            || isData(replies, protocol, source, port);
    }

    private XdpReason decideByIpv4Quote(final int quoted, final int quotedBytes) {
        final int headerBytes = ipv4HeaderBytes(quoted);
        if (headerBytes == 0 || quotedBytes < headerBytes) {
            return XdpReason.PASSED_MALFORMED;
        }
        final Address source = ipv4(quoted + 12);
        if (!ipv4(ETHERNET + 16).equals(source)) {
            return XdpReason.PASSED_ICMP;
        }
        final int protocol = u8(quoted + 9);
        final int ports = quoted + headerBytes;
        if (!carriesIp(protocol) && !hasPorts(protocol)) {
            return XdpReason.PASSED_ICMP;
        }
        if (!carriesIp(protocol) && (ports + 4 > frame.capacity() || (u16(quoted + 6) & OFFSET) != 0
            || quotedBytes < headerBytes + 4)) {
            return XdpReason.PASSED_MALFORMED;
        }
        return decideByQuote(source, ipv4(quoted + 16), protocol, ports);
    }

    private XdpReason decideByIpv6Quote(final int quoted, final int quotedBytes) {
        if (quoted + IPV6_HEADER > frame.capacity() || u8(quoted) >> 4 != 6 || quotedBytes < IPV6_HEADER) {
            return XdpReason.PASSED_MALFORMED;
        }
        final Address source = ipv6(quoted + 8);
        if (!ipv6(ETHERNET + 24).equals(source)) {
            return XdpReason.PASSED_ICMP;
        }
        final Transport transport = walk(quoted, quotedBytes);
        if (transport.offset() == 0 || transport.laterFragment()) {
            return XdpReason.PASSED_MALFORMED;
        }
        final int protocol = transport.protocol();
        final int ports = quoted + transport.offset();
        if (!carriesIp(protocol) && !hasPorts(protocol)) {
            return XdpReason.PASSED_ICMP;
        }
        if (!carriesIp(protocol) && (ports + 4 > frame.capacity() || quotedBytes < transport.offset() + 4)) {
            return XdpReason.PASSED_MALFORMED;
        }
        return decideByQuote(source, ipv6(quoted + 24), protocol, ports);
    }

    private static boolean carriesIp(final int protocol) {
        return protocol == IPIP || protocol == IPV6 || protocol == GRE;
    }

    private XdpReason decideByQuote(final Address source, final Address destination, final int protocol,
                                    final int ports) {
        if (carriesIp(protocol)) {
            return tunnelServers.contains(destination) ? XdpReason.REDIRECTED_ICMP : XdpReason.PASSED_ICMP;
        }
        if (services.contains(new Endpoint(protocol, source.high(), source.low(), u16(ports)))
            || isData(services, protocol, source, u16(ports))
            || isForAnyPort(destination, source, u16(ports), protocol, 0)
            || protocol == UDP && tunnelServers.contains(destination)) {
            return XdpReason.REDIRECTED_ICMP;
        }
        if (localAddresses.contains(source)) {
            return XdpReason.PASSED_LOCAL;
        }
        return isReply(protocol, destination, u16(ports + 2)) ? XdpReason.REDIRECTED_ICMP : XdpReason.PASSED_ICMP;
    }

    private int ipv4HeaderBytes(final int at) {
        if (at + 20 > frame.capacity() || u8(at) >> 4 != 4 || (u8(at) & 0xf) < 5) {
            return 0;
        }
        final int bytes = (u8(at) & 0xf) * 4;
        return at + bytes > frame.capacity() ? 0 : bytes;
    }

    private int wholeIpv4HeaderBytes() {
        final int bytes = ipv4HeaderBytes(ETHERNET);
        if (bytes == 0) {
            return 0;
        }
        final int total = u16(ETHERNET + 2);
        return total < bytes || ETHERNET + total > frame.capacity() ? 0 : bytes;
    }

    /** Whether errors about tunnel packets to an address are taken. */
    public boolean hasTunnelServer(final long high, final long low) {
        return tunnelServers.contains(new Address(high, low));
    }

    private int u8(final int offset) {
        return frame.get(offset) & 0xff;
    }

    private int u16(final int offset) {
        return frame.getShort(offset) & 0xffff;
    }

    private Address ipv4(final int offset) {
        return new Address(Addresses.IPV4_HIGH, Addresses.ipv4Low(frame.getInt(offset)));
    }

    private Address ipv6(final int offset) {
        return new Address(frame.getLong(offset), frame.getLong(offset + 8));
    }

    @Override
    public void addMac(final int interfaceIndex, final long mac48) {
        macs.add(new Mac(interfaceIndex, mac48));
    }

    @Override
    public void removeMac(final int interfaceIndex, final long mac48) {
        macs.remove(new Mac(interfaceIndex, mac48));
    }

    @Override
    public void addService(final int protocol, final long vipHigh, final long vipLow, final int vport) {
        services.add(new Endpoint(protocol, vipHigh, vipLow, vport));
    }

    @Override
    public void removeService(final int protocol, final long vipHigh, final long vipLow, final int vport) {
        services.remove(new Endpoint(protocol, vipHigh, vipLow, vport));
    }

    @Override
    public void addReply(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        replies.add(new Endpoint(protocol, ripHigh, ripLow, rport));
    }

    @Override
    public void removeReply(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        replies.remove(new Endpoint(protocol, ripHigh, ripLow, rport));
    }

    @Override
    public void addLocalAddress(final long high, final long low) {
        localAddresses.add(new Address(high, low));
    }

    @Override
    public void removeLocalAddress(final long high, final long low) {
        localAddresses.remove(new Address(high, low));
    }

    @Override
    public void addTunnelServer(final long ripHigh, final long ripLow) {
        tunnelServers.add(new Address(ripHigh, ripLow));
    }

    @Override
    public void removeTunnelServer(final long ripHigh, final long ripLow) {
        tunnelServers.remove(new Address(ripHigh, ripLow));
    }

    @Override
    public void addMark(final MarkFilter filter) {
        marks.add(filter);
    }

    @Override
    public void removeMark(final MarkFilter filter) {
        marks.remove(filter);
    }
}
