package io.ringmaster.log;

/** Gives every {@code System.Logger} of this program the same form, without loading java.util.logging. Any thread. */
public final class LineLoggerFinder extends System.LoggerFinder {
    private static final boolean JOURNAL = System.getenv("JOURNAL_STREAM") != null;

    @Override
    public System.Logger getLogger(final String name, final Module module) {
        return new LineLogger(name, JOURNAL, System.err);
    }
}
