package io.ringmaster.bench.pipeline;

import java.util.List;

/** One side of a comparison. */
interface Lane extends AutoCloseable {
    /** What the packets of a pass are. */
    enum Kind {
        /** SYNs of connections from a number on. */
        OPEN,
        /** The first ACK of each of the same. */
        FIRST,
        /** ACKs of connections drawn at random, new ones among them if the plan says so. */
        KNOWN
    }

    /**
     * One pass of each of some workers, all at the same time.
     *
     * @param argument number of the first connection, or of the round.
     * @param who      a bit for each worker, worker 0 lowest.
     * @return in the order of the workers.
     */
    List<Pass> passes(Kind kind, long argument, int who);

    /** One pass of worker 0. */
    default Pass pass(final Kind kind, final long argument) {
        return passes(kind, argument, 1).getFirst();
    }

    @Override
    void close();
}
