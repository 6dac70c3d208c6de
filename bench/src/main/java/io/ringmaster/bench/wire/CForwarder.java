package io.ringmaster.bench.wire;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.demo.DemoNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The peer in C: a process that rewrites MACs and spins, see {@code forward.c}. */
public final class CForwarder implements Forwarder {
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private CForwarder(final Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Compiles it and starts it in the middle of a network. */
    public static CForwarder start(final Wires wires, final int core) {
        try (CProgram program = CProgram.compile("forward.c")) {
            final CForwarder forwarder = new CForwarder(new ProcessBuilder(DemoNetwork.insideOf(wires.director(),
                program.file().toString(), Wires.FRONT, Wires.BACK, Integer.toString(core),
                Wires.IN_MAC.replace(":", ""), Wires.BACK_MAC.replace(":", "")))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
            try {
                forwarder.answer();
                forwarder.pause();
                return forwarder;
            } catch (final RuntimeException | IOException e) {
                forwarder.close();
                throw e;
            }
        } catch (final IOException e) {
            throw new BenchException("The C forwarder could not be started: " + e.getMessage() + ".", e);
        }
    }

    private String answer() throws IOException {
        final String line = answers.readLine();
        if (line == null) {
            throw new IOException("it ended");
        }
        return line;
    }

    @Override
    public void resume() {
        Signals.goOn(process);
    }

    @Override
    public void pause() {
        Signals.stop(process);
    }

    @Override
    public long taken() {
        try {
            questions.write("\n");
            questions.flush();
            return Long.parseLong(answer());
        } catch (final IOException e) {
            throw new BenchException("The C forwarder ended in the middle of the run.", e);
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
