package io.ringmaster.cli;

import io.ringmaster.director.Settings;
import java.nio.file.Path;

/** What the commands start in this build. */
final class ThisBuild implements Programs {
    @Override
    public int run(final Settings settings) {
        throw new UnsupportedOperationException("ringmaster run is not part of this build yet.");
    }

    @Override
    public int demo(final DemoSettings settings) {
        throw new UnsupportedOperationException("ringmaster demo is not part of this build yet.");
    }

    @Override
    public int decap(final String interfaceName) {
        throw new UnsupportedOperationException("ringmaster decap is not part of this build yet.");
    }

    @Override
    public int printDecapObject(final Path file) {
        throw new UnsupportedOperationException("ringmaster decap is not part of this build yet.");
    }
}
