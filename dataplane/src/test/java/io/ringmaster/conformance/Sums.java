package io.ringmaster.conformance;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Checksums by the slow way, independent of the product's. */
final class Sums {
    private Sums() {
    }

    /** The Internet checksum (RFC 1071) over parts of which all but the last have even lengths: 0 if it holds. */
    static int internet(final byte[]... parts) {
        long sum = 0;
        for (final byte[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                sum += (part[i] & 0xffL) << (i % 2 == 0 ? 8 : 0);
            }
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) (sum ^ 0xffff);
    }

    /** The pseudo header of both families: its words are the same, but for zeros. */
    static byte[] pseudo(final byte[] addresses, final int protocol, final int lengthBytes) {
        return ByteBuffer.allocate(addresses.length + 8).put(addresses).putInt(lengthBytes).putInt(protocol).array();
    }

    /** SCTP's checksum (RFC 9260, appendix A) of a packet, its own field taken as 0. */
    static int crc32c(final byte[] packet) {
        final CRC32C crc = new CRC32C();
        crc.update(packet, 0, 8);
        crc.update(new byte[4]);
        crc.update(packet, 12, packet.length - 12);
        return (int) crc.getValue();
    }
}
