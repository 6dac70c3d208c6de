package io.ringmaster.bench.fuzz;

/** Something that may never happen, happened; the message is for a person and the same for the same fault. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    Fault(final String message) {
        super(message);
    }

    Fault(final String message, final Throwable cause) {
        super(message, cause);
    }

    /** What kind of fault it is: numbers in its message are left out, since they change as a case is made smaller. */
    String kind() {
        return getMessage().replaceAll("[0-9]+", "#");
    }

    /** A fault of an exception that the product threw. */
    static Fault of(final Throwable thrown) {
        if (thrown instanceof final Fault fault) {
            return fault;
        }
        final StringBuilder where = new StringBuilder();
        for (final StackTraceElement element : thrown.getStackTrace()) {
            if (element.getClassName().startsWith("io.ringmaster.")
                && !element.getClassName().contains(".bench.") && where.length() < 300) {
                where.append(" <- ").append(element.getClassName().replaceAll(".*\\.", "")).append('.')
                    .append(element.getMethodName());
            }
        }
        return new Fault(thrown.getClass().getSimpleName() + ": " + thrown.getMessage() + where, thrown);
    }
}
