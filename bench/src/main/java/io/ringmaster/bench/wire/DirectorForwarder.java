package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DirectorProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A director as its users run it: the program {@code ringmaster run} as a process of its own, with one worker, its
 * rules given by {@code ringmaster ipvsadm}.
 */
public final class DirectorForwarder implements Forwarder {
    private static final long LEAST_CONNECTIONS = 1_000;

    private final DirectorProcess process;

    private DirectorForwarder(final DirectorProcess process) {
        this.process = process;
    }

    /**
     * Starts it in the middle of a network, and gives it one virtual service.
     *
     * @param connections that it is to carry.
     * @param core        of its worker.
     * @param options     more options of {@code ringmaster run}.
     */
    public static DirectorForwarder start(final Wires wires, final Method method, final long connections,
                                          final int core, final String... options) {
        final Path launcher = launcher();
        final List<String> all = new ArrayList<>(List.of("--cores", Integer.toString(core),
            "--connections", Long.toString(roomFor(connections))));
        all.addAll(List.of(options));
        final DirectorForwarder director = new DirectorForwarder(DirectorProcess.start(wires.director(), launcher,
            all.toArray(String[]::new)));
        try {
            final String service = Wires.VIP + ":" + Wires.VPORT;
            director.rule("-A", "-u", service, "-s", "rr");
            director.rule("-a", "-u", service, "-r", Wires.RIP + ":" + method.serverPort(), method.letter());
            director.pause();
            return director;
        } catch (final RuntimeException e) {
            director.close();
            throw e;
        }
    }

    /** A sixth more than asked for: at its nominal load a few in a million find their neighbourhood full. */
    private static long roomFor(final long connections) {
        return Math.max(LEAST_CONNECTIONS, connections + connections / 6 + 64);
    }

    /** The program; asked for its version, so that it builds now if it has to, and not while a start is timed. */
    private static Path launcher() {
        final String launcher = System.getenv("RINGMASTER_LAUNCHER");
        if (launcher == null) {
            throw new BenchException("This measurement starts a director by the launcher that started it; run it as"
                + " ./ringmaster bench.");
        }
        Commands.run(launcher, "--version");
        return Path.of(launcher);
    }

    private void rule(final String... words) {
        final Commands.Outcome outcome = process.ipvsadm(words);
        if (outcome.exitCode() != 0) {
            throw new BenchException("The director refused \"ipvsadm " + String.join(" ", words) + "\": "
                + outcome.output().strip());
        }
    }

    @Override
    public void resume() {
        Signals.goOn(process.process());
    }

    @Override
    public void pause() {
        Signals.stop(process.process());
    }

    @Override
    public long taken() {
        return Drops.read(process.socket()).getOrDefault("packets-received", 0L);
    }

    @Override
    public void close() {
        if (process.process().isAlive()) {
            resume();
        }
        process.close();
    }
}
