package io.ringmaster.control;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Answers by what it was asked, and by what a test says. */
final class EchoCommands implements Commands {
    int runs;
    long version;
    long settled;
    String output = "";
    Iterator<String> rest = Collections.emptyIterator();
    Throwable failure;
    int talking;

    @Override
    public Optional<Conversation> converse(final Request request, final Runnable wake) {
        return request.args().equals(List.of("endless")) ? Optional.of(new Endless()) : Optional.empty();
    }

    /** Says nothing, and never ends by itself. */
    private final class Endless implements Conversation {
        Endless() {
            talking++;
        }

        @Override
        public int step(final long nowNs) {
            return 0;
        }

        @Override
        public byte[] nextLine() {
            return null;
        }

        @Override
        public boolean over() {
            return false;
        }

        @Override
        public boolean wantsStdin() {
            return false;
        }

        @Override
        public void stdin(final String text) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void end() {
            talking--;
        }
    }

    @Override
    public Reply run(final Request request) {
        runs++;
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new Reply(7, request.args() + " " + request.stdin() + " " + request.columns() + " "
            + request.terminal() + output, "", rest);
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public boolean settled(final long wanted) {
        return settled >= wanted;
    }
}
