package io.ringmaster.cli;

import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Icmpv6;
import java.util.Locale;

/** The words of {@code explain --icmp-error}: what routers and hosts report (RFC 792, RFC 1812, RFC 4443). */
enum ErrorWord {
    NET_UNREACHABLE(Icmp.DESTINATION_UNREACHABLE, 0, Icmpv6.DESTINATION_UNREACHABLE, 0),
    HOST_UNREACHABLE(Icmp.DESTINATION_UNREACHABLE, Icmp.HOST_UNREACHABLE, Icmpv6.DESTINATION_UNREACHABLE,
        Icmpv6.ADDRESS_UNREACHABLE),
    PORT_UNREACHABLE(Icmp.DESTINATION_UNREACHABLE, Icmp.PORT_UNREACHABLE, Icmpv6.DESTINATION_UNREACHABLE,
        Icmpv6.PORT_UNREACHABLE),
    ADMIN_PROHIBITED(Icmp.DESTINATION_UNREACHABLE, 13, Icmpv6.DESTINATION_UNREACHABLE, 1),
    FRAG_NEEDED(Icmp.DESTINATION_UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, Icmpv6.PACKET_TOO_BIG, 0),
    TIME_EXCEEDED(Icmp.TIME_EXCEEDED, 0, Icmpv6.TIME_EXCEEDED, 0);

    private final int type;
    private final int code;
    private final int type6;
    private final int code6;

    ErrorWord(final int type, final int code, final int type6, final int code6) {
        this.type = type;
        this.code = code;
        this.type6 = type6;
        this.code6 = code6;
    }

    int type(final boolean ipv4) {
        return ipv4 ? type : type6;
    }

    int code(final boolean ipv4) {
        return ipv4 ? code : code6;
    }

    /** The word of an error of a family. */
    static ErrorWord of(final int type, final int code, final boolean ipv4) {
        for (final ErrorWord word : values()) {
            if (word.type(ipv4) == type && word.code(ipv4) == code) {
                return word;
            }
        }
        throw new IllegalArgumentException("No word is for the ICMP error of type " + type + " and code " + code);
    }

    /** As it is written, and completed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
