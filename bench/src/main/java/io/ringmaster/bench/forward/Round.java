package io.ringmaster.bench.forward;

/**
 * What was counted in one round of one side.
 *
 * @param tookNs   length of the measured part.
 * @param sent     packets that the generator sent in it.
 * @param received packets that came to the sink in it as they should.
 * @param allSent  packets sent from the round's beginning to its end.
 * @param allTaken of them those that the forwarder took from its rings or, in the kernel, sent on.
 * @param allCame  of them those that came to the sink.
 */
record Round(long tookNs, long sent, long received, long allSent, long allTaken, long allCame) {
    private static final double NS_PER_US = 1_000;

    /** Millions of packets a second at the sink. */
    double mpps() {
        return received * NS_PER_US / tookNs;
    }

    /** Millions of packets a second that the generator sent. */
    double sentMpps() {
        return sent * NS_PER_US / tookNs;
    }
}
