package io.ringmaster.netlink;

import java.lang.foreign.MemorySegment;

/** Carries netlink datagrams to and from the kernel; tests put their own kernel behind it. */
interface Channel extends AutoCloseable {
    /** Answer of {@link #receive}: nothing is there. */
    int NOTHING = -1;
    /** Answer of {@link #receive}: a datagram was larger than the memory and is lost; there is room for the next. */
    int TOO_LARGE = -2;
    /** Answer of {@link #receive}: the kernel had to throw messages away (ENOBUFS). */
    int OVERRUN = -3;

    /** Sends one message. */
    void send(MemorySegment message);

    /**
     * Receives one datagram of the kernel into {@link #memory}.
     *
     * @param wait whether to wait, a few seconds at most, until one is there.
     * @return its bytes, or one of the constants here.
     */
    int receive(boolean wait);

    /** Where the last datagram is. */
    MemorySegment memory();

    @Override
    void close();
}
