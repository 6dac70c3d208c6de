package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/**
 * Attributes of a netlink message (linux/rtnetlink.h, struct rtattr; linux/netlink.h, struct nlattr): a list of values,
 * each at a multiple of four bytes. Unknown types are skipped, so newer kernels do no harm. Numbers are in the
 * machine's byte order, addresses in network order.
 *
 * <pre>
 *  0       2       4                      length      multiple of 4
 *  +-------+-------+----------------------+-----------+
 *  | length| type  | value                | padding   |  the two highest bits of type are flags (nested, byte order)
 *  +-------+-------+----------------------+-----------+
 * </pre>
 */
final class Attributes {
    static final int HEADER_BYTES = 4;
    static final int LENGTH = 0;
    static final int TYPE = 2;
    static final int NONE = -1;
    static final int TYPE_MASK = 0x3fff;
    static final int IPV4 = 2;
    static final int IPV6 = 10;
    private static final int MAC_BYTES = 6;
    private static final int IPV6_BYTES = 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private Attributes() {
    }

    /**
     * The last attribute of a type, as the kernel itself takes the last.
     *
     * @return offset of its header, or {@link #NONE}.
     * @throws MalformedMessageException if any attribute of the list does not fit into it.
     */
    static long find(final MemorySegment memory, final long from, final long end, final int type) {
        long found = NONE;
        long at = from;
        while (end - at >= HEADER_BYTES) {
            final int length = Short.toUnsignedInt(memory.get(SHORT, at + LENGTH));
            if (length < HEADER_BYTES || length > end - at) {
                throw new MalformedMessageException("A netlink attribute says that it has " + length + " bytes, but "
                    + (end - at) + " are there.");
            }
            if ((memory.get(SHORT, at + TYPE) & TYPE_MASK) == type) {
                found = at;
            }
            at += length + 3 & ~3;
        }
        return found;
    }

    /** Offset of an attribute's value, which may be a list of attributes itself. */
    static long value(final long attribute) {
        return attribute + HEADER_BYTES;
    }

    /** Offset behind an attribute's value. */
    static long end(final MemorySegment memory, final long attribute) {
        return attribute + Short.toUnsignedInt(memory.get(SHORT, attribute + LENGTH));
    }

    /** A number of the list, or a default where the list has no attribute of that type. */
    static int intOr(final MemorySegment memory, final long from, final long end, final int type, final int absent) {
        final long found = find(memory, from, end, type);
        if (found == NONE) {
            return absent;
        }
        need(memory, found, Integer.BYTES);
        return memory.get(INT, value(found));
    }

    /** An IPv4 or IPv6 address of the list, or null; a value of any other length is an error. */
    static InetAddress addressOrNull(final MemorySegment memory, final long from, final long end, final int type) {
        final long found = find(memory, from, end, type);
        return found == NONE ? null : address(bytes(memory, value(found), end(memory, found)));
    }

    /** A MAC address, first byte on the wire highest; 0 where there is none or the device has another kind of it. */
    static long macOrZero(final MemorySegment memory, final long from, final long end, final int type) {
        final long found = find(memory, from, end, type);
        if (found == NONE || end(memory, found) - value(found) != MAC_BYTES) {
            return 0;
        }
        long mac = 0;
        for (final byte b : bytes(memory, value(found), end(memory, found))) {
            mac = mac << Byte.SIZE | b & 0xff;
        }
        return mac;
    }

    /** A text, with or without the zero at its end. */
    static String string(final MemorySegment memory, final long attribute) {
        final byte[] text = bytes(memory, value(attribute), end(memory, attribute));
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    static byte[] bytes(final MemorySegment memory, final long from, final long end) {
        return memory.asSlice(from, end - from).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Four bytes are an IPv4 address, sixteen always an IPv6 one: Java would turn ::ffff:a.b.c.d to IPv4. */
    static InetAddress address(final byte[] bytes) {
        try {
            return bytes.length == IPV6_BYTES ? Inet6Address.getByAddress(null, bytes, -1)
                : InetAddress.getByAddress(bytes);
        } catch (final UnknownHostException e) {
            throw new MalformedMessageException("A netlink address has " + bytes.length + " bytes, not 4 or 16.");
        }
    }

    static int family(final InetAddress address) {
        return address.getAddress().length == 4 ? IPV4 : IPV6;
    }

    private static void need(final MemorySegment memory, final long attribute, final int bytes) {
        if (end(memory, attribute) - value(attribute) < bytes) {
            throw new MalformedMessageException("A netlink attribute has "
                + (end(memory, attribute) - value(attribute)) + " bytes of value, not " + bytes + ".");
        }
    }
}
