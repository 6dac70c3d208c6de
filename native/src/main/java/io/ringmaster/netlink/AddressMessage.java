package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;

/**
 * Fixed part of messages about addresses of interfaces (linux/if_addr.h, struct ifaddrmsg; attributes: IFA_*).
 *
 * <pre>
 *  0        1         2       3       4               8
 *  +--------+---------+-------+-------+---------------+------------
 *  | family | prefix  | flags | scope | interface     | attributes
 *  |        | length  |       |       | index         |
 *  +--------+---------+-------+-------+---------------+------------
 * </pre>
 */
final class AddressMessage {
    static final int NEW = 20;
    static final int DELETE = 21;
    static final int GET = 22;
    static final int BYTES = 8;
    static final int FAMILY = 0;
    static final int PREFIX_LENGTH = 1;
    static final int INDEX = 4;
    /** On a point-to-point link the other side's; else as LOCAL, which IPv6 then leaves out. */
    static final int ADDRESS = 1;
    static final int LOCAL = 2;

    private AddressMessage() {
    }

    static Request list(final Request request, final int family) {
        return request.begin(GET, NetlinkHeader.FLAG_DUMP, BYTES).byteAt(FAMILY, family);
    }

    /** The address, or null if it is of another family than the one asked for (0: than the two of IP). */
    static InterfaceAddress parse(final MemorySegment memory, final int family, final long from, final long end) {
        final long attributes = FixedPart.attributes("address", from, end, BYTES);
        if (!FixedPart.isOf(family, memory.get(ValueLayout.JAVA_BYTE, from + FAMILY))) {
            return null;
        }
        final InetAddress local = Attributes.addressOrNull(memory, attributes, end, LOCAL);
        final InetAddress address = local != null ? local
            : Attributes.addressOrNull(memory, attributes, end, ADDRESS);
        if (address == null) {
            throw new MalformedMessageException("A netlink message about an address has no address.");
        }
        return new InterfaceAddress(memory.get(ValueLayout.JAVA_INT_UNALIGNED, from + INDEX), address,
            Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, from + PREFIX_LENGTH)));
    }
}
