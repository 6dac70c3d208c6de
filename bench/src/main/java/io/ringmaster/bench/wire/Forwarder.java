package io.ringmaster.bench.wire;

/**
 * What stands between generator and sink: started, and at rest until {@link #resume}. Owned by the thread that made
 * it.
 */
public interface Forwarder extends AutoCloseable {
    /** Goes to work. */
    void resume();

    /** Rests and leaves its core to others. */
    void pause();

    /** Whether it works on the generator's core, within the generator's calls, and so takes all that is sent. */
    default boolean onLoadCore() {
        return false;
    }

    /** Packets that it took, or, where the kernel forwards, sent on; since it was started, while it is at work. */
    long taken();

    /** Ends it. */
    @Override
    void close();
}
