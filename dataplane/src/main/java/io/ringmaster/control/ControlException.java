package io.ringmaster.control;

/** The control socket cannot be had; the message is one sentence for a person. */
public final class ControlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What was tried, why it failed, what to do. */
    public ControlException(final String sentence) {
        super(sentence);
    }
}
