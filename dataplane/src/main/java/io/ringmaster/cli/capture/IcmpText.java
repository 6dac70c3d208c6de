package io.ringmaster.cli.capture;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.ParseResult;

/** The text of ICMP and ICMPv6 messages. Used by one thread. */
final class IcmpText {
    private static final int ECHO_REPLY = 0;
    private static final int ECHO = 8;
    private static final int ECHO6 = 128;
    private static final int ECHO_REPLY6 = 129;
    private static final int UNREACHABLE6 = 1;
    private static final int TIME_EXCEEDED6 = 3;
    private static final int IDENTIFIER = 4;
    private static final int SEQUENCE = 6;

    private final IcmpQuote quote = new IcmpQuote();

    /** Appends what a message says. */
    void append(final StringBuilder text, final Packet packet, final int lengthBytes) {
        final int type = Icmp.type(packet.memory(), packet.transport());
        final boolean six = packet.version() == 6;
        text.append(six ? "ICMP6 " : "ICMP ");
        final boolean request = type == (six ? ECHO6 : ECHO);
        if (request || type == (six ? ECHO_REPLY6 : ECHO_REPLY)) {
            text.append(request ? "echo request" : "echo reply").append(", id ")
                .append(BigEndian.u16(packet.memory(), packet.transport() + IDENTIFIER)).append(", seq ")
                .append(BigEndian.u16(packet.memory(), packet.transport() + SEQUENCE));
        } else {
            text.append(six ? word6(type) : word(type, packet));
            final ParseResult result = quote.parse(packet);
            if (result == ParseResult.OK) {
                about(text);
            }
        }
        text.append(", length ").append(lengthBytes);
    }

    private void about(final StringBuilder text) {
        if (quote.isFragmentationNeeded()) {
            text.append(" (mtu ").append(quote.mtuBytes()).append(')');
        }
        text.append(" about ").append(PacketText.protocol(quote.protocol())).append(' ')
            .append(Described.address(quote.sourceHigh(), quote.sourceLow()));
        if (quote.hasPorts()) {
            text.append('.').append(quote.sourcePort());
        }
        text.append(" > ").append(Described.address(quote.destinationHigh(), quote.destinationLow()));
        if (quote.hasPorts()) {
            text.append('.').append(quote.destinationPort());
        }
    }

    private static String word(final int type, final Packet packet) {
        final int code = Icmp.code(packet.memory(), packet.transport());
        return switch (type) {
            case Icmp.DESTINATION_UNREACHABLE -> switch (code) {
                case Icmp.HOST_UNREACHABLE -> "host unreachable";
                case Icmp.PORT_UNREACHABLE -> "port unreachable";
                case Icmp.FRAGMENTATION_NEEDED -> "fragmentation needed";
                default -> "unreachable, code " + code;
            };
            case Icmp.TIME_EXCEEDED -> code == Icmp.REASSEMBLY ? "reassembly time exceeded" : "time exceeded";
            default -> "type " + type + ", code " + code;
        };
    }

    private static String word6(final int type) {
        return switch (type) {
            case UNREACHABLE6 -> "unreachable";
            case Icmpv6.PACKET_TOO_BIG -> "packet too big";
            case TIME_EXCEEDED6 -> "time exceeded";
            default -> "type " + type;
        };
    }
}
