package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that change while packets fly. */
class RulesUnderFireIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final ForwardingMethod DR = ForwardingMethod.DIRECT_ROUTING;
    private static final int BODY_BYTES = 4_000_000;
    private static Lab lab;
    private static String vip;
    private static String first;
    private static String second;

    @BeforeAll
    static void makeLab() {
        lab = Lab.with(new DemoNetwork.Options(2, 4, 1, 1600));
        vip = lab.vip(NAT) + ":80";
        first = lab.network().rip(1) + ":8080";
        second = lab.network().rip(2) + ":8080";
    }

    @AfterAll
    static void closeLab() {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void rules() {
        lab.service("-t", NAT, "rr", 1, 1);
    }

    @AfterEach
    void theDirectorIsSound() {
        lab.assertSound();
        lab.clear();
        assertEquals("", lab.director().ipvsadm("-Sn"));
    }

    /** Requests in one thread, changes in this one until those are done; all requests are answered. */
    private static LoadResult during(final int requests, final Runnable changes) throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            final Future<LoadResult> load = threads.submit(() -> lab.http(NAT).get(requests, 4, number -> 2_000));
            while (!load.isDone()) {
                changes.run();
            }
            return load.get();
        }
    }

    @Test
    void aRealServerIsRemovedAndComesBack() throws Exception {
        final LoadResult result = during(400, () -> {
            final long startNs = System.nanoTime();
            lab.director().ipvsadm("-d", "-t", vip, "-r", second);
            lab.director().ipvsadm("-a", "-t", vip, "-r", second, "-m");
            pause(System.nanoTime() - startNs);
        });
        assertEquals(List.of(), result.failures(), lab.director()::said);
        assertTrue(result.shares().keySet().containsAll(List.of("rs1", "rs2")), result.shares()::toString);
    }

    /**
     * What a connection loses while its real server is removed it sends again later, and later with every loss: so a
     * real server is there for much longer than it was away, however slow commands are here.
     */
    private static void pause(final long awayNs) {
        try {
            Thread.sleep(100 + 20 * awayNs / 1_000_000);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void weightsAndOtherServicesChange() throws Exception {
        final LoadResult result = during(400, () -> {
            lab.director().ipvsadm("-e", "-t", vip, "-r", second, "-m", "-w", "0");
            lab.director().ipvsadm("-A", "-t", vip.replace(":80", ":81"), "-s", "wlc");
            lab.director().ipvsadm("-a", "-t", vip.replace(":80", ":81"), "-r", first, "-m");
            lab.director().ipvsadm("-E", "-t", vip, "-s", "wrr");
            lab.director().ipvsadm("-e", "-t", vip, "-r", second, "-m", "-w", "3");
            lab.director().ipvsadm("-D", "-t", vip.replace(":80", ":81"));
            lab.director().ipvsadm("-E", "-t", vip, "-s", "lc");
        });
        assertEquals(List.of(), result.failures(), lab.director()::said);
    }

    /** While there is no service, its packets are the kernel's, which refuses: so requests may fail, later ones not. */
    @ParameterizedTest
    @ValueSource(strings = {"-D", "-C"})
    void theServiceIsDeletedAndComesBack(final String delete) throws Exception {
        during(200, () -> {
            lab.director().ipvsadm(delete.equals("-C") ? new String[] {"-C"} : new String[] {"-D", "-t", vip});
            rules();
        });
        assertEquals(List.of(), lab.http(NAT).get(20, 2, number -> 2_000).failures(), lab.director()::said);
        assertFalse(lab.director().said().contains("not all workers"), lab.director().said());
    }

    /** Connections keep the method they began with; new ones get the new one. */
    @Test
    void theForwardingMethodIsEdited() throws Exception {
        final String address = lab.vip(DR) + ":80";
        final String server = lab.network().rip(1) + ":80";
        lab.director().ipvsadm("-A", "-t", address, "-s", "rr");
        lab.director().ipvsadm("-a", "-t", address, "-r", server, "-m");
        try (Socket socket = request(lab.vip(DR))) {
            final InputStream in = socket.getInputStream();
            in.readNBytes(100_000);
            for (int i = 0; i < 20; i++) {
                lab.director().ipvsadm("-e", "-t", address, "-r", server, i % 2 == 0 ? "-g" : "-m");
                assertEquals(List.of(), lab.http(DR).get(2, 1, number -> 500).failures(), lab.director()::said);
                in.readNBytes(50_000);
            }
            final byte[] rest = in.readAllBytes();
            try (Socket direct = request(lab.network().rip(1))) {
                final byte[] whole = direct.getInputStream().readAllBytes();
                assertArrayEquals(Arrays.copyOfRange(whole, whole.length - rest.length, whole.length), rest);
            }
        }
    }

    /** Asks the HTTP server at an address for a long body, with little room for it: so it is long on its way. */
    private static Socket request(final String address) throws IOException {
        final Socket socket = lab.network().in(lab.network().client(), () -> {
            final Socket opened = new Socket();
            opened.setReceiveBufferSize(1 << 14);
            opened.setSoTimeout(10_000);
            opened.connect(new InetSocketAddress(address, 80), 5_000);
            return opened;
        });
        socket.getOutputStream().write(("GET /bytes/" + BODY_BYTES + " HTTP/1.1\r\nHost: x\r\n"
            + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "-A -t 10.0.0.1:0", "-A -t 10.0.0.1:70000", "-A -t 10.0.0.256:80", "-A -t nosuch.invalid:80", "-A -t :80",
        "-A -t 10.0.0.1:80 -s nosuch", "-A -u 10.0.0.1", "-A", "-A -t VIP", "-D -t 10.0.0.1:80", "-E -t 10.0.0.1:80",
        "-a -t VIP -r 10.0.0.256 -m", "-a -t VIP -r 10.0.0.9:70000 -m", "-a -t VIP -r FIRST -m", "-a -t VIP",
        "-a -t VIP -r 10.0.0.9 -m -w -1", "-a -t VIP -r 10.0.0.9 -m -w x",
        "-a -t VIP -r 0.0.0.0 -m", "-a -t VIP -r 224.0.0.1 -m", "-a -t 10.0.0.1:80 -r 10.0.0.9 -m",
        "-a -t VIP -r 10.0.0.9 -m -g", "-d -t VIP -r 10.0.0.9", "-e -t VIP -r 10.0.0.9 -m", "-X", "--nosuch",
        "-Z -t 10.0.0.1:80", "--set 1 2", "--set -1 2 3", "-L -A", "-C -t VIP", "-A -t 10.0.0.1:80 -p 0",
    })
    void aBadCommandLeavesEverythingAsItWas(final String words) {
        final String before = lab.director().ipvsadm("-Sn");
        final Reply reply = lab.director().tryIpvsadm(words.replace("VIP", vip).replace("FIRST", first).split(" "));
        assertTrue(reply.exit() != 0, () -> words + " -> " + reply);
        assertFalse(reply.err().isBlank(), () -> words + " -> " + reply);
        assertFalse(reply.err().contains("Exception"), reply::err);
        assertEquals(before, lab.director().ipvsadm("-Sn"));
    }

    @Test
    void manyServicesComeAndGoWithoutATrace() throws Exception {
        comeAndGo(12);
        final String before = hashMapsMemory();
        comeAndGo(Full.RUN ? 1_008 : 204);
        assertEquals(before, hashMapsMemory(), "memory of the XDP program's maps, which is by number of entries");
        assertEquals(List.of(), lab.http(NAT).get(4, 1, number -> 100).failures());
    }

    /** Twelve services in turn; removed real servers are kept for a while, so the first round leaves entries. */
    private static void comeAndGo(final int cycles) {
        for (int i = 0; i < cycles; i++) {
            final String address = lab.vip(NAT) + ":" + (1_000 + i % 12);
            final String method = i % 2 == 0 ? "-m" : "-i";
            lab.director().ipvsadm("-A", "-t", address, "-s", "wlc");
            lab.director().ipvsadm("-a", "-t", address, "-r", lab.network().rip(1), method);
            if (i % 3 == 0) {
                lab.director().ipvsadm("-d", "-t", address, "-r", lab.network().rip(1));
            }
            lab.director().ipvsadm("-D", "-t", address);
        }
    }

    /** Memory of each map that the director holds, by the kernel's account of it (fdinfo), sorted. */
    private static String hashMapsMemory() {
        final Path folder = Path.of("/proc", Long.toString(lab.director().process().pid()), "fdinfo");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(RulesUnderFireIT::mapMemory).filter(line -> !line.isEmpty()).sorted().toList().toString();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mapMemory(final Path file) {
        try {
            final List<String> lines = Files.readAllLines(file);
            return lines.contains("map_type:\t1") ? lines.stream().filter(line ->
                line.startsWith("memlock:") || line.startsWith("map_id:")).sorted().toList().toString() : "";
        } catch (final IOException e) {
            return "";
        }
    }
}
