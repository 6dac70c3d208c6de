package io.ringmaster.director;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be closed, the last thing made first; one that fails to close does not keep the others. */
final class Undo implements AutoCloseable {
    private final Deque<AutoCloseable> made = new ArrayDeque<>();

    /** Remembers something to close. */
    <T extends AutoCloseable> T add(final T resource) {
        made.push(resource);
        return resource;
    }

    @Override
    public void close() {
        RuntimeException failed = null;
        while (!made.isEmpty()) {
            try {
                made.pop().close();
            } catch (final Exception e) {
                failed = failed == null ? new IllegalStateException("Not everything could be closed: " + e, e) : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
