package io.ringmaster.control;

/**
 * A command that goes on while others are served, and speaks with its client meanwhile. Every method is called on the
 * control thread and returns at once.
 */
public interface Conversation {
    /**
     * Does what the command has asked the control thread to do; a millisecond at most.
     *
     * @return how much was done, 0 for nothing.
     */
    int step(long nowNs);

    /** The next line for the client, with its newline, or null if there is none now. */
    byte[] nextLine();

    /** Whether the last line was taken. */
    boolean over();

    /** Whether more of the client's standard input is wanted now. */
    boolean wantsStdin();

    /** Some of the client's standard input; null for its end. */
    void stdin(String text);

    /** The client asks to come to an end, as a program does at Ctrl-C. */
    default void stop() {
    }

    /** The client has gone, or everything is said: the command is to do nothing any more. */
    void end();
}
