package io.ringmaster.conformance;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a Linux host without IPVS does with a frame by itself. In our director that is the kernel's work, and not the
 * worker's, once the frame was left to it or given back; this tells whether what the recording shows is just that.
 */
final class HostAnswer {
    private static final int TTL = 64;
    private static final int SOLICITATION = 135; // of a neighbour, RFC 4861
    private static final int ADVERTISING = 136;
    private static final int ND_HOPS = 255;
    private static final int MLD2_REPORT = 143;

    private final Topology topology;

    /** What it does. */
    enum Kind {
        NOTHING("drops it"),
        RESET("answers a segment for no socket by a reset"),
        ECHO_REPLY("answers an echo request"),
        ADVERTISEMENT("answers a neighbour solicitation, or first asks who sent it"),
        PORT_UNREACHABLE("answers a datagram for no socket by port unreachable"),
        PROTOCOL_UNREACHABLE("answers a protocol that it has not by protocol unreachable"),
        TIME_EXCEEDED("routes it, and its time to live is over"),
        UNREACHABLE("has no route for it"),
        ROUTED("routes it, addresses and contents untouched");

        private final String meaning;

        Kind(final String meaning) {
            this.meaning = meaning;
        }

        String meaning() {
            return meaning;
        }
    }

    HostAnswer(final Topology topology) {
        this.topology = topology;
    }

    /** What the host does with a frame that came in by an interface. */
    Kind kind(final int port, final byte[] in) {
        final HostPacket packet = HostPacket.read(in);
        if (packet == null || packet.mac() != topology.links().get(port).mac() || unusable(packet)) {
            return Kind.NOTHING;
        }
        if (!topology.local(ip(packet.to()))) {
            if (packet.hops() <= 1) {
                return Kind.TIME_EXCEEDED;
            }
            return topology.way(ip(packet.to())) == null ? Kind.UNREACHABLE : Kind.ROUTED;
        }
        if (packet.fragment()) {
            return Kind.NOTHING;
        }
        return switch (packet.protocol()) {
            case 6 -> packet.bytes() < 20 || !packet.sumHolds() || packet.tcpReset() ? Kind.NOTHING : Kind.RESET;
            case 17 -> packet.bytes() < 8 || !packet.sumHolds() ? Kind.NOTHING : Kind.PORT_UNREACHABLE;
            case 1 -> packet.type() == 8 ? Kind.ECHO_REPLY : Kind.NOTHING;
            case 58 -> switch (packet.type()) {
                case 128 -> Kind.ECHO_REPLY;
                case SOLICITATION -> packet.bytes() >= 24 && packet.hops() == ND_HOPS ? Kind.ADVERTISEMENT
                    : Kind.NOTHING;
                default -> Kind.NOTHING;
            };
            default -> Kind.PROTOCOL_UNREACHABLE;
        };
    }

    private boolean unusable(final HostPacket packet) {
        final InetAddress from = ip(packet.from());
        final InetAddress to = ip(packet.to());
        return !packet.headerHolds() || from.isLoopbackAddress() || from.isAnyLocalAddress()
            || from.isMulticastAddress() || (packet.from()[0] & 0xf0) == 0xf0 && packet.from().length == 4
            || to.isMulticastAddress() || to.isLoopbackAddress() || topology.local(from);
    }

    /** Whether these frames are what the host sends when it does this. */
    boolean explains(final Kind kind, final byte[] in, final List<byte[]> out) {
        if (kind == Kind.NOTHING || out.isEmpty()) {
            return kind == Kind.NOTHING && out.isEmpty();
        }
        final HostPacket asked = HostPacket.read(in);
        final HostPacket answer = HostPacket.read(out.getFirst());
        if (out.size() != 1 || answer == null) {
            return false;
        }
        final boolean six = asked.to().length == 16;
        final boolean back = Arrays.equals(asked.from(), answer.to());
        final boolean swapped = back && Arrays.equals(asked.to(), answer.from()) && answer.hops() == TTL;
        return switch (kind) {
            case RESET -> swapped && answer.protocol() == 6 && answer.tcpReset() && asked.answeredBy(answer);
            case ECHO_REPLY -> swapped && answer.icmp(six ? 129 : 0, 0);
            case ADVERTISEMENT -> answer.hops() == ND_HOPS && topology.local(ip(answer.from()))
                && (back ? answer.icmp(ADVERTISING, 0) : ip(asked.from()).equals(asked(out.getFirst())));
            case PORT_UNREACHABLE -> (swapped || back && six && fromAnother(asked, answer))
                && answer.icmp(six ? 1 : 3, six ? 4 : 3);
            case PROTOCOL_UNREACHABLE -> swapped && answer.icmp(six ? 4 : 3, six ? 1 : 2);
            case TIME_EXCEEDED -> back && topology.local(ip(answer.from())) && answer.icmp(six ? 3 : 11, 0);
            case UNREACHABLE -> back && topology.local(ip(answer.from())) && answer.type() == (six ? 1 : 3);
            case ROUTED -> asked.oneHopOn(answer);
            default -> false;
        };
    }

    /** In IPv6 what is local but no address of its own is answered from one that is. */
    private boolean fromAnother(final HostPacket asked, final HostPacket answer) {
        return !topology.has(ip(asked.to())) && topology.has(ip(answer.from())) && answer.hops() == TTL;
    }

    /** Whether these frames are what the host sends when it gets a datagram in fragments: the same, one hop on. */
    boolean explainsEach(final Kind kind, final List<byte[]> in, final List<byte[]> out) {
        boolean explained = kind == Kind.ROUTED && in.size() == out.size();
        for (int i = 0; explained && i < in.size(); i++) {
            explained = explains(kind, in.get(i), List.of(out.get(i)));
        }
        return explained;
    }

    /** Whether the frame asks by ARP or ND for a neighbour that the host does not know. */
    boolean asksNeighbour(final byte[] out) {
        final InetAddress asked = asked(out);
        return asked != null && topology.unknownNeighbour(asked);
    }

    /** Whether the frame asks by ARP or ND for an address that is the host's own. */
    boolean asksForOwn(final byte[] out) {
        final InetAddress asked = asked(out);
        return asked != null && topology.local(asked);
    }

    private static InetAddress asked(final byte[] out) {
        final Map<String, String> fields = FrameFields.of(out);
        if ("1".equals(fields.get("arp.operation"))) {
            return Topology.ip(fields.get("arp.to"));
        }
        final HostPacket packet = HostPacket.read(out);
        return packet == null || packet.type() != SOLICITATION || packet.protocol() != 58 || packet.bytes() < 24 ? null
            : ip(Arrays.copyOfRange(out, packet.transport() + 8, packet.transport() + 24));
    }

    /**
     * Whether a frame is one that a host sends because it is there, and not because of a packet: which groups it
     * listens to (MLD), and whether there are routers.
     */
    static boolean byItself(final byte[] out) {
        final HostPacket packet = HostPacket.read(out);
        return packet != null && packet.protocol() == 58 && (packet.type() >= 130 && packet.type() <= 133
            || packet.type() == MLD2_REPORT);
    }

    boolean owns(final byte[] address) {
        return topology.local(ip(address));
    }

    private static InetAddress ip(final byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no address", e);
        }
    }
}
