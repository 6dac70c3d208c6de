package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.HttpLoad;
import io.ringmaster.netlink.Ethtool;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a director ends, and how the next one starts. */
class LifecycleIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int REQUESTS = 12;
    private static final int PATIENCE_MS = 60_000;
    private static Lab lab;

    @BeforeAll
    static void makeLab() {
        lab = Lab.withoutDirector(new DemoNetwork.Options(2, 2, 1, 1600));
    }

    @AfterAll
    static void closeLab() {
        if (lab != null) {
            lab.close();
        }
    }

    private static RunningDirector startWithTraffic() {
        final RunningDirector director = RunningDirector.start(lab.network());
        addRules(director);
        assertAnswered(director);
        return director;
    }

    private static void addRules(final RunningDirector director) {
        final String vip = lab.vip(NAT) + ":80";
        director.ipvsadm("-A", "-t", vip, "-s", "rr");
        director.ipvsadm("-a", "-t", vip, "-r", lab.network().rip(1) + ":8080", "-m");
        director.ipvsadm("-a", "-t", vip, "-r", lab.network().rip(2) + ":8080", "-m");
    }

    private static void assertAnswered(final RunningDirector director) {
        assertEquals(List.of(), lab.http(NAT).get(REQUESTS, 2, number -> 5000).failures(), director::said);
    }

    /** No program on an interface, no AF_XDP socket, no process, no socket file. */
    private static void assertNothingLeft(final RunningDirector director) {
        final DemoNetwork network = lab.network();
        final String links = network.exec(network.director(), "ip", "-d", "link");
        assertFalse(links.contains("xdp"), links);
        assertEquals("", Commands.run("ip", "netns", "pids", network.director()));
        assertEquals(1, network.exec(network.director(), "ss", "--xdp", "--all").lines().count(), "its header only");
        assertFalse(director.process().isAlive());
    }

    /** The kernel answers at the VIP now: refuses, or lets its own server answer. */
    private static void assertKernelHasTheService() throws IOException {
        final InetSocketAddress service = new InetSocketAddress(lab.vip(NAT), 80);
        lab.network().in(lab.network().client(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(service, PATIENCE_MS);
                throw new AssertionError("somebody answers at " + service);
            } catch (final java.net.ConnectException e) {
                return null;
            }
        });
        try (ServerSocket own = lab.network().in(lab.network().director(), () -> new ServerSocket(80));
             Socket _ = lab.network().in(lab.network().client(), () -> {
                 final Socket socket = new Socket();
                 socket.connect(service, PATIENCE_MS);
                 return socket;
             });
             Socket accepted = own.accept()) {
            assertEquals(service.getAddress(), accepted.getLocalAddress());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aSignalEndsItCleanly(final String signal) throws Exception {
        try (RunningDirector director = startWithTraffic()) {
            final long startNs = System.nanoTime();
            Commands.run("sh", "-c", "kill -" + signal + " " + director.process().pid());
            assertEquals(0, director.awaitEnd(), director::said);
            System.out.println("SIG" + signal + ": ended after " + (System.nanoTime() - startNs) / 1_000_000 + " ms");
            assertFalse(Files.exists(director.socket()), "socket file");
            assertNothingLeft(director);
            assertKernelHasTheService();
            assertFalse(director.said().contains("Exception"), director.said());
        }
    }

    @Test
    void killedWithoutMercy() throws Exception {
        try (RunningDirector director = startWithTraffic()) {
            director.kill();
            final long startNs = System.nanoTime();
            final DemoNetwork network = lab.network();
            assertTrue(RunningDirector.await(() ->
                !network.exec(network.director(), "ip", "-d", "link").contains("xdp")), "the program is off");
            System.out.println("SIGKILL: detached after " + (System.nanoTime() - startNs) / 1_000_000 + " ms");
            assertTrue(Files.exists(director.socket()), "nobody was left to remove it");
            assertNothingLeft(director);
            assertKernelHasTheService();
            // The same socket path, left behind, is taken over.
            try (RunningDirector next = RunningDirector.start(network, "--socket", director.socket().toString())) {
                assertEquals(0, ControlClient.ask(director.socket(), List.of("ipvsadm", "-Ln"), "").exit(),
                    next::said);
            }
        }
    }

    @Test
    void aRestartWithoutAPause() {
        // The kernel frees queues a moment after the process has ended: the next one has to wait for them.
        try (RunningDirector director = startWithTraffic()) {
            director.kill();
        }
        try (RunningDirector director = startWithTraffic()) {
            assertEquals(0, director.stop(), director::said);
        }
        startWithTraffic().close();
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 300, 500, 800, 1200})
    void aSignalDuringTheStart(final int afterMs) throws Exception {
        try (RunningDirector director = RunningDirector.launch(lab.network().director(), List.of(),
            List.of("run", "--interface", "front,back"))) {
            Thread.sleep(afterMs);
            final int exit = director.stop();
            assertTrue(exit == 0 || exit == 143, () -> exit + " " + director.said());
            assertFalse(Files.exists(director.socket()), director::said);
            assertNothingLeft(director);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DemoNetwork.FRONT, DemoNetwork.BACK})
    void anInterfaceGoesDownAndComesBack(final String name) {
        final DemoNetwork network = lab.network();
        try (RunningDirector director = startWithTraffic()) {
            network.exec(network.director(), "ip", "link", "set", name, "down");
            director.awaitLine(line -> line.contains("Interface " + name + " is down"));
            assertTrue(director.ipvsadm("-Ln").contains(network.rip(1)));
            // A packet while it is down: a kick or a redirect that fails.
            try (RawClient client = new RawClient(network)) {
                client.send(client.frames(0, lab.vip(NAT)).tcp(30_000, 80, Tcp.SYN));
            }
            network.exec(network.director(), "ip", "link", "set", name, "up");
            director.awaitLine(line -> line.contains("Interface " + name + " is up again"));
            assertTrue(RunningDirector.await(() -> lab.http(NAT).get(1, 1, number -> 100).failures().isEmpty()),
                director::said);
            assertAnswered(director);
            assertEquals(0, director.stop());
            assertFalse(director.said().contains("Defect"), director.said());
        }
    }

    @Test
    void anInterfaceMayBeDownAtTheStart() {
        final DemoNetwork network = lab.network();
        network.exec(network.director(), "ip", "link", "set", DemoNetwork.BACK, "down");
        try (RunningDirector director = RunningDirector.start(network)) {
            assertTrue(director.said().contains("Interface back is down; its packets come once it is up."),
                director::said);
            addRules(director);
            network.exec(network.director(), "ip", "link", "set", DemoNetwork.BACK, "up");
            assertTrue(RunningDirector.await(() -> lab.http(NAT).get(1, 1, number -> 100).failures().isEmpty()),
                director::said);
            assertEquals(0, director.stop());
            assertFalse(director.said().contains("Defect"), director.said());
        } finally {
            network.exec(network.director(), "ip", "link", "set", DemoNetwork.BACK, "up");
        }
    }

    /** One worker has all queues of both: none is left to the kernel. */
    @Test
    void interfacesWithDifferentNumbersOfQueues() {
        final DemoNetwork network = lab.network();
        final String shape = "numtxqueues 3 numrxqueues 3";
        Commands.run(("ip -netns " + network.director() + " link add wide " + shape + " type veth peer name wide "
            + shape + " netns " + network.client()).split(" "));
        try {
            network.in(network.client(), () -> {
                Ethtool.setTxChecksum("wide", false);
                return null;
            });
            network.exec(network.director(), "ip", "address", "add", "10.77.3.1/24", "dev", "wide");
            network.exec(network.director(), "ip", "link", "set", "wide", "up");
            network.exec(network.client(), "ip", "address", "add", "10.77.3.2/24", "dev", "wide");
            network.exec(network.client(), "ip", "link", "set", "wide", "up");
            try (RunningDirector director = RunningDirector.launch(network.director(), List.of(),
                List.of("run", "--interface", "wide,back"))) {
                director.awaitReady();
                director.awaitLine(line -> line.contains("wide (3 queues), back (1 queue)"));
                director.awaitLine(line -> line.startsWith("1 worker on core"));
                director.ipvsadm("-A", "-t", "10.77.3.1:80", "-s", "rr");
                director.ipvsadm("-a", "-t", "10.77.3.1:80", "-r", network.rip(1) + ":8080", "-m");
                assertEquals(List.of(), new HttpLoad(network, "10.77.3.1", 80).get(60, 4, number -> 3_000).failures(),
                    director::said);
                assertEquals(0, Counters.of(director).xdp("no-socket"));
                assertEquals(0, director.stop());
            }
        } finally {
            network.exec(network.director(), "ip", "link", "delete", "wide");
        }
    }

    @Test
    void anInterfaceIsDeleted() {
        try (Lab own = Lab.with(new DemoNetwork.Options(1, 1, 1, 1600))) {
            own.service("-t", NAT, "rr", 1);
            assertEquals(List.of(), own.http(NAT).get(2, 1, number -> 100).failures());
            final DemoNetwork network = own.network();
            network.exec(network.director(), "ip", "link", "delete", DemoNetwork.BACK);
            own.director().awaitLine(line -> line.contains("Interface back is gone"));
            assertTrue(own.director().ipvsadm("-Ln").contains(network.rip(1)));
            own.director().ipvsadm("-A", "-t", own.vip(NAT) + ":81");
            own.director().ipvsadm("-C");
            assertEquals(0, own.director().stop(), own.director()::said);
            own.assertNoDefectTold();
        }
    }
}
