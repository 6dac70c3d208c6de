package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The C peer, compiled for this machine and run as a process that waits between two passes. */
final class PeerLane implements Lane {
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
        try (CProgram program = CProgram.compile("pipeline.c", "pipeline.h", "states.h", "connections.h",
            "workers.h")) {
            final List<String> command = new ArrayList<>(List.of(program.file().toString(),
                Long.toString(plan.connections()), Long.toString(plan.capacity()), plan.method().word(),
                Integer.toString(plan.frames()), Integer.toString(plan.newPerMille())));
            for (int worker = 0; worker < plan.workers(); worker++) {
                command.add(Integer.toString(plan.cpuOf(worker)));
            }
            final PeerLane lane = new PeerLane(Cleanup.start(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)));
            if (!lane.answer().startsWith("ready")) {
                throw new BenchException("The C peer did not start.");
            }
            return lane;
        } catch (final IOException e) {
            throw new BenchException("The C peer could not be started: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public List<Pass> passes(final Kind kind, final long argument, final int who) {
        try {
            commands.write(kind.name().toLowerCase(Locale.ROOT) + " " + argument + " " + who + "\n");
            commands.flush();
            final List<Pass> passes = new ArrayList<>();
            for (int i = Integer.bitCount(who); i > 0; i--) {
                final String[] words = answer().split(" ");
                passes.add(new Pass(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]),
                    Long.parseUnsignedLong(words[3], 16), 0));
            }
            return passes;
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
