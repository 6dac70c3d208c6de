package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Telephone calls by sipp through services with the persistence engine: INVITE, ACK and BYE of a call must meet the one
 * real server that knows it, or the call fails.
 */
class SipIT {
    private static final int PORT = 5060;
    private static final int CALLS = 30;
    private static final int LONGEST_SEC = 60;
    private static Lab lab;

    @TempDir
    private static Path directory;

    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void start() {
        Needs.root();
        Needs.program("sipp", "sip-tester");
        Needs.program("ping", "iputils-ping");
        lab = Lab.with(DemoNetwork.Options.defaults());
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (final Process each : started) {
            each.destroy();
            if (!each.waitFor(5, TimeUnit.SECONDS)) {
                each.destroyForcibly().waitFor();
            }
        }
        lab.assertSound();
        lab.clear();
    }

    private Process sipp(final String namespace, final String name, final String... words) throws IOException {
        // Nobody sends anything twice: a message that is lost or goes astray is a call that fails.
        final List<String> line = new ArrayList<>(List.of("sipp", "-nostdin", "-nr", "-max_socket", "500"));
        line.addAll(List.of(words));
        final Process process = new ProcessBuilder(DemoNetwork.insideOf(namespace, line.toArray(String[]::new)))
            .directory(directory.toFile()).redirectErrorStream(true)
            .redirectOutput(directory.resolve(name).toFile()).start();
        started.add(process);
        return process;
    }

    /** A telephone on each real server that answers calls, at its own address or at the VIP. */
    private void serve(final ForwardingMethod method) throws IOException {
        for (int i = 1; i <= lab.network().realServers(); i++) {
            sipp(lab.network().realServer(i), "uas" + i, "-sn", "uas", "-p", Integer.toString(PORT), "-i",
                method == ForwardingMethod.MASQUERADING ? lab.network().rip(i) : lab.vip(method));
        }
        for (int i = 1; i <= lab.network().realServers(); i++) {
            final String namespace = lab.network().realServer(i);
            assertTrue(RunningDirector.await(() -> lab.network().exec(namespace, "ss", "-Hlun").contains(":" + PORT)),
                () -> "no sipp on " + namespace);
        }
    }

    /** Makes the service, with all real servers. */
    private static void service(final ForwardingMethod method, final String... options) {
        final String address = lab.vip(method) + ":" + PORT;
        final List<String> words = new ArrayList<>(List.of("-A", "-u", address, "-s", "rr", "-p", "60", "--pe", "sip"));
        words.addAll(List.of(options));
        lab.director().ipvsadm(words.toArray(String[]::new));
        for (int i = 1; i <= lab.network().realServers(); i++) {
            lab.director().ipvsadm("-a", "-u", address, "-r", lab.network().rip(i) + ":" + PORT, method.option());
            // Known beforehand, or the first message would be lost.
            final String rip = lab.network().rip(i);
            lab.network().exec(lab.network().director(), "ping", "-c", "1", "-w", "60", rip);
            assertTrue(RunningDirector.await(() -> lab.director().said().contains(rip + " is reachable")),
                () -> lab.director().said());
        }
    }

    /** Makes calls, all of which must come to their end; the caller's process id, which is in their Call-IDs. */
    private long calls(final ForwardingMethod method, final String transport) throws Exception {
        final Process caller = sipp(lab.network().client(), "uac", "-sn", "uac", "-i", lab.network().clientAddress(0),
            "-m", Integer.toString(CALLS), "-r", "20", "-l", "10", "-d", "200", "-t", transport, "-timeout",
            Integer.toString(LONGEST_SEC), lab.vip(method) + ":" + PORT);
        final boolean ended = caller.waitFor(LONGEST_SEC + 10, TimeUnit.SECONDS);
        assertTrue(ended && caller.exitValue() == 0, () -> said("uac") + lab.director().said()
            + Counters.of(lab.director()).byGroupAndReason());
        return caller.pid();
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
            .filter(words -> words.length == 8 && words[6].equals("sip")
                && words[7].contains("-" + caller + "@"))
            .forEach(words -> byServer.merge(words[5], 1L, Long::sum));
        return byServer;
    }

    private static void assertAllServersTookCalls(final long caller) {
        final Map<String, Long> byServer = templates(caller);
        assertEquals(CALLS, byServer.values().stream().mapToLong(Long::longValue).sum(), byServer::toString);
        assertEquals(lab.network().realServers(), byServer.size(), byServer::toString);
        byServer.forEach((server, calls) -> assertEquals(CALLS / lab.network().realServers(), calls, server));
    }

    @Test
    void masqueradedCallsEachFromASocketOfItsOwn() throws Exception {
        serve(ForwardingMethod.MASQUERADING);
        service(ForwardingMethod.MASQUERADING);
        assertAllServersTookCalls(calls(ForwardingMethod.MASQUERADING, "un"));
    }

    @Test
    void callsOfOneSocketAreToldApartMessageByMessage() throws Exception {
        serve(ForwardingMethod.DIRECT_ROUTING);
        service(ForwardingMethod.DIRECT_ROUTING, "-o");
        assertAllServersTookCalls(calls(ForwardingMethod.DIRECT_ROUTING, "u1"));
        final String vip = lab.vip(ForwardingMethod.DIRECT_ROUTING);
        assertEquals(List.of(), lab.director().ipvsadm("-Lnc").lines()
            .filter(line -> line.contains(" " + vip + ":") && !line.contains(" NONE ")).toList());
    }

    @Test
    void tunneledCallsOfOneSocketAreToldApart() throws Exception {
        serve(ForwardingMethod.TUNNELING);
        service(ForwardingMethod.TUNNELING, "-o");
        assertAllServersTookCalls(calls(ForwardingMethod.TUNNELING, "u1"));
    }

    @Test
    void answersToOneSocketLeaveFromTheVip() throws Exception {
        serve(ForwardingMethod.MASQUERADING);
        service(ForwardingMethod.MASQUERADING, "-o");
        assertAllServersTookCalls(calls(ForwardingMethod.MASQUERADING, "u1"));
    }
}
