package io.ringmaster.demo;

import io.ringmaster.bpf.DecapProgram;
import io.ringmaster.sys.Capability;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The main job, shown from outside: ordinary clients reach ordinary servers through a director that is a process of its
 * own, by every forwarding method. Owned by the thread that runs it.
 */
public final class Demo {
    private static final int REQUESTS = 400;
    private static final String[] HEAD =
        {"method", "what", "sent", "answered", "shares", "p50 us", "p99 us", "max us"};
    private final Screen screen;
    private final Checks checks;
    private final Path launcher;
    private final int requests;
    private volatile boolean ending;

    Demo(final Screen screen, final Path launcher, final int requests) {
        this.screen = screen;
        this.launcher = launcher;
        this.requests = requests;
        this.checks = new Checks(screen);
    }

    /**
     * Shows it on standard output.
     *
     * @param method {@code nat}, {@code dr}, {@code tun} or {@code all}.
     * @param keep   whether to leave all up, after showing how to poke at it, until the process is told to end.
     * @return the exit code: 0 if all checks held; 1 if one did not, or after one sentence on standard error if the
     *         demonstration could not go on.
     */
    public static int show(final String method, final boolean keep) {
        final List<Scenario> scenarios = "all".equals(method) ? List.of(Scenario.values())
            : List.of(Scenario.valueOf(method.toUpperCase(Locale.ROOT)));
        final String launcher = System.getenv().getOrDefault("RINGMASTER_LAUNCHER", "ringmaster");
        try {
            Capability.require("To make network namespaces and what is in them", Capability.CAP_SYS_ADMIN,
                Capability.CAP_NET_ADMIN, Capability.CAP_NET_RAW);
            return new Demo(Screen.ofStandardOutput(), Path.of(launcher).toAbsolutePath(), REQUESTS)
                .run(scenarios, keep);
        } catch (final DemoException | SystemCallException | IllegalStateException e) {
            System.err.println("ringmaster demo: " + e.getMessage());
            return 1;
        }
    }

    /**
     * Runs it.
     *
     * @param scenarios the methods to show.
     * @param keep      whether to leave all up, after showing how to poke at it, until the process is told to end.
     * @return 0 if all checks held, else 1.
     */
    int run(final List<Scenario> scenarios, final boolean keep) {
        final long startNs = System.nanoTime();
        final Thread hook = new Thread(this::interrupted, "end-demo");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return run(scenarios, keep, startNs);
        } finally {
            if (!ending) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private void interrupted() {
        ending = true;
        screen.end("ringmaster demo: told to end; removing everything.");
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    }

    private int run(final List<Scenario> scenarios, final boolean keep, final long startNs) {
        final List<String[]> rows = new ArrayList<>(List.<String[]>of(HEAD));
        screen.line("Building a network of namespaces ...");
        final List<AutoCloseable> open = new ArrayList<>();
        try (DemoNetwork network = DemoNetwork.create(DemoNetwork.Options.defaults())) {
            final List<DemoServer> servers = DemoServer.startAll(network);
            open.addAll(servers);
            if (scenarios.contains(Scenario.TUN)) {
                open.addAll(decapsulate(network));
            }
            try (Capture capture = new Capture(network, ports(network));
                 DirectorProcess director = startDirector(network)) {
                for (final Scenario scenario : scenarios) {
                    rows.addAll(new MethodDemo(network, director, scenario, screen, checks).run(capture, requests));
                }
                checkResets(network, capture.resets());
                checkTable(director);
                if (!keep) {
                    end(network, director);
                }
                final int code = verdict(rows, startNs);
                if (keep) {
                    wait(network, director, scenarios.getFirst());
                }
                return code;
            }
        } finally {
            open.forEach(Demo::closeQuietly);
        }
    }

    private static List<String> ports(final DemoNetwork network) {
        final List<String> ports = new ArrayList<>(List.of("client", DemoNetwork.FRONT, DemoNetwork.BACK));
        for (int i = 1; i <= network.realServers(); i++) {
            ports.add("rs" + i);
        }
        return ports;
    }

    private List<AutoCloseable> decapsulate(final DemoNetwork network) {
        final List<AutoCloseable> programs = new ArrayList<>();
        for (int i = 1; i <= network.realServers(); i++) {
            programs.add(network.in(network.realServer(i),
                () -> DecapProgram.attach(Libc.interfaceIndex(DemoNetwork.ETH0), DemoNetwork.ETH0)));
        }
        screen.line("Real servers strip tunnel headers by \"ringmaster decap\"'s XDP program.");
        return programs;
    }

    private DirectorProcess startDirector(final DemoNetwork network) {
        screen.command("ringmaster run --interface front --interface back");
        final DirectorProcess director = DirectorProcess.start(network, launcher);
        screen.lines(director.said());
        return director;
    }

    /**
     * A packet of a service that slips to the director's kernel is answered by RST, and so is a reply that reaches the
     * client untranslated. Only what the client's kernel says to a VIP is none of that: it answers a server that sends
     * its last segment once more, after the client is done with the connection.
     */
    private void checkResets(final DemoNetwork network, final List<SeenPacket> resets) {
        final List<SeenPacket> bad = resets.stream()
            .filter(packet -> packet.fromHost() && !isOfClientToService(network, packet)).toList();
        checks.that("no RST on the wire from the director or a real server, none to a RIP", bad.isEmpty(), bad);
    }

    private void checkTable(final DirectorProcess director) {
        final Commands.Outcome outcome = director.tableCheck();
        checks.that("ringmaster table check: clean", outcome.exitCode() == 0, outcome.output());
    }

    private static boolean isOfClientToService(final DemoNetwork network, final SeenPacket reset) {
        final SeenPacket packet = reset.innermost();
        return network.isClient(packet.source())
            && (network.isVip(packet.destination()) || packet.port().equals(DemoNetwork.BACK));
    }

    private void end(final DemoNetwork network, final DirectorProcess director) {
        director.stop();
        final String links = network.exec(network.director(), "ip", "link");
        checks.that("the director ended and left no XDP program behind", !links.contains("xdp"), links);
    }

    private int verdict(final List<String[]> rows, final long startNs) {
        screen.title("What clients got");
        screen.table(rows);
        screen.line("");
        final long tookSec = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
        if (checks.failures().isEmpty()) {
            screen.line("demo: all " + checks.count() + " checks held (" + tookSec + " s)");
            return 0;
        }
        checks.failures().forEach(failure -> screen.line("failed: " + failure));
        screen.line("demo: " + checks.failures().size() + " of " + checks.count() + " checks failed (" + tookSec
            + " s)");
        return 1;
    }

    private void wait(final DemoNetwork network, final DirectorProcess director, final Scenario scenario) {
        screen.title("All is left up until Ctrl-C; in another shell, for example:");
        screen.command("export RINGMASTER_SOCKET=" + director.socket());
        final String program = launcher.toString();
        screen.command((program.contains(" ") ? "'" + program + "'" : program) + " ipvsadm -Ln --stats");
        screen.command("ip netns exec " + network.client() + " curl -i http://"
            + network.vip(scenario.method()) + "/bytes/1");
        screen.command("ip netns exec " + network.switchboard() + " tcpdump -eni front");
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(final AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (final Exception e) {
            // What it stood in is gone already, and it with that.
        }
    }
}
