package io.ringmaster.verb;

/** Words that make no sense, or not together; the message is one sentence for a person. Exit code 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What makes no sense, and what would. */
    public UsageException(final String sentence) {
        super(sentence);
    }
}
