package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Header of every netlink message (linux/netlink.h, struct nlmsghdr), in the machine's byte order. Messages follow each
 * other in one datagram, each at a multiple of four bytes.
 *
 * <pre>
 *  0               4       6       8               12              16
 *  +---------------+-------+-------+---------------+---------------+----------
 *  | length        | type  | flags | sequence      | port          | payload
 *  +---------------+-------+-------+---------------+---------------+----------
 *
 *  payload of ERROR (struct nlmsgerr), flags say how it goes on:
 *  16              20                                  36 or 20 + the request's length
 *  +---------------+-----------------------------------+----------------------
 *  | -errno or 0   | header of the request (CAPPED),   | attributes (ACK_TLVS)
 *  |               | or all of it                      |
 *  +---------------+-----------------------------------+----------------------
 *  payload of DONE: -errno or 0, then attributes (ACK_TLVS)
 * </pre>
 */
final class NetlinkHeader {
    static final int BYTES = 16;
    static final int LENGTH = 0;
    static final int TYPE = 4;
    static final int FLAGS = 6;
    static final int SEQUENCE = 8;
    static final int PORT = 12;

    static final int TYPE_NOOP = 1;
    static final int TYPE_ERROR = 2;
    static final int TYPE_DONE = 3;
    static final int TYPE_OVERRUN = 4;

    static final int FLAG_REQUEST = 0x1;
    static final int FLAG_MULTI = 0x2;
    static final int FLAG_ACK = 0x4;
    /** The kernel saw a change while it was listing: the list may lack entries or have them twice. */
    static final int FLAG_DUMP_INTERRUPTED = 0x10;
    static final int FLAG_REPLACE = 0x100;
    static final int FLAG_DUMP = 0x300;
    static final int FLAG_CREATE = 0x400;
    /** Of an ERROR: only the header of the request is quoted. */
    static final int FLAG_CAPPED = 0x100;
    /** Of ERROR and DONE: attributes follow. */
    static final int FLAG_ACK_ATTRIBUTES = 0x200;

    static final int ERROR_QUOTE = 4;
    static final int ATTRIBUTE_MESSAGE = 1;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private NetlinkHeader() {
    }

    /**
     * Length of the message at an offset, checked against the bytes that are there.
     *
     * @param end end of the datagram.
     * @throws MalformedMessageException if header or payload are cut off.
     */
    static int length(final MemorySegment memory, final long at, final long end) {
        if (end - at < BYTES) {
            throw new MalformedMessageException("A netlink message ends after " + (end - at)
                + " bytes, within its header of " + BYTES + ".");
        }
        final int length = memory.get(INT, at + LENGTH);
        if (length < BYTES || length > end - at) {
            throw new MalformedMessageException("A netlink message says that it has " + length + " bytes, but "
                + (end - at) + " are there.");
        }
        return length;
    }

    static int type(final MemorySegment memory, final long at) {
        return Short.toUnsignedInt(memory.get(SHORT, at + TYPE));
    }

    static int flags(final MemorySegment memory, final long at) {
        return Short.toUnsignedInt(memory.get(SHORT, at + FLAGS));
    }

    static int sequence(final MemorySegment memory, final long at) {
        return memory.get(INT, at + SEQUENCE);
    }

    /** Where the next message starts: lengths are rounded up to four (NLMSG_ALIGN). */
    static long next(final long at, final int lengthBytes) {
        return at + (lengthBytes + 3 & ~3);
    }

    /** The positive errno of an ERROR or DONE message; 0 is success, which a DONE without payload means too. */
    static int errno(final MemorySegment memory, final long at, final int lengthBytes) {
        if (lengthBytes < BYTES + ERROR_QUOTE) {
            if (type(memory, at) == TYPE_DONE) {
                return 0;
            }
            throw new MalformedMessageException("A netlink error of " + lengthBytes + " bytes has no error number.");
        }
        return -memory.get(INT, at + BYTES);
    }

    /** The kernel's own sentence of an ERROR or DONE message (NLMSGERR_ATTR_MSG), or null if it gave none. */
    static String explanation(final MemorySegment memory, final long at, final int lengthBytes) {
        if ((flags(memory, at) & FLAG_ACK_ATTRIBUTES) == 0) {
            return null;
        }
        long from = at + BYTES + ERROR_QUOTE;
        final long end = at + lengthBytes;
        if (type(memory, at) == TYPE_ERROR) {
            from += (flags(memory, at) & FLAG_CAPPED) != 0 ? BYTES : next(0, length(memory, from, end));
        }
        final long found = Attributes.find(memory, from, end, ATTRIBUTE_MESSAGE);
        return found == Attributes.NONE ? null : Attributes.string(memory, found);
    }
}
