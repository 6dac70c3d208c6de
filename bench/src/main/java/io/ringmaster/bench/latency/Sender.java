package io.ringmaster.bench.latency;

import io.ringmaster.bench.peer.CProgram;
import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.wire.Wires;
import io.ringmaster.demo.DemoNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The program {@code send.c} in a generator's namespace: it sleeps until it is told to send. One thread uses it. */
final class Sender implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private Sender(final Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * What became of the packets on the sender's side.
     *
     * @param taken       by the kernel.
     * @param latestNs    the longest time that one was sent after it was due.
     * @param withoutCore packets that were due while the sender had lost its core to others.
     */
    record Sent(long taken, long latestNs, long withoutCore) {
    }

    static Sender start(final CProgram program, final Wires wires, final LatencyPlan plan) {
        try {
            final Sender sender = new Sender(new ProcessBuilder(DemoNetwork.insideOf(wires.generator(),
                program.file().toString(), Wires.OUT, Integer.toString(plan.cores().load()),
                Integer.toString(plan.rate()), hex(Wires.frontMac(), 12), hex(Wires.outMac(), 12),
                hex(Wires.address(Wires.VIP), 8), Integer.toString(Wires.VPORT),
                hex(Wires.address(Wires.FIRST_CLIENT), 8), Integer.toString(plan.connections()),
                Integer.toString(LatencyPlan.FRAME_BYTES)))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
            try {
                sender.answer();
                return sender;
            } catch (final RuntimeException e) {
                sender.close();
                throw e;
            }
        } catch (final IOException e) {
            throw new BenchException("The sender could not be started: " + e.getMessage() + ".", e);
        }
    }

    private static String hex(final long value, final int digits) {
        final String all = "%016x".formatted(value);
        return all.substring(all.length() - digits);
    }

    /** Sends that many packets at the plan's rate. */
    Sent send(final int packets) {
        try {
            commands.write(packets + "\n");
            commands.flush();
        } catch (final IOException e) {
            throw new BenchException("The sender ended in the middle of the run.", e);
        }
        final String[] words = answer().split(" ");
        return new Sent(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    private String answer() {
        try {
            final String line = answers.readLine();
            if (line != null) {
                return line;
            }
        } catch (final IOException e) {
            throw new BenchException("The sender does not answer: " + e.getMessage() + ".", e);
        }
        throw new BenchException("The sender ended before it answered.");
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
