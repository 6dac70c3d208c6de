package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.DemoServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service at an IPv6 address by ordinary programs: masquerading and direct routing. */
class Ipv6IT {
    private static final int UPLOAD_BYTES = 300_000;
    private static final int REQUESTS = 10;
    private static final String SERVICE = Ipv6Network.bracketed(Ipv6Network.VIP) + ":" + DemoServer.PORT;
    private static Lab lab;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
        Ipv6Network.add(lab.network());
        Ipv6Network.addServer(lab.network(), 1, Ipv6Network.SWITCH);
        Ipv6Network.addServer(lab.network(), 2, Ipv6Network.DIP);
        lab.own(RunningDirector.start(lab.network()));
        Files.write(directory.resolve("upload"), new byte[UPLOAD_BYTES]);
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void clear() {
        lab.assertSound();
        lab.clear();
    }

    @Test
    void directRouting() {
        serve("-g", 1, DemoServer.PORT);
    }

    @Test
    void masqueradingToAnotherPort() {
        serve("-m", 2, DemoServer.OTHER_PORT);
    }

    private static void serve(final String method, final int server, final int port) {
        final String real = Ipv6Network.bracketed(Ipv6Network.rip(server)) + ":" + port;
        lab.director().ipvsadm("-A", "-t", SERVICE, "-s", "rr");
        lab.director().ipvsadm("-a", "-t", SERVICE, "-r", real, method);
        for (int i = 0; i < REQUESTS; i++) {
            assertEquals("200 100000", curl("http://" + SERVICE + "/bytes/100000"));
        }
        assertEquals("200 64", curl("http://" + SERVICE + "/hash", "--data-binary",
            "@" + directory.resolve("upload")));
        final Reply told = ControlClient.ask(lab.director().socket(), List.of("explain", "--from",
            "[fd77:1::77]:40000", "--to", SERVICE), "");
        assertEquals(0, told.exit(), told::toString);
        assertTrue(told.out().contains("redirected-service") && told.out().contains("rr chooses " + real),
            told::toString);
        final String connections = lab.director().ipvsadm("-L", "-n", "-c");
        assertEquals(REQUESTS + 1, connections.lines().filter(line -> line.contains(SERVICE) && line.endsWith(real))
            .count(), connections);
    }

    private static String curl(final String url, final String... options) {
        final List<String> words = new ArrayList<>(List.of("curl", "-g", "-s", "-m", "60", "-o", "/dev/null", "-w",
            "%{http_code} %{size_download}", url));
        words.addAll(List.of(options));
        return lab.network().exec(lab.network().client(), words.toArray(String[]::new)).strip();
    }
}
