package io.ringmaster.scheduler;

/** SipHash-1-3 of four bytes (Aumasson, Bernstein 2012), its low 32 bits, as the kernel's mh uses it. */
final class SmallSipHash {
    private long a;
    private long b;
    private long c;
    private long d;

    private SmallSipHash(final long key) {
        a = key ^ 0x736f6d6570736575L;
        b = key ^ 0x646f72616e646f6dL;
        c = key ^ 0x6c7967656e657261L;
        d = key ^ 0x7465646279746573L;
    }

    /** The hash of a number's four bytes, lowest first; both halves of the key are the same. */
    static long of(final int value, final long key) {
        final SmallSipHash hash = new SmallSipHash(key);
        final long block = 4L << 56 | value & 0xffff_ffffL;
        hash.d ^= block;
        hash.round();
        hash.a ^= block;
        hash.c ^= 0xff;
        hash.round();
        hash.round();
        hash.round();
        return (hash.a ^ hash.b ^ hash.c ^ hash.d) & 0xffff_ffffL;
    }

    private void round() {
        a += b;
        b = Long.rotateLeft(b, 13) ^ a;
        a = Long.rotateLeft(a, 32);
        c += d;
        d = Long.rotateLeft(d, 16) ^ c;
        a += d;
        d = Long.rotateLeft(d, 21) ^ a;
        c += b;
        b = Long.rotateLeft(b, 17) ^ c;
        c = Long.rotateLeft(c, 32);
    }

    /** The 32 bits of a dotted address. */
    static int ip(final String dotted) {
        int address = 0;
        for (final String part : dotted.split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }
}
