package io.ringmaster.transmit;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Icmpv6;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;

/**
 * ICMP errors about our own tunnel packets, sent anew to the client about the packet inside (RFC 2003 §4, RFC 2473 §8,
 * RFC 4213 §3.4). The error is of the family of the outer header, what the client gets of that of the inner one.
 */
final class TunnelErrors {
    private TunnelErrors() {
    }

    /** To an IPv4 client, from an error about an IPv4 or IPv6 tunnel packet; false: drop it. */
    static boolean toIpv4(final Packet packet, final IcmpQuote quote, final int identification) {
        final boolean translated = packet.version() == 6;
        final boolean tooBig = quote.isFragmentationNeeded();
        int type = quote.type();
        int code = quote.code();
        int rest = quote.rest();
        if (tooBig) {
            if (!quote.clientForbidsFragments()) {
                return false;
            }
            rest = insideOuter(rest, translated ? Tunneling.OVERHEAD_IN_IPV6_BYTES : Tunneling.OVERHEAD_BYTES);
        }
        if (translated) {
            type = tooBig || quote.type() != Icmpv6.TIME_EXCEEDED ? Icmp.DESTINATION_UNREACHABLE : Icmp.TIME_EXCEEDED;
            code = tooBig ? Icmp.FRAGMENTATION_NEEDED
                : quote.type() == Icmpv6.TIME_EXCEEDED ? 0 : Icmp.HOST_UNREACHABLE;
            rest = tooBig ? rest : 0;
        }
        IcmpErrors.write(packet, quote.network(), quote.lengthBytes(), type, code, rest,
            Addresses.ipv4(quote.destinationLow()), Addresses.ipv4(quote.sourceLow()), identification);
        return true;
    }

    /** What is left of the MTU that a router named, unless it is too small to take the outer header off. */
    private static int insideOuter(final int rest, final int outerBytes) {
        final int mtuBytes = rest & 0xffff;
        return mtuBytes > Mtu.MINIMUM_BYTES + outerBytes ? mtuBytes - outerBytes : mtuBytes;
    }

    /** To an IPv6 client, from an error about an IPv4 or IPv6 tunnel packet; false: drop it. */
    static boolean toIpv6(final Packet packet, final IcmpQuote quote) {
        final boolean translated = packet.version() == 4;
        int type = quote.type();
        int code = quote.code();
        int rest = quote.rest();
        if (quote.isFragmentationNeeded()) {
            type = Icmpv6.PACKET_TOO_BIG;
            code = 0;
            final int mtuBytes = translated ? (rest & 0xffff) - Tunneling.OVERHEAD_BYTES
                : rest - Tunneling.OVERHEAD_IN_IPV6_BYTES;
            // No IPv6 host heeds less; what does not fit then is the outer packet's to be fragmented (RFC 2473 §7.1).
            rest = Math.max(Ipv6.MINIMUM_MTU_BYTES, mtuBytes);
        } else if (!translated && quote.type() == Icmpv6.PARAMETER_PROBLEM) {
            // Of the outer header, which the client knows nothing of.
            type = Icmpv6.DESTINATION_UNREACHABLE;
            code = Icmpv6.ADDRESS_UNREACHABLE;
            rest = 0;
        } else if (translated) {
            type = quote.type() == Icmp.TIME_EXCEEDED ? Icmpv6.TIME_EXCEEDED : Icmpv6.DESTINATION_UNREACHABLE;
            code = type == Icmpv6.TIME_EXCEEDED ? 0 : Icmpv6.ADDRESS_UNREACHABLE;
            rest = 0;
        }
        Icmpv6Errors.write(packet, quote.network(), quote.lengthBytes(), type, code, rest);
        Icmpv6Errors.address(packet, quote.destinationHigh(), quote.destinationLow(), quote.sourceHigh(),
            quote.sourceLow());
        return true;
    }
}
