package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * The extension headers between an IPv6 header and its transport protocol (RFC 8200 §4), walked as the kernel's
 * ipv6_find_hdr does, but not without end. Made once for each cursor that needs one and used again; owned by a worker.
 * <pre>
 *  0               1               2
 *  +---------------+---------------+------------------- - -
 *  |  next header  |    length     |  of its own kind
 *  +---------------+---------------+------------------- - -
 * </pre>
 * The length is in units of 8 bytes behind the first 8; in an authentication header (RFC 4302 §2) in units of 4 behind
 * the first 8; a fragment header has always 8 bytes.
 */
final class Ipv6Extensions {
    /** More than this are not walked: RFC 8200 has one of each kind, and destination options twice. */
    static final int MOST_HEADERS = 8;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int LENGTH = 1;
    private static final int UNIT_BYTES = 8;
    private static final int FRAGMENT_WORD = 2;
    private static final int FRAGMENT_OFFSET = 0xfff8;

    private int protocol;
    private int bytes;
    private boolean fragment;
    private boolean laterFragment;
    private int fragmentAt;

    /**
     * Walks from the IPv6 header on.
     *
     * @param network offset of the IPv6 header, which is there.
     * @param room    bytes from the end of the IPv6 header to that of the packet, or of what is there of it.
     * @return whether a transport protocol was reached, or the content of a fragment that is not the first.
     */
    boolean walk(final MemorySegment memory, final long network, final int room) {
        protocol = Ipv6.nextHeader(memory, network);
        bytes = 0;
        fragment = false;
        laterFragment = false;
        for (int i = 0; isExtension(protocol); i++) {
            final long at = network + Ipv6.HEADER_BYTES + bytes;
            if (i == MOST_HEADERS || room - bytes < UNIT_BYTES) {
                return false;
            }
            final int length = lengthBytes(protocol, memory, at);
            if (protocol == FRAGMENT) {
                fragmentAt = fragment ? fragmentAt : bytes;
                fragment = true;
                laterFragment = (BigEndian.u16(memory, at + FRAGMENT_WORD) & FRAGMENT_OFFSET) != 0;
            }
            protocol = BigEndian.u8(memory, at);
            bytes += length;
            if (bytes > room) {
                return false;
            }
            if (laterFragment) {
                return true;
            }
        }
        return true;
    }

    private static boolean isExtension(final int next) {
        return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == AUTHENTICATION
            || next == DESTINATION_OPTIONS;
    }

    /** Bytes of an extension header of a protocol. */
    static int lengthBytes(final int protocol, final MemorySegment memory, final long at) {
        final int length = BigEndian.u8(memory, at + LENGTH);
        return switch (protocol) {
            case FRAGMENT -> UNIT_BYTES;
            case AUTHENTICATION -> (length + 2) * Integer.BYTES;
            default -> (length + 1) * UNIT_BYTES;
        };
    }

    /** Protocol number of what follows the extension headers. */
    int protocol() {
        return protocol;
    }

    /** Bytes of all extension headers. */
    int bytes() {
        return bytes;
    }

    /** Whether there is a fragment header. */
    boolean fragment() {
        return fragment;
    }

    /** Whether it is that of a fragment that is not the first. */
    boolean laterFragment() {
        return laterFragment;
    }

    /** Bytes from the end of the IPv6 header to the first fragment header, if there is any. */
    int fragmentAt() {
        return fragmentAt;
    }
}
