package io.ringmaster.demo;

/** The demonstration cannot go on; the message is one sentence for a person. */
public final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure of our own. */
    public DemoException(final String message) {
        super(message);
    }

    /** A failure with its cause. */
    public DemoException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
