package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Telephone calls by sipp to any address of an IPv6 prefix: a service of a firewall mark with the engine sip. */
class SipMarkIT {
    private static final String PORT = "5060";
    private static final String MARKED = "fd77:5::";
    private static final int SERVERS = 2;
    private static final int CALLS = 20;
    private static final int LONGEST_SEC = 60;
    private static final List<Process> STARTED = new ArrayList<>();
    private static Lab lab;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        Needs.root();
        Needs.program("sipp", "sip-tester");
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
        final DemoNetwork network = lab.network();
        Ipv6Network.add(network);
        network.exec(network.client(), "ip", "-6", "route", "add", MARKED + "/64", "via", "fd77:1::1");
        network.exec(network.director(), "ip", "-6", "route", "add", "local", MARKED + "/64", "dev", "lo");
        for (int i = 1; i <= SERVERS; i++) {
            Ipv6Network.addServer(network, i, Ipv6Network.DIP);
            sipp(network.realServer(i), "uas" + i, "-sn", "uas", "-p", PORT, "-i",
                Ipv6Network.bracketed(Ipv6Network.rip(i)));
        }
        lab.own(RunningDirector.start(network));
        for (int i = 1; i <= SERVERS; i++) {
            final String namespace = network.realServer(i);
            assertTrue(RunningDirector.await(() -> network.exec(namespace, "ss", "-Hlun").contains(":" + PORT), 20),
                () -> "no sipp on " + namespace);
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        for (final Process each : STARTED) {
            each.destroy();
            if (!each.waitFor(5, TimeUnit.SECONDS)) {
                each.destroyForcibly().waitFor();
            }
        }
        if (lab != null) {
            lab.close();
        }
    }

    private static Process sipp(final String namespace, final String name, final String... words) throws IOException {
        // Nobody sends anything twice: a message that is lost or goes astray is a call that fails.
        final List<String> line = new ArrayList<>(List.of("sipp", "-nostdin", "-nr", "-max_socket", "500"));
        line.addAll(List.of(words));
        final Process process = new ProcessBuilder(DemoNetwork.insideOf(namespace, line.toArray(String[]::new)))
            .directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(directory.resolve(name).toFile()).start();
        STARTED.add(process);
        return process;
    }

    private static void rules() {
        final Reply reply = ControlClient.ask(lab.director().socket(),
            List.of("mark", "add", "--destination", MARKED + "/64", "--mark", "1"), "");
        assertEquals(0, reply.exit(), reply::err);
        lab.director().ipvsadm("-A", "-f", "1", "-6", "-s", "rr", "-p", "60", "--pe", "sip");
        for (int i = 1; i <= SERVERS; i++) {
            final String rip = Ipv6Network.rip(i);
            lab.director().ipvsadm("-a", "-f", "1", "-6", "-r", Ipv6Network.bracketed(rip) + ":0", "-m");
            // Known beforehand, or the first message would be lost.
            lab.network().exec(lab.network().director(), "ping", "-c", "1", "-w", "5", rip);
            assertTrue(RunningDirector.await(() -> lab.director().said().contains(rip + " is reachable"), 20),
                () -> lab.director().said());
        }
    }

    @Test
    void eachCallOfAnAddressOfThePrefixHasOneRealServer() throws Exception {
        rules();
        for (final String address : List.of(MARKED + "1", MARKED + "abcd:2")) {
            final String name = "uac-" + address.replace(":", "");
            final Process caller = sipp(lab.network().client(), name, "-sn", "uac", "-i", "[fd77:1::11]", "-m",
                Integer.toString(CALLS), "-r", "20", "-l", "10", "-d", "200", "-t", "un", "-timeout",
                Integer.toString(LONGEST_SEC), Ipv6Network.bracketed(address) + ":" + PORT);
            assertTrue(caller.waitFor(LONGEST_SEC + 10, TimeUnit.SECONDS) && caller.exitValue() == 0,
                () -> said(name) + Counters.of(lab.director()).byGroupAndReason());
            assertEquals(Map.of("[" + Ipv6Network.rip(1) + "]:0", (long) CALLS / SERVERS,
                "[" + Ipv6Network.rip(2) + "]:0", (long) CALLS / SERVERS), templates(caller.pid()));
        }
        lab.assertSound();
    }

    private static String said(final String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (final IOException e) {
            return e.toString();
        }
    }

    /** Calls by real server, as the templates with their Call-IDs tell. */
    private static Map<String, Long> templates(final long caller) {
        final Map<String, Long> byServer = new TreeMap<>();
        lab.director().ipvsadm("-Lnc", "--persistent-conn").lines().map(line -> line.split(" +"))
            .filter(words -> words.length == 8 && words[6].equals("sip") && words[7].contains("-" + caller + "@"))
            .forEach(words -> byServer.merge(words[5], 1L, Long::sum));
        return byServer;
    }
}
