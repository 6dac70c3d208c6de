package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.List;

/**
 * Messages about routes (linux/rtnetlink.h, struct rtmsg, struct rtnexthop; attributes: RTA_*, RTAX_*).
 *
 * <pre>
 *  0        1         2        3     4       5          6       7      8               12
 *  +--------+---------+--------+-----+-------+----------+-------+------+---------------+------------
 *  | family | length  | length | tos | table | protocol | scope | type | flags         | attributes
 *  |        | of dest.| of src |     |       |          |       |      | (RTM_F_*)     |
 *  +--------+---------+--------+-----+-------+----------+-------+------+---------------+------------
 *
 *  value of MULTIPATH: several of
 *  0       2       3      4               8           length, multiple of 4
 *  +-------+-------+------+---------------+-----------+
 *  | length| flags | hops | interface     | attributes|
 *  +-------+-------+------+---------------+-----------+
 * </pre>
 */
final class RouteMessage {
    static final int NEW = 24;
    static final int DELETE = 25;
    static final int GET = 26;
    static final int BYTES = 12;
    static final int FAMILY = 0;
    static final int DESTINATION_LENGTH = 1;
    static final int SOURCE_LENGTH = 2;
    static final int TABLE_BYTE = 4;
    static final int TYPE = 7;
    static final int FLAGS = 8;
    /** An entry of the route cache, such as a path's learned MTU; no route of the administrator. */
    static final int FLAG_CLONED = 0x200;
    /** Asks for the table that a route was found in; IPv4 only, IPv6 always tells it and refuses the flag. */
    static final int FLAG_LOOKUP_TABLE = 0x1000;
    static final int DESTINATION = 1;
    static final int SOURCE = 2;
    static final int OUTPUT_INTERFACE = 4;
    static final int GATEWAY = 5;
    static final int PRIORITY = 6;
    static final int PREFERRED_SOURCE = 7;
    static final int METRICS = 8;
    static final int MULTIPATH = 9;
    static final int TABLE = 15;
    static final int MARK = 16;
    /** A gateway of the other family: 16 bits of family, then its address. */
    static final int VIA = 18;
    static final int METRIC_MTU = 2;
    static final int HOP_BYTES = 8;
    static final int HOP_INTERFACE = 4;
    static final int VIA_FAMILY_BYTES = 2;
    private static final byte[] ANY_IPV4 = new byte[4];
    private static final byte[] ANY_IPV6 = new byte[16];
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private RouteMessage() {
    }

    static Request list(final Request request, final int family) {
        return request.begin(GET, NetlinkHeader.FLAG_DUMP, BYTES).byteAt(FAMILY, family);
    }

    /** Asks for the way to one address, as a packet of this machine would take it. */
    static Request ask(final Request request, final InetAddress destination, final InetAddress source, final int mark) {
        final int family = Attributes.family(destination);
        final byte[] bytes = destination.getAddress();
        request.begin(GET, 0, BYTES).byteAt(FAMILY, family)
            .byteAt(DESTINATION_LENGTH, bytes.length * Byte.SIZE)
            .byteAt(SOURCE_LENGTH, source == null ? 0 : bytes.length * Byte.SIZE)
            .intAt(FLAGS, family == Attributes.IPV4 ? FLAG_LOOKUP_TABLE : 0)
            .attribute(DESTINATION, bytes);
        if (source != null) {
            request.attribute(SOURCE, source.getAddress());
        }
        return mark == 0 ? request : request.attribute(MARK, mark);
    }

    /** Appends the route, once for each of its next hops; nothing for cache entries and families not asked for. */
    static void parse(final MemorySegment memory, final int family, final long from, final long end,
                      final List<Route> into) {
        FixedPart.attributes("route", from, end, BYTES);
        if ((memory.get(INT, from + FLAGS) & FLAG_CLONED) == 0) {
            parseAnswer(memory, family, from, end, into);
        }
    }

    /** As {@link #parse}, for the answer about one address, which always is a cache entry. */
    static void parseAnswer(final MemorySegment memory, final int family, final long from, final long end,
                            final List<Route> into) {
        final long attributes = FixedPart.attributes("route", from, end, BYTES);
        if (!FixedPart.isOf(family, memory.get(ValueLayout.JAVA_BYTE, from + FAMILY))) {
            return;
        }
        final long hops = Attributes.find(memory, attributes, end, MULTIPATH);
        if (hops == Attributes.NONE) {
            into.add(route(memory, from, end, attributes, end,
                Attributes.intOr(memory, attributes, end, OUTPUT_INTERFACE, 0)));
            return;
        }
        long hop = Attributes.value(hops);
        final long hopsEnd = Attributes.end(memory, hops);
        while (hopsEnd - hop >= HOP_BYTES) {
            final int length = Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, hop));
            if (length < HOP_BYTES || length > hopsEnd - hop) {
                throw new MalformedMessageException("A next hop of a netlink route says that it has " + length
                    + " bytes, but " + (hopsEnd - hop) + " are there.");
            }
            into.add(route(memory, from, end, hop + HOP_BYTES, hop + length, memory.get(INT, hop + HOP_INTERFACE)));
            hop = NetlinkHeader.next(hop, length);
        }
    }

    private static Route route(final MemorySegment memory, final long from, final long end, final long hopFrom,
                               final long hopEnd, final int interfaceIndex) {
        final long attributes = from + BYTES;
        final InetAddress destination = Attributes.addressOrNull(memory, attributes, end, DESTINATION);
        final boolean ipv4 = memory.get(ValueLayout.JAVA_BYTE, from + FAMILY) == Attributes.IPV4;
        return new Route(destination != null ? destination : Attributes.address(ipv4 ? ANY_IPV4 : ANY_IPV6),
            Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, from + DESTINATION_LENGTH)),
            gateway(memory, hopFrom, hopEnd), interfaceIndex,
            Attributes.addressOrNull(memory, attributes, end, PREFERRED_SOURCE), mtu(memory, attributes, end),
            Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, from + TYPE)),
            Attributes.intOr(memory, attributes, end, TABLE,
                Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, from + TABLE_BYTE))),
            Attributes.intOr(memory, attributes, end, PRIORITY, 0));
    }

    private static InetAddress gateway(final MemorySegment memory, final long from, final long end) {
        final InetAddress gateway = Attributes.addressOrNull(memory, from, end, GATEWAY);
        if (gateway != null) {
            return gateway;
        }
        final long via = Attributes.find(memory, from, end, VIA);
        if (via == Attributes.NONE) {
            return null;
        }
        final long address = Math.min(Attributes.value(via) + VIA_FAMILY_BYTES, Attributes.end(memory, via));
        return Attributes.address(Attributes.bytes(memory, address, Attributes.end(memory, via)));
    }

    private static int mtu(final MemorySegment memory, final long from, final long end) {
        final long metrics = Attributes.find(memory, from, end, METRICS);
        return metrics == Attributes.NONE ? 0
            : Attributes.intOr(memory, Attributes.value(metrics), Attributes.end(memory, metrics), METRIC_MTU, 0);
    }
}
