package io.ringmaster.cli.ipvsadm;

/** A command line that ipvsadm does not accept: what it prints and its exit code. Nothing was changed. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1;
    private final int exit;
    private final boolean ends;

    private UsageException(final int exit, final boolean ends, final String message) {
        super(message);
        this.exit = exit;
        this.ends = ends;
    }

    /** A command that makes no sense to ipvsadm itself: exit code 2. */
    static UsageException wrong(final String format, final Object... values) {
        return new UsageException(2, true, String.format(format, values));
    }

    /** A command line that cannot be read: exit code 255. Restoring goes on with the next line. */
    static UsageException unreadable(final String format, final Object... values) {
        return new UsageException(255, false, String.format(format, values));
    }

    /** No command where there has to be one. */
    static UsageException tryHelp() {
        return new UsageException(255, true, "Try `ipvsadm -h' or 'ipvsadm --help' for more information.");
    }

    int exit() {
        return exit;
    }

    /** Whether ipvsadm ends at it, also while it restores. */
    boolean ends() {
        return ends;
    }
}
