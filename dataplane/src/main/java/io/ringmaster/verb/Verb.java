package io.ringmaster.verb;

import java.io.IOException;
import picocli.CommandLine.Option;

/** A verb that a running director answers; see the package. One object for each call, used by one thread. */
public abstract class Verb {
    /** Whether output is for programs: JSON. */
    @Option(names = "--json", description = "For programs: JSON.", order = 98)
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this and end.", order = 99)
    private boolean help;

    /** Whether output is to be JSON. */
    protected final boolean json() {
        return json;
    }

    /**
     * Does what was asked for.
     *
     * @return the exit code, 0 to 255: 0 done, 1 for a "no" of which the output tells.
     * @throws IOException if the client has gone; pass it on.
     */
    public abstract int run(Call call) throws IOException;
}
