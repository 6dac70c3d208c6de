package io.ringmaster.scheduler;

/**
 * SipHash-1-3 (Aumasson, Bernstein: SipHash, 2012) of one 32-bit value, cut to 32 bits: what 64-bit kernels call
 * hsiphash_1u32 (lib/siphash.c).
 */
final class SipHash {
    private static final long V0 = 0x736f6d6570736575L;
    private static final long V1 = 0x646f72616e646f6dL;
    private static final long V2 = 0x6c7967656e657261L;
    private static final long V3 = 0x7465646279746573L;
    /** The length of the input, 4 bytes, in the highest byte of its only block. */
    private static final long LENGTH = 4L << 56;

    private SipHash() {
    }

    /** The hash of four little-endian bytes; both halves of the key are the same. */
    static int hash(final int value, final long key) {
        final long block = LENGTH | Integer.toUnsignedLong(value);
        long v0 = V0 ^ key;
        long v1 = V1 ^ key;
        long v2 = V2 ^ key;
        long v3 = V3 ^ key ^ block;
        for (int round = 0; round < 4; round++) {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (round == 0) {
                // One compression round, then three of finalisation.
                v0 ^= block;
                v2 ^= 0xff;
            }
        }
        return (int) (v0 ^ v1 ^ v2 ^ v3);
    }
}
