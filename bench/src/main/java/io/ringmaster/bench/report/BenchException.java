package io.ringmaster.bench.report;

/** A run that cannot be; the message is one sentence for a person. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With the sentence. */
    public BenchException(final String message) {
        super(message);
    }

    /** With the sentence and what led to it. */
    public BenchException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
