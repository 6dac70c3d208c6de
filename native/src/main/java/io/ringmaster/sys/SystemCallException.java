package io.ringmaster.sys;

/** A system call said no. The message is one sentence for a person: what was tried, with which values, and why not. */
public final class SystemCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    /**
     * A failed call.
     *
     * @param tried what was tried, with its values: "bind the AF_XDP socket of eth0 queue 3".
     * @param errno the kernel's answer.
     */
    public SystemCallException(final String tried, final int errno) {
        super("Could not " + tried + ": " + Errno.describe(errno) + ".");
        this.errno = errno;
    }

    /** As the other, with what the user can do about it as a sentence of its own; none if empty. */
    public SystemCallException(final String tried, final int errno, final String advice) {
        super(("Could not " + tried + ": " + Errno.describe(errno) + ". " + advice).strip());
        this.errno = errno;
    }

    /** The kernel's answer, one of {@link Errno}'s numbers. */
    public int errno() {
        return errno;
    }
}
