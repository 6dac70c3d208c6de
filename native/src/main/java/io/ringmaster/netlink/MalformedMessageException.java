package io.ringmaster.netlink;

/** A netlink message that contradicts its own lengths: cut off, or not written by the kernel this code knows. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(final String message) {
        super(message);
    }
}
