package io.ringmaster.sip;

import io.ringmaster.packet.BigEndian;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;

/**
 * SipHash-1-3 (Aumasson, Bernstein: SipHash, 2012) of a client and a Call-ID under a secret key: who chooses Call-IDs
 * cannot aim at a place of the table. Immutable; any thread.
 */
final class CallHash {
    private static final long V0 = 0x736f6d6570736575L;
    private static final long V1 = 0x646f72616e646f6dL;
    private static final long V2 = 0x6c7967656e657261L;
    private static final long V3 = 0x7465646279746573L;
    private static final long C = 0x9e3779b97f4a7c15L;

    private final long key0;
    private final long key1;

    private CallHash(final long key0, final long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    static CallHash secret() {
        final SecureRandom random = new SecureRandom();
        return new CallHash(random.nextLong(), random.nextLong());
    }

    /** Of a client's address and the bytes of a Call-ID. */
    long of(final long high, final long low, final MemorySegment memory, final long offset, final int lengthBytes) {
        // The address is part of the key: half of it each, mixed so that no two addresses are one key by design.
        long v0 = V0 ^ key0 ^ high * C;
        long v1 = V1 ^ key1 ^ low * C;
        long v2 = V2 ^ key0 ^ Long.rotateLeft(low, 32) * C;
        long v3 = V3 ^ key1 ^ Long.rotateLeft(high, 32) * C;
        final int blocks = lengthBytes / Long.BYTES;
        for (int i = 0; i < blocks + 4; i++) {
            // Whole blocks, the rest with the length, then three rounds of finalisation.
            final long block = i < blocks ? BigEndian.i64(memory, offset + (long) i * Long.BYTES)
                : i == blocks ? rest(memory, offset + (long) blocks * Long.BYTES, lengthBytes) : 0;
            v2 ^= i == blocks + 1 ? 0xff : 0;
            v3 ^= block;
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
            v0 ^= block;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long rest(final MemorySegment memory, final long offset, final int lengthBytes) {
        long rest = lengthBytes;
        for (int i = 0; i < lengthBytes % Long.BYTES; i++) {
            rest = rest << Byte.SIZE | BigEndian.u8(memory, offset + i);
        }
        return rest;
    }
}
