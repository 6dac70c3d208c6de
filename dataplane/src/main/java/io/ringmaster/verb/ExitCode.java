package io.ringmaster.verb;

/** What the program tells the shell; the manual and {@code ringmaster --help} have the same table. */
public final class ExitCode {
    /** Done. */
    public static final int DONE = 0;
    /** Refused or failed, as the sentence says; nothing was changed. */
    public static final int REFUSED = 1;
    /** The command line makes no sense, or no director answers. */
    public static final int USAGE = 2;
    /** The user may not do that. */
    public static final int NOT_PERMITTED = 3;
    /** The director is of another version. */
    public static final int OTHER_VERSION = 4;
    /** The director failed, hung up or did not answer in time. */
    public static final int BROKEN = 255;

    private ExitCode() {
    }
}
