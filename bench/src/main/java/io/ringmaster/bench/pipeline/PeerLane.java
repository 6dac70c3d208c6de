package io.ringmaster.bench.pipeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The C peer, compiled for this machine and run as a process that waits between two passes. */
final class PeerLane implements Lane {
    static final List<String> FLAGS = List.of("-O3", "-march=native", "-std=gnu17");
    private static final List<String> SOURCES = List.of("pipeline.c", "pipeline.h", "states.h");
    private static final int END_SEC = 5;

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private PeerLane(final Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    static PeerLane start(final Plan plan) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("ringmaster-bench");
            final Path program = compile(folder);
            final PeerLane lane = new PeerLane(new ProcessBuilder(program.toString(),
                Long.toString(plan.connections()), Long.toString(plan.capacity()), plan.method().word(),
                Integer.toString(plan.frames()), Integer.toString(plan.newPerMille()), Integer.toString(plan.cpu()))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
            if (!lane.answer().startsWith("ready")) {
                throw new BenchException("The C peer did not start.");
            }
            return lane;
        } catch (final IOException e) {
            throw new BenchException("The C peer could not be started: " + e.getMessage() + ".", e);
        } finally {
            remove(folder);
        }
    }

    private static Path compile(final Path folder) throws IOException {
        for (final String name : SOURCES) {
            try (InputStream in = PeerLane.class.getResourceAsStream("/c/" + name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
        final Path program = folder.resolve("pipeline");
        final List<String> command = new java.util.ArrayList<>(List.of("cc"));
        command.addAll(FLAGS);
        command.addAll(List.of("-o", program.toString(), folder.resolve(SOURCES.getFirst()).toString()));
        final Process cc;
        try {
            cc = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (final IOException e) {
            throw new BenchException("There is no C compiler (cc), which --peer c needs; install one (Debian: apt"
                + " install gcc libc6-dev) or leave --peer out.", e);
        }
        final String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (cc.waitFor() != 0) {
                throw new BenchException("The C peer could not be compiled: " + said);
            }
        } catch (final InterruptedException e) {
            throw new BenchException("Interrupted while the C peer was compiled.", e);
        }
        return program;
    }

    /** The program is running by then, or was never made. */
    private static void remove(final Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (final IOException e) {
            System.err.println("Could not remove " + folder + " (" + e.getMessage() + "); it is no longer needed.");
        }
    }

    /** First line of what the compiler says of itself. */
    static String compiler() {
        try {
            final Process cc = new ProcessBuilder("cc", "--version").redirectErrorStream(true).start();
            return new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst()
                .orElse("cc");
        } catch (final IOException e) {
            return "no cc";
        }
    }

    @Override
    public Pass pass(final Kind kind, final long argument) {
        try {
            commands.write(kind.name().toLowerCase(Locale.ROOT) + " " + argument + "\n");
            commands.flush();
            final String[] words = answer().split(" ");
            return new Pass(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]),
                Long.parseUnsignedLong(words[3], 16));
        } catch (final IOException e) {
            throw new BenchException("The C peer ended in the middle of the run.", e);
        }
    }

    private String answer() throws IOException {
        final String line = answers.readLine();
        if (line == null) {
            throw new BenchException("The C peer ended before it answered.");
        }
        return line;
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(END_SEC, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (final IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
