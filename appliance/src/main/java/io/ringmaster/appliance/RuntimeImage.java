package io.ringmaster.appliance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A Java runtime of the modules that a jar uses, so that the machine needs none of its own. */
final class RuntimeImage {
    /** Signals other than those that end a program, like SIGHUP, are reached by name, which jdeps does not see. */
    private static final String SIGNALS = "jdk.unsupported";

    private RuntimeImage() {
    }

    /**
     * Makes one with this program's JDK.
     *
     * @param jar    whose modules are needed.
     * @param folder where the runtime goes; must not be there.
     */
    static void make(final Path jar, final Path folder) throws IOException {
        final String modules = Tools.jdk("jdeps", "--multi-release", "base", "--ignore-missing-deps",
            "--print-module-deps", jar.toString()).strip();
        Tools.jdk("jlink", "--add-modules", modules + "," + SIGNALS, "--strip-debug", "--no-header-files",
            "--no-man-pages", "--compress", "zip-6", "--output", folder.toString());
        // Programs of the modules, which nobody calls here.
        try (Stream<Path> programs = Files.list(folder.resolve("bin"))) {
            for (final Path program : programs.filter(file -> !file.endsWith("java")).toList()) {
                Files.delete(program);
            }
        }
    }

    /**
     * Adds the classes that every program loads, for references as directors have them; short commands have a cache of
     * their own, which holds these as well. Before it the runtime must have the times that it will be installed with.
     */
    static void share(final Path folder) {
        Tools.program(folder.resolve("bin/java").toString(), "-XX:-UseCompressedOops", "-Xshare:dump", "-Xlog:disable",
            "-Xlog:all=error:stderr");
    }
}
