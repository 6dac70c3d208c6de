package io.ringmaster.control;

import io.ringmaster.packet.Addresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address as a rule names it. Unlike the form of packets ({@link Addresses}) it tells ::ffff:10.1.0.1 from
 * 10.1.0.1, as ipvsadm does. Immutable.
 *
 * @param ipv6 whether it was written as an IPv6 address.
 * @param high the high long of {@link Addresses}.
 * @param low  the low long.
 */
public record HostAddress(boolean ipv6, long high, long low) {
    private static final int WORDS = 8;
    /** More than the four digits that a word may have. */
    private static final Pattern LONG_WORD = Pattern.compile("[0-9a-fA-F]{5}");

    /** An IPv4 address from its 32 bits in network order. */
    public static HostAddress ipv4(final int address) {
        return new HostAddress(false, Addresses.IPV4_HIGH, Addresses.ipv4Low(address));
    }

    /** Whether it is an IPv4 address written as an IPv6 one, ::ffff:10.1.0.1. */
    public boolean mapped() {
        return ipv6 && Addresses.isIpv4(high, low);
    }

    /** The address of a Java object of either family. */
    static HostAddress of(final InetAddress address) {
        return new HostAddress(address instanceof Inet6Address, Addresses.high(address), Addresses.low(address));
    }

    /** The 32 bits of an IPv4 address. */
    public int ipv4() {
        return Addresses.ipv4(low);
    }

    /** An IPv6 address in the ways of inet_pton(3): no brackets, no zone. Empty if it is none. */
    public static Optional<HostAddress> parseIpv6(final String text) {
        if (text.indexOf(':') == text.lastIndexOf(':') || text.indexOf('[') >= 0 || text.indexOf('%') >= 0
            || LONG_WORD.matcher(text).find()) {
            return Optional.empty();
        }
        try {
            final InetAddress address = Inet6Address.ofLiteral(text);
            return Optional.of(new HostAddress(true, Addresses.high(address), Addresses.low(address)));
        } catch (final IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** An IPv4 address in all the ways of inet_aton(3): 10.1.0.1, 10.1.1, 0x0a010001. Empty if it is none. */
    public static Optional<HostAddress> parseIpv4(final String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            final InetAddress address = Inet4Address.ofPosixLiteral(text);
            return Optional.of(new HostAddress(false, Addresses.high(address), Addresses.low(address)));
        } catch (final IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether it is 0.0.0.0 or ::. */
    public boolean unspecified() {
        return ipv6 ? high == 0 && low == 0 : ipv4() == 0;
    }

    /**
     * Whether a real server can have it. The kernel (ip_vs_ctl.c) refuses 0.0.0.0, 255.255.255.255 and multicast, and
     * in IPv6 everything but unicast that is not link-local: an IPv4 address in that form, too. Broadcast addresses of
     * this host's networks are the {@link NextHops}' matter.
     */
    public boolean unicast() {
        if (ipv6) {
            final int top = (int) (high >>> 48);
            return !unspecified() && !mapped() && (top & 0xff00) != 0xff00 && (top & 0xffc0) != 0xfe80;
        }
        return !unspecified() && ipv4() != -1 && ipv4() >>> 28 != 14;
    }

    /** The text of inet_ntop(3): the longest run of zero words of an IPv6 address is left out (RFC 5952). */
    @Override
    public String toString() {
        final StringBuilder out = new StringBuilder();
        appendTo(out);
        return out.toString();
    }

    /** Appends the text of {@link #toString}. */
    public void appendTo(final StringBuilder out) {
        if (!ipv6) {
            dotted(out, ipv4());
            return;
        }
        final int[] words = words();
        int start = -1;
        int length = 1;
        for (int i = 0; i < WORDS; i++) {
            int run = 0;
            while (i + run < WORDS && words[i + run] == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
        }
        if (start == 0 && (length == 6 || length == 5 && words[5] == 0xffff)) {
            dotted(out.append(length == 6 ? "::" : "::ffff:"), (int) low);
            return;
        }
        for (int i = 0; i < WORDS; i++) {
            if (i == start) {
                out.append(i == 0 ? "::" : ":");
                i += length - 1;
            } else {
                out.append(Integer.toHexString(words[i])).append(i == WORDS - 1 ? "" : ":");
            }
        }
    }

    private int[] words() {
        final int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = (int) ((i < 4 ? high : low) >>> 48 - (i % 4) * 16) & 0xffff;
        }
        return words;
    }

    private static void dotted(final StringBuilder out, final int address) {
        out.append(address >>> 24).append('.').append(address >>> 16 & 0xff).append('.')
            .append(address >>> 8 & 0xff).append('.').append(address & 0xff);
    }
}
