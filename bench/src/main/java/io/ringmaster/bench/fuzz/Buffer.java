package io.ringmaster.bench.fuzz;

import java.util.Arrays;

/** An Ethernet frame that is being changed, in a byte array. Writes outside it are left out. Owned by one thread. */
final class Buffer {
    static final int NETWORK = 14;
    static final int BYTES_MAX = FrameStore.PACKET_BYTES_MAX;

    final byte[] bytes = new byte[BYTES_MAX];
    private int length;

    void set(final byte[] from) {
        length = Math.min(from.length, BYTES_MAX);
        System.arraycopy(from, 0, bytes, 0, length);
    }

    int length() {
        return length;
    }

    /** Cuts it, or lengthens it by what lay there. */
    void length(final int newLength) {
        length = Math.clamp(newLength, 0, BYTES_MAX);
    }

    int u8(final int at) {
        return at >= 0 && at < length ? bytes[at] & 0xff : 0;
    }

    void u8(final int at, final int value) {
        if (at >= 0 && at < length) {
            bytes[at] = (byte) value;
        }
    }

    int u16(final int at) {
        return u8(at) << 8 | u8(at + 1);
    }

    void u16(final int at, final int value) {
        u8(at, value >> 8);
        u8(at + 1, value);
    }

    void put(final int at, final byte[] from) {
        for (int i = 0; i < from.length; i++) {
            u8(at + i, from[i]);
        }
    }

    /** Makes room for some bytes at a place, which are zero; what does not fit falls off the end. */
    void insert(final int at, final int count) {
        final int place = Math.clamp(at, 0, length);
        final int room = Math.clamp(count, 0, BYTES_MAX - place);
        final int moved = Math.min(length - place, BYTES_MAX - place - room);
        System.arraycopy(bytes, place, bytes, place + room, moved);
        Arrays.fill(bytes, place, place + room, (byte) 0);
        length = place + room + moved;
    }

    boolean ipv4() {
        return u16(12) == 0x0800 && u8(NETWORK) >> 4 == 4;
    }

    boolean ipv6() {
        return u16(12) == 0x86dd && u8(NETWORK) >> 4 == 6;
    }

    /** The protocol behind the IP header; extension headers are not walked. */
    int protocol() {
        return ipv4() ? u8(NETWORK + 9) : ipv6() ? u8(NETWORK + 6) : -1;
    }

    /** Where the header behind the IP header begins. */
    int transport() {
        return NETWORK + (ipv4() ? Math.max(20, (u8(NETWORK) & 15) * 4) : 40);
    }

    /** The IP header's length says what is there. */
    void repairLength() {
        if (ipv4()) {
            u16(NETWORK + 2, length - NETWORK);
        } else if (ipv6()) {
            u16(NETWORK + 4, Math.max(0, length - NETWORK - 40));
        }
    }

    /** The IPv4 header's checksum is right. */
    void repairHeader() {
        final int end = transport();
        if (ipv4() && end <= length) {
            u16(NETWORK + 10, 0);
            u16(NETWORK + 10, ~Sums.of(bytes, NETWORK, end, 0));
        }
    }

    /** The checksum of TCP, UDP, ICMP, ICMPv6 or SCTP is right, as far as it is there. */
    void repairTransport() {
        final int from = transport();
        final int to = ipv4() ? NETWORK + u16(NETWORK + 2) : NETWORK + 40 + u16(NETWORK + 4);
        if (!ipv4() && !ipv6() || from + 8 > to || to > length) {
            return;
        }
        final int protocol = protocol();
        final long pseudo = ipv4() ? Sums.pseudo4(bytes, NETWORK, protocol, to - from)
            : Sums.pseudo6(bytes, NETWORK, protocol, to - from);
        switch (protocol) {
            case 6 -> repairSum(from + 16, from, to, pseudo);
            case 17 -> {
                u16(from + 4, to - from);
                repairSum(from + 6, from, to, pseudo);
            }
            case 1 -> repairSum(from + 2, from, to, 0);
            case 58 -> repairSum(from + 2, from, to, pseudo);
            case 132 -> {
                if (to - from >= 12) {
                    final int sum = Sums.crc32c(bytes, from, to);
                    u16(from + 8, sum >>> 16);
                    u16(from + 10, sum);
                }
            }
            default -> { }
        }
    }

    private void repairSum(final int field, final int from, final int to, final long before) {
        if (field + 2 <= to) {
            u16(field, 0);
            final int sum = ~Sums.of(bytes, from, to, before) & 0xffff;
            u16(field, sum == 0 ? 0xffff : sum);
        }
    }
}
