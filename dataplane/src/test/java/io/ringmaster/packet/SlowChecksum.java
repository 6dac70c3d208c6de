package io.ringmaster.packet;

/** The Internet checksum straight from the words of RFC 1071, one byte pair and one carry at a time. */
public final class SlowChecksum {
    private SlowChecksum() {
    }

    /** The checksum of the bytes. */
    public static int of(final byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            final int high = bytes[i] & 0xff;
            final int low = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
            sum += high * 256 + low;
            if (sum > 65_535) {
                sum = sum - 65_536 + 1;
            }
        }
        return 65_535 - sum;
    }

    /** The checksum of a segment behind the pseudo header of IPv4; a received segment with a right one gives 0. */
    public static int ofTransport(final byte[] packet, final int network) {
        final int headerBytes = (packet[network] & 0xf) * 4;
        final int totalBytes = (packet[network + 2] & 0xff) * 256 + (packet[network + 3] & 0xff);
        final int length = totalBytes - headerBytes;
        final byte[] whole = new byte[12 + length];
        System.arraycopy(packet, network + 12, whole, 0, 8);
        whole[9] = packet[network + 9];
        whole[10] = (byte) (length >> 8);
        whole[11] = (byte) length;
        System.arraycopy(packet, network + headerBytes, whole, 12, length);
        return of(whole);
    }
}
