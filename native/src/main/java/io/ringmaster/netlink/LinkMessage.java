package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Fixed part of messages about links (linux/rtnetlink.h, struct ifinfomsg; attributes: linux/if_link.h, IFLA_*).
 *
 * <pre>
 *  0        1      2       4               8               12              16
 *  +--------+------+-------+---------------+---------------+---------------+------------
 *  | family |      | type  | index         | flags (IFF_*) | change mask   | attributes
 *  +--------+------+-------+---------------+---------------+---------------+------------
 * </pre>
 */
final class LinkMessage {
    static final int NEW = 16;
    static final int DELETE = 17;
    static final int GET = 18;
    static final int BYTES = 16;
    static final int FAMILY = 0;
    static final int INDEX = 4;
    static final int FLAGS = 8;
    static final int UP = 0x1;
    static final int RUNNING = 0x40;
    static final int ADDRESS = 1;
    static final int NAME = 3;
    static final int MTU = 4;
    static final int LINK = 5;
    static final int MASTER = 10;
    static final int INFO = 18;
    static final int INFO_KIND = 1;
    static final int INFO_DATA = 2;
    static final int VLAN_ID = 1; // IFLA_VLAN_ID, 16 bits
    static final int VLAN_PROTOCOL = 5; // IFLA_VLAN_PROTOCOL, 16 bits in network order
    private static final int CUSTOMER_TAG = 0x8100;
    private static final String VLAN = "vlan";
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final int EXTENSIONS = 29;
    static final int TX_QUEUES = 31;
    static final int RX_QUEUES = 32;
    /** Keeps the counters out of the answer, which are most of its bytes. */
    static final int SKIP_STATISTICS = 1 << 3;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private LinkMessage() {
    }

    static Request list(final Request request) {
        return request.begin(GET, NetlinkHeader.FLAG_DUMP, BYTES).attribute(EXTENSIONS, SKIP_STATISTICS);
    }

    /**
     * The link, or null: bridges tell of their ports in messages of the same type but of their own family, and send
     * "deleted" in it for a port that merely left the bridge.
     */
    static Link parse(final MemorySegment memory, final long from, final long end) {
        final long attributes = FixedPart.attributes("link", from, end, BYTES);
        if (memory.get(ValueLayout.JAVA_BYTE, from + FAMILY) != 0) {
            return null;
        }
        final long name = Attributes.find(memory, attributes, end, NAME);
        if (name == Attributes.NONE) {
            throw new MalformedMessageException("A netlink message about a link has no name.");
        }
        final int flags = memory.get(INT, from + FLAGS);
        final String kind = kind(memory, attributes, end);
        return new Link(memory.get(INT, from + INDEX), Attributes.string(memory, name),
            Attributes.macOrZero(memory, attributes, end, ADDRESS),
            Attributes.intOr(memory, attributes, end, MTU, 0), (flags & UP) != 0, (flags & RUNNING) != 0,
            Attributes.intOr(memory, attributes, end, RX_QUEUES, 1),
            Attributes.intOr(memory, attributes, end, TX_QUEUES, 1), kind,
            Attributes.intOr(memory, attributes, end, MASTER, 0),
            kind.equals(VLAN) ? vlan(memory, attributes, end) : Link.Vlan.NONE);
    }

    private static Link.Vlan vlan(final MemorySegment memory, final long from, final long end) {
        final long info = Attributes.find(memory, from, end, INFO);
        final long data = Attributes.find(memory, Attributes.value(info), Attributes.end(memory, info), INFO_DATA);
        if (data == Attributes.NONE) {
            throw new MalformedMessageException("A netlink message about a VLAN does not tell which.");
        }
        final long first = Attributes.value(data);
        final long last = Attributes.end(memory, data);
        final long id = Attributes.find(memory, first, last, VLAN_ID);
        final long protocol = Attributes.find(memory, first, last, VLAN_PROTOCOL);
        return new Link.Vlan(Attributes.intOr(memory, from, end, LINK, 0), protocol == Attributes.NONE ? CUSTOMER_TAG
            : Short.toUnsignedInt(memory.get(SHORT.withOrder(ByteOrder.BIG_ENDIAN), Attributes.value(protocol))),
            id == Attributes.NONE ? 0 : Short.toUnsignedInt(memory.get(SHORT, Attributes.value(id))));
    }

    private static String kind(final MemorySegment memory, final long from, final long end) {
        final long info = Attributes.find(memory, from, end, INFO);
        if (info == Attributes.NONE) {
            return "";
        }
        final long kind = Attributes.find(memory, Attributes.value(info), Attributes.end(memory, info), INFO_KIND);
        return kind == Attributes.NONE ? "" : Attributes.string(memory, kind);
    }
}
