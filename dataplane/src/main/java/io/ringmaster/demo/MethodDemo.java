package io.ringmaster.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The demonstration of one forwarding method: rules, one connection under the magnifying glass, many requests, what
 * the director says of them. Owned by the demonstration's thread.
 */
final class MethodDemo {
    private static final long STATISTICS_MS = 2_300;
    private static final int PARALLEL = 64;
    private static final int LONGEST_DATAGRAM = 1472;
    private static final int LISTED_CONNECTIONS = 4;
    private static final int[] SIZES = {1, 100, 1_460, 10_000, 100_000};
    private static final int ROUNDING = 6;

    private final DemoNetwork network;
    private final DirectorProcess director;
    private final Scenario scenario;
    private final Screen screen;
    private final Checks checks;
    private int connections;

    MethodDemo(final DemoNetwork network, final DirectorProcess director, final Scenario scenario, final Screen screen,
               final Checks checks) {
        this.network = network;
        this.director = director;
        this.scenario = scenario;
        this.screen = screen;
        this.checks = checks;
    }

    /** Shows it all; the rows for the last table. */
    List<String[]> run(final Capture capture, final int requests) {
        screen.title(scenario + ": " + scenario.words() + ", scheduler " + scenario.scheduler());
        rules();
        oneConnection(capture);
        final HttpLoad http = new HttpLoad(network, network.vip(scenario.method()), DemoServer.PORT);
        final UdpLoad udp = new UdpLoad(network, network.vip(scenario.method()), DemoServer.PORT);
        final IntUnaryOperator size = number -> SIZES[number % SIZES.length];
        final List<String[]> rows = new ArrayList<>();
        rows.add(load("HTTP one by one", http.get(requests, 1, size), 1));
        rows.add(load("HTTP " + PARALLEL + " at a time", http.get(3 * requests, PARALLEL, size), PARALLEL));
        rows.add(load("HTTP 10 MB", http.get(3, 1, number -> Bodies.LARGEST), 1));
        rows.add(load("UDP 1..1472 bytes", udp.echo(requests, 1, number -> 1 + number * (LONGEST_DATAGRAM - 1)
            / Math.max(1, requests - 1)), 1));
        listings();
        return rows;
    }

    private void rules() {
        final String service = network.vip(scenario.method()) + ":" + DemoServer.PORT;
        for (final String protocol : List.of("-t", "-u")) {
            ipvsadm("-A", protocol, service, "-s", scenario.scheduler());
            for (int i = 1; i <= network.realServers(); i++) {
                ipvsadm("-a", protocol, service, "-r", network.rip(i) + ":" + scenario.realPort(),
                    scenario.method().option(), "-w", Integer.toString(scenario.weight(i)));
            }
        }
        screen.lines(ipvsadm("-Ln", "-t", service));
    }

    private String ipvsadm(final String... words) {
        screen.command("ringmaster ipvsadm " + String.join(" ", words));
        final Commands.Outcome outcome = director.ipvsadm(words);
        if (outcome.exitCode() != 0) {
            throw new DemoException("\"ringmaster ipvsadm " + String.join(" ", words) + "\" ended with code "
                + outcome.exitCode() + ": " + outcome.output().strip());
        }
        return outcome.output();
    }

    private void oneConnection(final Capture capture) {
        capture.keep();
        final LoadResult result = new HttpLoad(network, network.vip(scenario.method()), DemoServer.PORT)
            .get(1, 1, number -> 1);
        final Wire wire = new Wire(network, scenario, capture.kept());
        screen.line("  One connection's first packets at the switch's ports (host>: from there, >host: to there):");
        wire.shown().forEach(packet -> screen.line("    " + packet));
        checks.that(scenario + ": a request is answered", result.answered() == 1, result.failures());
        wire.check(checks);
    }

    private String[] load(final String what, final LoadResult result, final int parallel) {
        connections += result.answered();
        final String name = scenario + " " + what;
        screen.line("  " + name + ": " + result.answered() + " of " + result.sent() + " answered, shares "
            + result.shares() + ", p50 " + result.latencyUs(50) + " us, p99 " + result.latencyUs(99) + " us, max "
            + result.maxLatencyUs() + " us");
        checks.that(name + ": every request answered, by the right address, bodies right",
            result.answered() == result.sent(), result.failures());
        if (result.sent() > ROUNDING) {
            checks.that(name + ": shares as " + scenario.scheduler() + " and the weights say",
                rightlyShared(result, parallel), result.shares());
        }
        return new String[] {scenario.toString(), what, Integer.toString(result.sent()),
            Integer.toString(result.answered()), result.shares().toString(), Long.toString(result.latencyUs(50)),
            Long.toString(result.latencyUs(99)), Long.toString(result.maxLatencyUs())};
    }

    /**
     * Within one round of all weights. With wlc and many at a time the quicker real server gets more, as it should, so
     * half of the share more or less is right.
     */
    private boolean rightlyShared(final LoadResult result, final int parallel) {
        final Map<String, Integer> shares = result.shares();
        for (int i = 1; i <= network.realServers(); i++) {
            final double expected = scenario.share(i, result.answered());
            final double allowed = scenario == Scenario.TUN && parallel > 1 ? expected / 2 : ROUNDING;
            if (Math.abs(shares.getOrDefault("rs" + i, 0) - expected) > allowed) {
                return false;
            }
        }
        return true;
    }

    private void listings() {
        final String vip = network.vip(scenario.method());
        final String service = vip + ":" + DemoServer.PORT;
        waitForStatistics();
        screen.lines(ipvsadm("-Ln", "--stats", "-t", service));
        screen.lines(ipvsadm("-Ln", "--stats", "-u", service));
        final List<String> all = ipvsadm("-Lnc").lines().toList();
        final List<String> own = all.stream().filter(line -> line.contains(" " + service + " ")).toList();
        all.stream().limit(2).forEach(line -> screen.line("    " + line));
        own.stream().limit(LISTED_CONNECTIONS).forEach(line -> screen.line("    " + line));
        screen.line("    ... and " + Math.max(0, own.size() - LISTED_CONNECTIONS) + " more to " + service);
        checks.that(scenario + ": the director lists the connections of all requests",
            own.size() >= connections, own.size() + " of " + connections);
    }

    /** The director reads what was carried every two seconds. */
    private static void waitForStatistics() {
        try {
            Thread.sleep(STATISTICS_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
