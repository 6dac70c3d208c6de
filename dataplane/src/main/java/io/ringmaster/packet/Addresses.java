package io.ringmaster.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * IP addresses as two longs in network order. IPv4 is held as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2): high 0, low
 * 0x0000ffff_aabbccdd, so that one form serves both families and no IPv6 address of a packet can equal an IPv4 one.
 */
public final class Addresses {
    /** The high long of every IPv4 address. */
    public static final long IPV4_HIGH = 0;
    private static final long IPV4_PREFIX = 0xffff_0000_0000L;
    private static final long IPV4_MASK = 0xffff_ffffL;

    private Addresses() {
    }

    /** The low long of an IPv4 address given as its 32 bits in network order. */
    public static long ipv4Low(final int address) {
        return IPV4_PREFIX | address & IPV4_MASK;
    }

    /** The 32 bits of an IPv4 address from its low long. */
    public static int ipv4(final long low) {
        return (int) low;
    }

    /** Whether the two longs hold an IPv4 address. */
    public static boolean isIpv4(final long high, final long low) {
        return high == IPV4_HIGH && (low & ~IPV4_MASK) == IPV4_PREFIX;
    }

    /** The high long of the mask of an IPv6 prefix, 0 to 128 bits long. */
    public static long prefixHigh(final int bits) {
        return bits == 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << Long.SIZE - bits;
    }

    /** The low long of the mask of an IPv6 prefix. */
    public static long prefixLow(final int bits) {
        return bits <= Long.SIZE ? 0 : -1L << 2 * Long.SIZE - bits;
    }

    /** The high long of an address. */
    public static long high(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        return bytes.length == 4 ? IPV4_HIGH : ByteBuffer.wrap(bytes).getLong();
    }

    /** The low long of an address. */
    public static long low(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        return bytes.length == 4 ? ipv4Low(ByteBuffer.wrap(bytes).getInt()) : ByteBuffer.wrap(bytes).getLong(8);
    }

    /**
     * The address of two longs, for people to read; not for the packet path.
     *
     * @return an Inet4Address for the IPv4 form, else an Inet6Address.
     */
    public static InetAddress toInetAddress(final long high, final long low) {
        try {
            if (isIpv4(high, low)) {
                return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(ipv4(low)).array());
            }
            return InetAddress.getByAddress(ByteBuffer.allocate(16).putLong(high).putLong(low).array());
        } catch (final UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are always an address", e);
        }
    }
}
