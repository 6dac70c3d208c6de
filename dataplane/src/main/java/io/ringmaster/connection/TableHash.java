package io.ringmaster.connection;

import java.util.SplittableRandom;

/** The table's hash: what both directions of a connection have in common, under a seed. Immutable; any thread. */
final class TableHash {
    private final long seed;

    TableHash(final long seed) {
        this.seed = seed;
    }

    static TableHash random() {
        return new TableHash(new SplittableRandom().nextLong());
    }

    long narrow(final int protocolClass, final long client) {
        // Two rounds of multiply and fold (the finalizer of MurmurHash3); the seed goes in before each.
        long h = (client | (long) protocolClass << 48) ^ seed;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL + seed;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }

    long wide(final int protocolClass, final long addressHigh, final long addressLow, final int clientPort) {
        long h = addressHigh ^ seed;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL + addressLow;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL + (clientPort | (long) protocolClass << 16);
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
