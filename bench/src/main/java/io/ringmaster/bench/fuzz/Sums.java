package io.ringmaster.bench.fuzz;

import java.util.zip.CRC32C;

/** Checksums by the plain way, independent of the product's: RFC 1071, RFC 9260 appendix A. */
final class Sums {
    private Sums() {
    }

    /** The folded sum of 16-bit words, an odd last byte with a zero behind it; 0xffff over what holds its checksum. */
    static int of(final byte[] bytes, final int from, final int to, final long before) {
        long sum = before;
        for (int i = from; i + 1 < to; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff;
        }
        if ((to - from) % 2 != 0) {
            sum += (bytes[to - 1] & 0xff) << 8;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) sum;
    }

    /** Whether words add up to what they add up to with a right checksum among them. */
    static boolean holds(final byte[] bytes, final int from, final int to, final long before) {
        return of(bytes, from, to, before) == 0xffff;
    }

    /** The sum of an IPv4 pseudo header (RFC 9293 §3.1). */
    static long pseudo4(final byte[] bytes, final int ip, final int protocol, final int lengthBytes) {
        return of(bytes, ip + 12, ip + 20, 0) + protocol + lengthBytes;
    }

    /** The sum of an IPv6 pseudo header (RFC 8200 §8.1). */
    static long pseudo6(final byte[] bytes, final int ip, final int protocol, final int lengthBytes) {
        return of(bytes, ip + 8, ip + 40, 0) + protocol + lengthBytes;
    }

    /** SCTP's checksum over a packet, its own field, at 8, taken as 0; as it stands in the packet. */
    static int crc32c(final byte[] bytes, final int from, final int to) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, from, 8);
        crc.update(new byte[4]);
        crc.update(bytes, from + 12, to - from - 12);
        return Integer.reverseBytes((int) crc.getValue());
    }
}
