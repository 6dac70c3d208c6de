package io.ringmaster.control;

/** A change that its caller may not make; nothing was changed. The message is one sentence for a person. */
public final class NotPermittedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Refuses a caller. */
    public NotPermittedException(final Caller caller) {
        super("As " + caller + " you may look at this director, not change it; that is for root and for the user "
            + "whom the director runs as. Nothing was changed.");
    }
}
