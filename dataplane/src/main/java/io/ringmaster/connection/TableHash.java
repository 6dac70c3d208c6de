package io.ringmaster.connection;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * The table's hash: what both directions of a connection have in common, under secret words that are drawn anew at each
 * start. Immutable; any thread.
 * <p>
 * Two folded multiplications (both halves of a 128-bit product, one on the other), each with a secret word added to
 * what goes in and, of a narrow key, a secret factor. Somebody who does not know the words can write down no two
 * clients that meet in a line more often than by chance: whatever he varies is multiplied by what he does not know,
 * twice. Searched for, over random secrets, and not found: differences of up to three bits (all 20,875 of narrow keys;
 * of wide ones up to two), progressions and subcubes of addresses and ports. That is no proof against someone who can
 * time single look-ups for long, as SipHash would be. SipHash-1-3 took eight to ten times as long here (29 ns to 3) and
 * is not worth it for a table in which a line that is aimed at refuses new connections of its neighbourhood and harms
 * nothing else.
 */
final class TableHash {
    private static final int CLASS_SHIFT = 48;
    private static final int WIDE_CLASS_SHIFT = 16;

    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    /** Always the same one for a seed: for tests. */
    TableHash(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        first = random.nextLong();
        second = random.nextLong() | 1;
        third = random.nextLong();
        fourth = random.nextLong() | 1;
    }

    private TableHash(final SecureRandom random) {
        first = random.nextLong();
        // Factors are odd, so that no bit of the other one is lost in the lower half.
        second = random.nextLong() | 1;
        third = random.nextLong();
        fourth = random.nextLong() | 1;
    }

    /** One that nobody can know. A clock would not do: who knows about when the director started would try a few. */
    static TableHash secret() {
        return new TableHash(new SecureRandom());
    }

    /** Of a client's address and port (48 bits) and the class of the protocol (2 bits). */
    long narrow(final int protocolClass, final long client) {
        return fold(fold((client | (long) protocolClass << CLASS_SHIFT) ^ first, second) ^ third, fourth);
    }

    /** Of a client's address of 128 bits, its port and the class of the protocol. */
    long wide(final int protocolClass, final long addressHigh, final long addressLow, final int clientPort) {
        final long rest = clientPort | (long) protocolClass << WIDE_CLASS_SHIFT;
        return fold(fold(addressHigh ^ first, addressLow ^ second) ^ rest ^ third, fourth);
    }

    private static long fold(final long a, final long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
