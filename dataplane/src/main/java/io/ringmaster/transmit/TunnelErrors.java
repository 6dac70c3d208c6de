package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.Packet;

/**
 * ICMP errors about our own tunnel packets, made anew for the client about the packet inside (RFC 2003 §4, RFC 2473 §8,
 * RFC 4213 §3.4). The error is of the family of the outer header, what the client gets of that of the inner one.
 */
final class TunnelErrors {
    private TunnelErrors() {
    }

    /** To an IPv4 client, from an error about an IPv4 or IPv6 tunnel packet. */
    static void toIpv4(final Packet packet, final IcmpQuote quote, final int rest, final int identification) {
        int type = quote.type();
        int code = quote.code();
        int second = rest;
        if (packet.version() == 6) {
            final boolean tooBig = quote.isFragmentationNeeded();
            final boolean late = type == Icmpv6.TIME_EXCEEDED;
            type = late ? Icmp.TIME_EXCEEDED : Icmp.DESTINATION_UNREACHABLE;
            code = tooBig ? Icmp.FRAGMENTATION_NEEDED : late ? 0 : Icmp.HOST_UNREACHABLE;
            second = tooBig ? rest : 0;
        }
        IcmpErrors.write(packet, quote.network(), quote.lengthBytes(), type, code, second,
            Addresses.ipv4(quote.destinationLow()), Addresses.ipv4(quote.sourceLow()), identification);
    }

    /** To an IPv6 client, from an error about an IPv4 or IPv6 tunnel packet. */
    static void toIpv6(final Packet packet, final IcmpQuote quote, final int rest) {
        final int late = packet.version() == 6 ? Icmpv6.TIME_EXCEEDED : Icmp.TIME_EXCEEDED;
        if (quote.isFragmentationNeeded()) {
            write(packet, quote, Icmpv6.PACKET_TOO_BIG, 0, rest);
        } else if (quote.type() == late) {
            write(packet, quote, Icmpv6.TIME_EXCEEDED, 0, 0);
        } else if (packet.version() == 6 && quote.type() == Icmpv6.DESTINATION_UNREACHABLE) {
            write(packet, quote, Icmpv6.DESTINATION_UNREACHABLE, quote.code(), 0);
        } else {
            // Of the outer header, which the client knows nothing of, or of the other family.
            write(packet, quote, Icmpv6.DESTINATION_UNREACHABLE, Icmpv6.ADDRESS_UNREACHABLE, 0);
        }
    }

    private static void write(final Packet packet, final IcmpQuote quote, final int type, final int code,
        final int rest) {
        Icmpv6Errors.write(packet, quote.network(), quote.lengthBytes(), type, code, rest);
        Icmpv6Errors.address(packet, quote.destinationHigh(), quote.destinationLow(), quote.sourceHigh(),
            quote.sourceLow());
    }
}
