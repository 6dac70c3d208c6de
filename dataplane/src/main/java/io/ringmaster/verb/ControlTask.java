package io.ringmaster.verb;

import io.ringmaster.control.Caller;
import io.ringmaster.control.Commands;
import io.ringmaster.control.NotPermittedException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One thing that a verb has the control thread do. Made by the verb's thread, run by the control thread; the result is
 * all that both touch.
 */
final class ControlTask<T> {
    private static final long SETTLE_NS = 5_000_000_000L;

    final CompletableFuture<T> result = new CompletableFuture<>();
    private final Function<DirectorParts, T> work;
    private final boolean change;
    private final Caller caller;
    private T value;
    private boolean ran;
    private boolean changed;
    private long version;
    private long ranNs;

    ControlTask(final Function<DirectorParts, T> work, final boolean change, final Caller caller) {
        this.work = work;
        this.change = change;
        this.caller = caller;
    }

    /** Runs it, or sees whether workers have taken over what it changed; on the control thread. */
    int step(final VerbLine line, final long nowNs) {
        final Commands commands = line.commands();
        if (!ran) {
            ran = true;
            ranNs = nowNs;
            try {
                if (change && !caller.mayChange()) {
                    throw new NotPermittedException(caller);
                }
                value = work.apply(line.parts());
                version = commands.version();
                changed = change;
            } catch (final RuntimeException | Error e) {
                result.completeExceptionally(e);
                return 1;
            }
        }
        if (!change || commands.settled(version)) {
            result.complete(value);
            return 1;
        }
        if (nowNs - ranNs > SETTLE_NS) {
            result.completeExceptionally(new IllegalStateException(
                "the change was made, but not all workers have taken it over within 5 seconds"));
            return 1;
        }
        return 0;
    }

    /** Whether it was a change, and was made. */
    boolean changed() {
        return changed;
    }

    /** What the work threw, on the thread that asked. */
    static RuntimeException thrown(final Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return (RuntimeException) cause;
    }
}
