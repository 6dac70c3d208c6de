package io.ringmaster.bench.table;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The same table in C, compiled for this machine and run as a process that waits between two rounds. */
final class PeerSide implements TableSide {
    private static final int END_SEC = 5;

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private PeerSide(final Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    static PeerSide start(final TablePlan plan) {
        try (CProgram program = CProgram.compile("table.c")) {
            final PeerSide side = new PeerSide(Cleanup.start(new ProcessBuilder(program.file().toString(),
                Long.toString(plan.connections()), plan.form().name().toLowerCase(Locale.ROOT),
                Integer.toString(plan.cpu())).redirectError(ProcessBuilder.Redirect.INHERIT)));
            if (!side.answer().startsWith("ready")) {
                throw new BenchException("The C peer did not start.");
            }
            return side;
        } catch (final IOException e) {
            throw new BenchException("The C peer could not be started: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public Round round(final Kind kind, final long argument) {
        try {
            commands.write(kind.name().toLowerCase(Locale.ROOT) + " " + argument + "\n");
            commands.flush();
            final String[] words = answer().split(" ");
            return new Round(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
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
