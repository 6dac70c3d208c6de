package io.ringmaster.bench.peer;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A C program of the bench (resource folder {@code c}), compiled for this machine into a folder of its own, which
 * {@link #close} removes; a running program needs the folder no more. Any thread.
 */
public final class CProgram implements AutoCloseable {
    /** How every peer is compiled: as somebody would who wants it fast on this very machine. */
    public static final List<String> FLAGS = List.of("-O3", "-march=native", "-std=gnu17");

    private final Path folder;
    private final Path program;

    private CProgram(final Path folder, final Path program) {
        this.folder = folder;
        this.program = program;
    }

    /**
     * Compiles a program.
     *
     * @param sources names of resources below {@code /c}; the first one is given to the compiler, the others are what
     *                it includes.
     * @throws BenchException if there is no compiler, or it refuses.
     */
    public static CProgram compile(final String... sources) {
        Path folder = null;
        try {
            folder = Cleanup.folder();
            for (final String name : sources) {
                try (InputStream in = CProgram.class.getResourceAsStream("/c/" + name)) {
                    Files.copy(in, folder.resolve(name));
                }
            }
            final CProgram made = new CProgram(folder, folder.resolve(sources[0].replace(".c", "")));
            made.compile(folder.resolve(sources[0]));
            return made;
        } catch (final IOException e) {
            remove(folder);
            throw new BenchException("The C peer could not be compiled: " + e.getMessage() + ".", e);
        } catch (final BenchException e) {
            remove(folder);
            throw e;
        }
    }

    private void compile(final Path source) throws IOException {
        final List<String> command = new ArrayList<>(List.of("cc"));
        command.addAll(FLAGS);
        command.addAll(List.of("-o", program.toString(), source.toString()));
        final Process cc;
        try {
            cc = Cleanup.start(new ProcessBuilder(command).redirectErrorStream(true));
        } catch (final IOException e) {
            throw noCompiler(e);
        }
        final String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (cc.waitFor() != 0) {
                throw new BenchException("The C peer could not be compiled: " + said);
            }
        } catch (final InterruptedException e) {
            throw new BenchException("Interrupted while the C peer was compiled.", e);
        }
    }

    /** The program's file. */
    public Path file() {
        return program;
    }

    /** First line of what the compiler says of itself. */
    public static String compiler() {
        try {
            final Process cc = Cleanup.start(new ProcessBuilder("cc", "--version").redirectErrorStream(true));
            return new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst()
                .orElse("cc");
        } catch (final IOException e) {
            throw noCompiler(e);
        }
    }

    /**
     * Whether there is a compiler, before a run starts.
     *
     * @throws BenchException if there is none.
     */
    public static void check() {
        compiler();
    }

    private static BenchException noCompiler(final IOException cause) {
        return new BenchException("There is no C compiler (cc), which --peer c needs; install one (Debian: apt install"
            + " gcc libc6-dev) or leave --peer out.", cause);
    }

    /** Removes the folder. */
    @Override
    public void close() {
        remove(folder);
    }

    private static void remove(final Path folder) {
        if (folder != null) {
            Cleanup.remove(folder);
        }
    }
}
