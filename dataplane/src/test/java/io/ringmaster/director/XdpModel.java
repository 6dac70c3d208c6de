package io.ringmaster.director;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.packet.Addresses;
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

    private final Set<Endpoint> services = new HashSet<>();
    private final Set<Endpoint> replies = new HashSet<>();
    private final Set<Address> localAddresses = new HashSet<>();
    private final Set<Address> tunnelServers = new HashSet<>();
    private final Set<Mac> macs = new HashSet<>();
    private ByteBuffer frame;

    private record Address(long high, long low) {
    }

    private record Endpoint(int protocol, long high, long low, int port) {
    }

    private record Mac(int interfaceIndex, long mac48) {
    }

    @Override
    public XdpReason director(final int interfaceIndex, final byte[] bytes) {
        frame = ByteBuffer.wrap(bytes);
        if (bytes.length < ETHERNET) {
            return XdpReason.PASSED_MALFORMED;
        }
        if (!macs.contains(new Mac(interfaceIndex, frame.getLong(0) >>> 16))) {
            return XdpReason.PASSED_OTHER_MAC;
        }
        final int type = u16(12);
        if (type == 0x8100 || type == 0x88a8) {
            return XdpReason.PASSED_VLAN;
        }
        return type == 0x0800 ? decide() : XdpReason.PASSED_NOT_IPV4;
    }

    private XdpReason decide() {
        final int headerBytes = wholeIpv4HeaderBytes();
        if (headerBytes == 0) {
            return XdpReason.PASSED_MALFORMED;
        }
        if ((u16(ETHERNET + 6) & MORE_OR_OFFSET) != 0) {
            return decideFragment();
        }
        final int protocol = u8(ETHERNET + 9);
        final int leastBytes = protocol == ICMP ? 8 : 4;
        if (!hasPorts(protocol) && protocol != ICMP) {
            return XdpReason.PASSED_OTHER_PROTOCOL;
        }
        final int transport = ETHERNET + headerBytes;
        final int transportBytes = u16(ETHERNET + 2) - headerBytes;
        if (transportBytes < leastBytes || transport + leastBytes > frame.capacity()) {
            return XdpReason.PASSED_MALFORMED;
        }
        if (protocol != ICMP) {
            return decideByPorts(protocol, transport);
        }
        final int type = u8(transport);
        if (type != 3 && type != 4 && type != 11) {
            return XdpReason.PASSED_ICMP;
        }
        return decideByQuote(transport + 8, transportBytes - 8);
    }

    private static boolean hasPorts(final int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP;
    }

    private XdpReason decideFragment() {
        final int protocol = u8(ETHERNET + 9);
        if (!hasPorts(protocol)) {
            return XdpReason.PASSED_FRAGMENT;
        }
        final long source = ipv4(ETHERNET + 12);
        final long destination = ipv4(ETHERNET + 16);
        if (services.contains(new Endpoint(FRAGMENTS, Addresses.IPV4_HIGH, destination, 0))) {
            return XdpReason.REDIRECTED_FRAGMENT;
        }
        if (isLocal(destination)) {
            return XdpReason.PASSED_LOCAL;
        }
        return replies.contains(new Endpoint(FRAGMENTS, Addresses.IPV4_HIGH, source, 0))
            ? XdpReason.REDIRECTED_FRAGMENT : XdpReason.PASSED_FRAGMENT;
    }

    private XdpReason decideByPorts(final int protocol, final int ports) {
        final long source = ipv4(ETHERNET + 12);
        final long destination = ipv4(ETHERNET + 16);
        if (services.contains(new Endpoint(protocol, Addresses.IPV4_HIGH, destination, u16(ports + 2)))) {
            return XdpReason.REDIRECTED_SERVICE;
        }
        if (isLocal(destination)) {
            return XdpReason.PASSED_LOCAL;
        }
        return replies.contains(new Endpoint(protocol, Addresses.IPV4_HIGH, source, u16(ports)))
            ? XdpReason.REDIRECTED_REPLY : XdpReason.PASSED_NO_SERVICE;
    }

    private XdpReason decideByQuote(final int quoted, final int quotedBytes) {
        final int headerBytes = ipv4HeaderBytes(quoted);
        if (headerBytes == 0 || quotedBytes < headerBytes) {
            return XdpReason.PASSED_MALFORMED;
        }
        final long source = ipv4(quoted + 12);
        final long destination = ipv4(quoted + 16);
        if (ipv4(ETHERNET + 16) != source) {
            return XdpReason.PASSED_ICMP;
        }
        final int protocol = u8(quoted + 9);
        if (protocol == IPIP || protocol == IPV6 || protocol == GRE) {
            return isTunnelServer(destination) ? XdpReason.REDIRECTED_ICMP : XdpReason.PASSED_ICMP;
        }
        if (!hasPorts(protocol)) {
            return XdpReason.PASSED_ICMP;
        }
        final int ports = quoted + headerBytes;
        if (ports + 4 > frame.capacity() || (u16(quoted + 6) & OFFSET) != 0 || quotedBytes < headerBytes + 4) {
            return XdpReason.PASSED_MALFORMED;
        }
        if (services.contains(new Endpoint(protocol, Addresses.IPV4_HIGH, source, u16(ports)))
            || protocol == UDP && isTunnelServer(destination)) {
            return XdpReason.REDIRECTED_ICMP;
        }
        if (isLocal(ipv4(ETHERNET + 16))) {
            return XdpReason.PASSED_LOCAL;
        }
        return replies.contains(new Endpoint(protocol, Addresses.IPV4_HIGH, destination, u16(ports + 2)))
            ? XdpReason.REDIRECTED_ICMP : XdpReason.PASSED_ICMP;
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

    private boolean isLocal(final long low) {
        return localAddresses.contains(new Address(Addresses.IPV4_HIGH, low));
    }

    private boolean isTunnelServer(final long low) {
        return hasTunnelServer(Addresses.IPV4_HIGH, low);
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

    private long ipv4(final int offset) {
        return Addresses.ipv4Low(frame.getInt(offset));
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
}
