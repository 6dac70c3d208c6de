package io.ringmaster.bench.table;

/**
 * Hashes that the connection table could use, under secret words: what was compared before one was taken. Each takes
 * what both directions of a connection have in common: 50 bits of a narrow key, or an address of 128 bits and 18 more.
 */
final class HashCandidates {
    private static final int SIP_FINAL_ROUNDS = 3;
    private static final long NARROW_LENGTH = 8L << 56;
    private static final long WIDE_LENGTH = 24L << 56;

    private HashCandidates() {
    }

    private static long fold(final long a, final long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    /** The finalizer of MurmurHash3 with one secret word, added before each of its two rounds. */
    static long murmur(final long client, final long seed) {
        long h = client ^ seed;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL + seed;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }

    /** One folded multiplication, then one whose upper bits are used. */
    static long foldMultiply(final long client, final long[] secret) {
        return fold(client ^ secret[0], secret[1]) * secret[2];
    }

    /** Two folded multiplications. */
    static long foldFold(final long client, final long[] secret) {
        return fold(fold(client ^ secret[0], secret[1]) ^ secret[2], secret[3]);
    }

    /** Two folded multiplications, the first of both halves of the address. */
    static long wideFold(final long high, final long low, final long rest, final long[] secret) {
        return fold(fold(high ^ secret[0], low ^ secret[1]) ^ rest ^ secret[2], secret[3]);
    }

    /** SipHash-1-3 (Aumasson and Bernstein, 2012) of one word. */
    static long sip(final long word, final long k0, final long k1) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L ^ word;
        long block = word;
        for (int i = 0; i < 2 + SIP_FINAL_ROUNDS; i++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            if (i == 0) {
                v0 ^= block;
                block = NARROW_LENGTH;
                v3 ^= block;
            } else if (i == 1) {
                v0 ^= block;
                v2 ^= 0xff;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** SipHash-1-3 of three words. */
    static long wideSip(final long first, final long second, final long third, final long k0, final long k1) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L ^ first;
        for (int i = 0; i < 4 + SIP_FINAL_ROUNDS; i++) {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            if (i == 0) {
                v0 ^= first;
                v3 ^= second;
            } else if (i == 1) {
                v0 ^= second;
                v3 ^= third;
            } else if (i == 2) {
                v0 ^= third;
                v3 ^= WIDE_LENGTH;
            } else if (i == 3) {
                v0 ^= WIDE_LENGTH;
                v2 ^= 0xff;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
