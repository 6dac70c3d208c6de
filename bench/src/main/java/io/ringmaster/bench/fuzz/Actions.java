package io.ringmaster.bench.fuzz;

import java.util.List;

/** What can be done to a director, one call each: played at once, or written down. */
interface Actions {
    /** A command of {@code ringmaster}; it may well be refused. */
    void command(List<String> words, String stdin);

    /** Time goes by. */
    void elapse(long ms);

    /** Whether the interfaces send from now on, or leave all in the transmit rings. */
    void sends(boolean on);

    /** A frame comes in, to be taken in the next cycle; the bytes are the caller's. */
    void frame(int port, byte[] bytes, int lengthBytes);

    /** The worker does one duty cycle. */
    void cycle();

    /** No more comes: all connections run out of time. */
    void end();
}
