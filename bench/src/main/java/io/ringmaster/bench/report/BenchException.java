package io.ringmaster.bench.report;

/** A run that cannot be; the message is one sentence for a person. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int CANNOT_BE = 1;
    private static final int USAGE = 2;

    private final int exitCode;

    /** With the sentence. */
    public BenchException(final String message) {
        this(message, null, CANNOT_BE);
    }

    /** With the sentence and what led to it. */
    public BenchException(final String message, final Throwable cause) {
        this(message, cause, CANNOT_BE);
    }

    private BenchException(final String message, final Throwable cause, final int exitCode) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** For what was asked wrongly: no machine could run it. */
    public static BenchException usage(final String message) {
        return new BenchException(message, null, USAGE);
    }

    /** What the process ends with: 2 if it was asked wrongly, 1 if it cannot be here or went wrong. */
    public int exitCode() {
        return exitCode;
    }
}
