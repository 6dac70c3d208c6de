package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;

/**
 * Fixed part of messages about neighbours (linux/neighbour.h, struct ndmsg; attributes: NDA_*).
 *
 * <pre>
 *  0        1               4               8        10      11     12
 *  +--------+---------------+---------------+--------+-------+------+------------
 *  | family |               | interface     | state  | flags | type | attributes
 *  |        |               | index         | (NUD_*)|(NTF_*)|      |
 *  +--------+---------------+---------------+--------+-------+------+------------
 * </pre>
 */
final class NeighbourMessage {
    static final int NEW = 28;
    static final int DELETE = 29;
    static final int GET = 30;
    static final int BYTES = 12;
    static final int FAMILY = 0;
    static final int INDEX = 4;
    static final int STATE = 8;
    static final int FLAGS = 10;
    static final int FLAG_USE = 0x1;
    static final int DESTINATION = 1;
    static final int MAC = 2;
    static final int EXTENDED_FLAGS = 15;
    static final int EXTENDED_MANAGED = 0x1;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private NeighbourMessage() {
    }

    static Request list(final Request request, final int family) {
        return request.begin(GET, NetlinkHeader.FLAG_DUMP, BYTES).byteAt(FAMILY, family);
    }

    static Request get(final Request request, final int interfaceIndex, final InetAddress address) {
        return about(request.begin(GET, 0, BYTES), interfaceIndex, address);
    }

    /**
     * Makes the kernel resolve an address as if it had a packet for it. NTF_USE stands beside NTF_EXT_MANAGED because
     * kernels before 5.16 skip the attribute that they do not know, and would set the entry back without it.
     */
    static Request use(final Request request, final int interfaceIndex, final InetAddress address,
                       final boolean managed) {
        final int flags = NetlinkHeader.FLAG_ACK | NetlinkHeader.FLAG_CREATE | NetlinkHeader.FLAG_REPLACE;
        about(request.begin(NEW, flags, BYTES).byteAt(FLAGS, FLAG_USE), interfaceIndex, address);
        return managed ? request.attribute(EXTENDED_FLAGS, EXTENDED_MANAGED) : request;
    }

    /** Takes the managed flag from an entry that exists, and leaves the rest of it: the kernel forgets it in time. */
    static Request release(final Request request, final int interfaceIndex, final InetAddress address) {
        return about(request.begin(NEW, NetlinkHeader.FLAG_ACK | NetlinkHeader.FLAG_REPLACE, BYTES)
            .byteAt(FLAGS, FLAG_USE), interfaceIndex, address);
    }

    private static Request about(final Request request, final int interfaceIndex, final InetAddress address) {
        return request.byteAt(FAMILY, Attributes.family(address)).intAt(INDEX, interfaceIndex)
            .attribute(DESTINATION, address.getAddress());
    }

    /** The neighbour, or null if it is of a bridge or another family than the one asked for (0: than both of IP). */
    static Neighbour parse(final MemorySegment memory, final int family, final long from, final long end) {
        final long attributes = FixedPart.attributes("neighbour", from, end, BYTES);
        if (!FixedPart.isOf(family, memory.get(ValueLayout.JAVA_BYTE, from + FAMILY))) {
            return null;
        }
        final InetAddress address = Attributes.addressOrNull(memory, attributes, end, DESTINATION);
        return address == null ? null : new Neighbour(memory.get(INT, from + INDEX), address,
            Attributes.macOrZero(memory, attributes, end, MAC),
            Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + STATE)));
    }

    /** Whether the kernel keeps the entry alive by itself. */
    static boolean managed(final MemorySegment memory, final long from, final long end) {
        final long attributes = FixedPart.attributes("neighbour", from, end, BYTES);
        return (Attributes.intOr(memory, attributes, end, EXTENDED_FLAGS, 0) & EXTENDED_MANAGED) != 0;
    }
}
