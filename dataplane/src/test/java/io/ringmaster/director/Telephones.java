package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Processes of sipp that call and answer in the namespaces of a network, each with a file of what it said. */
final class Telephones {
    static final String PORT = "5060";
    private static final int LONGEST_SEC = 60;
    private static final int END_SEC = 5;
    private static final String TALK_MS = "3000";
    private final DemoNetwork network;
    private final Path directory;
    private final List<Process> started = new ArrayList<>();

    /** None yet; what they will say is kept in a directory. */
    Telephones(final DemoNetwork network, final Path directory) {
        this.network = network;
        this.directory = directory;
    }

    private Process start(final String namespace, final String name, final String... words) throws IOException {
        // Nobody sends anything twice: a message that is lost or goes astray is a call that fails.
        final List<String> line = new ArrayList<>(List.of("sipp", "-nostdin", "-nr", "-max_socket", "500"));
        line.addAll(List.of(words));
        final Process process = new ProcessBuilder(DemoNetwork.insideOf(namespace, line.toArray(String[]::new)))
            .directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(directory.resolve(name).toFile()).start();
        started.add(process);
        return process;
    }

    /** One that answers, at an address, on a real server of a number from 1. */
    void answer(final int realServer, final String address) throws IOException {
        final String namespace = network.realServer(realServer);
        start(namespace, "uas" + realServer, "-sn", "uas", "-p", PORT, "-i", address);
        assertTrue(RunningDirector.await(() -> network.exec(namespace, "ss", "-Hlun").contains(":" + PORT)),
            () -> "no sipp on " + namespace + ": " + said("uas" + realServer));
    }

    /**
     * Makes calls from an address of the client to one, by a transport of sipp's; all of them must come to their end.
     * All go on at the same time: a call that gets the port of one that has ended is of that one's connection, and has
     * no template.
     *
     * @return the caller's process id, which is in their Call-IDs.
     */
    long call(final RunningDirector director, final String from, final String to, final int calls,
              final String transport) throws IOException, InterruptedException {
        final String name = "uac" + started.size();
        final Process caller = start(network.client(), name, "-sn", "uac", "-i", from, "-m", Integer.toString(calls),
            "-r", "100", "-l", Integer.toString(calls), "-d", TALK_MS, "-t", transport, "-timeout",
            Integer.toString(LONGEST_SEC), to + ":" + PORT);
        final boolean ended = caller.waitFor(LONGEST_SEC + 10, TimeUnit.SECONDS);
        assertTrue(ended && caller.exitValue() == 0, () -> said(name) + director.said()
            + Counters.of(director).byGroupAndReason());
        return caller.pid();
    }

    /** Calls by real server, as the templates with their Call-IDs tell. */
    static Map<String, Long> byServer(final RunningDirector director, final long caller) {
        final Map<String, Long> byServer = new TreeMap<>();
        director.ipvsadm("-Lnc", "--persistent-conn").lines().map(line -> line.split(" +"))
            .filter(words -> words.length == 8 && words[6].equals("sip") && words[7].contains("-" + caller + "@"))
            .forEach(words -> byServer.merge(words[5], 1L, Long::sum));
        return byServer;
    }

    /** Makes the director's host know a real server's neighbour beforehand, or the first message would be lost. */
    static void makeKnown(final Lab lab, final String rip) {
        lab.network().exec(lab.network().director(), "ping", "-c", "1", "-w", "60", rip);
        assertTrue(RunningDirector.await(() -> lab.director().said().contains(rip + " is reachable")),
            () -> lab.director().said());
    }

    private String said(final String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (final IOException e) {
            return e.toString();
        }
    }

    /** Ends all of them. */
    void end() throws InterruptedException {
        for (final Process each : started) {
            each.destroy();
            if (!each.waitFor(END_SEC, TimeUnit.SECONDS)) {
                each.destroyForcibly().waitFor();
            }
        }
        started.clear();
    }
}
