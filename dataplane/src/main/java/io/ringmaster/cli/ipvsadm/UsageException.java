package io.ringmaster.cli.ipvsadm;

/** A command line that ipvsadm does not accept: what it prints and its exit code. Nothing was changed. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1;
    private final int exit;

    private UsageException(final int exit, final String message) {
        super(message);
        this.exit = exit;
    }

    /** A command that makes no sense to ipvsadm itself: exit code 2. */
    static UsageException wrong(final String format, final Object... values) {
        return new UsageException(2, String.format(format, values));
    }

    /** A command line that cannot be read: exit code 255. */
    static UsageException unreadable(final String format, final Object... values) {
        return new UsageException(255, String.format(format, values));
    }

    /** No command where there has to be one. */
    static UsageException tryHelp() {
        return unreadable("Try `ipvsadm -h' or 'ipvsadm --help' for more information.");
    }

    int exit() {
        return exit;
    }
}
