package io.ringmaster.bench.pipeline;

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

    /** One pass; the argument is the number of the first connection, or of the round. */
    Pass pass(Kind kind, long argument);

    @Override
    void close();
}
