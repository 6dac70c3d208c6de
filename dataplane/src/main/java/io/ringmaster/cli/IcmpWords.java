package io.ringmaster.cli;

import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Icmpv6;

/** What the ICMP errors are called that the director makes (RFC 792, RFC 1191, RFC 4443). */
final class IcmpWords {
    /** In IPv4, with the MTU that would do. */
    static final String NEEDS_FRAGMENTS = "fragmentation needed";
    /** The same in IPv6. */
    static final String TOO_BIG = "packet too big";

    private IcmpWords() {
    }

    /** The name of an ICMP error; empty for others. */
    static String errorOfIpv4(final int type, final int code) {
        if (type == Icmp.TIME_EXCEEDED) {
            return "time exceeded";
        }
        if (type != Icmp.DESTINATION_UNREACHABLE) {
            return "";
        }
        return switch (code) {
            case Icmp.HOST_UNREACHABLE -> "host unreachable";
            case Icmp.PORT_UNREACHABLE -> "port unreachable";
            case Icmp.FRAGMENTATION_NEEDED -> NEEDS_FRAGMENTS;
            default -> "";
        };
    }

    /** The name of an ICMPv6 error; empty for others. */
    static String error(final int type, final int code) {
        return switch (type) {
            case Icmpv6.DESTINATION_UNREACHABLE -> code == Icmpv6.PORT_UNREACHABLE ? "port unreachable"
                : code == Icmpv6.ADDRESS_UNREACHABLE ? "address unreachable" : "";
            case Icmpv6.PACKET_TOO_BIG -> TOO_BIG;
            case Icmpv6.TIME_EXCEEDED -> "time exceeded";
            default -> "";
        };
    }
}
