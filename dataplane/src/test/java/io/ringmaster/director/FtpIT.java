package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FTP by ordinary programs, vsftpd and curl: active and passive, both families, up and down. */
class FtpIT {
    private static final int BYTES = 400_000;
    private static final int AT_ONCE = 6;
    private static final int SERVERS = 2;
    private static final List<FtpServer> SERVING = new ArrayList<>();
    private static Lab lab;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        Needs.root();
        Needs.program("vsftpd", "vsftpd");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults().withQueues(2));
        Ipv6Network.add(lab.network());
        for (int i = 1; i <= SERVERS; i++) {
            Ipv6Network.addServer(lab.network(), i, Ipv6Network.DIP);
            Files.createDirectories(FtpServer.root(folder(i)).resolve("pub"));
            final byte[] content = new byte[BYTES];
            new Random(7).nextBytes(content);
            // The server's user may read it, whatever this process lets others do with its files.
            Files.setPosixFilePermissions(Files.write(FtpServer.root(folder(i)).resolve("file"), content),
                PosixFilePermissions.fromString("rw-r--r--"));
            SERVING.add(new FtpServer(lab.network(), i, folder(i)));
        }
        lab.own(RunningDirector.start(lab.network()));
    }

    private static Path folder(final int server) {
        return directory.resolve("rs" + server);
    }

    @AfterAll
    static void stop() {
        SERVING.forEach(FtpServer::close);
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void clear() {
        lab.assertSound();
        lab.clear();
    }

    private static String masqueraded(final boolean ipv6, final String... options) {
        final String vip = ipv6 ? Ipv6Network.bracketed(Ipv6Network.VIP)
            : lab.vip(ForwardingMethod.MASQUERADING);
        final List<String> words = new ArrayList<>(List.of("-A", "-t", vip + ":21", "-s", "rr"));
        words.addAll(List.of(options));
        lab.director().ipvsadm(words.toArray(String[]::new));
        for (int i = 1; i <= SERVERS; i++) {
            final String rip = ipv6 ? Ipv6Network.bracketed(Ipv6Network.rip(i)) : lab.network().rip(i);
            lab.director().ipvsadm("-a", "-t", vip + ":21", "-r", rip + ":21", "-m");
        }
        return "ftp://" + vip;
    }

    private static String curl(final String options) {
        return lab.network().exec(lab.network().client(), "sh", "-c", "curl -g -sS -m 40 " + options);
    }

    /** Down twice over one control connection, and up; every byte right. */
    private static void downAndUp(final String url, final String options) throws IOException {
        final byte[] content = Files.readAllBytes(FtpServer.root(folder(1)).resolve("file"));
        final Path one = directory.resolve("one");
        final Path two = directory.resolve("two");
        curl(options + " -o " + one + " -o " + two + " " + url + "/file " + url + "/file");
        assertArrayEquals(content, Files.readAllBytes(one));
        assertArrayEquals(content, Files.readAllBytes(two));
        final String name = "up" + System.nanoTime();
        curl(options + " -T " + one + " " + url + "/pub/" + name);
        final List<Path> uploaded = new ArrayList<>();
        for (int i = 1; i <= SERVERS; i++) {
            final Path path = FtpServer.root(folder(i)).resolve("pub").resolve(name);
            if (Files.exists(path)) {
                uploaded.add(path);
            }
        }
        assertEquals(1, uploaded.size());
        assertArrayEquals(content, Files.readAllBytes(uploaded.getFirst()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--disable-epsv --no-ftp-skip-pasv-ip", "", "-P - --disable-eprt", "-P -"})
    void throughNat(final String options) throws IOException {
        downAndUp(masqueraded(false), options);
        final String connections = lab.director().ipvsadm("-L", "-n", "-c");
        assertTrue(connections.lines().filter(line -> line.contains(lab.vip(ForwardingMethod.MASQUERADING) + ":"))
            .anyMatch(line -> !line.contains(":21 ")), connections);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-P -"})
    void throughNatOfIpv6(final String options) throws IOException {
        downAndUp(masqueraded(true), options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--disable-epsv --no-ftp-skip-pasv-ip", "-P - --disable-eprt"})
    void throughPersistentNat(final String options) throws IOException {
        downAndUp(masqueraded(false, "-p", "60"), options);
    }

    @Test
    void severalAtOnce() throws IOException {
        final String url = masqueraded(false);
        final StringBuilder script = new StringBuilder("true");
        for (int i = 0; i < AT_ONCE; i++) {
            script.append(" & curl -sS -m 60 ").append(i % 2 == 0 ? "--disable-epsv" : "-P -").append(" -o ")
                .append(directory.resolve("many" + i)).append(' ').append(url).append("/file");
        }
        lab.network().exec(lab.network().client(), "sh", "-c", script + " & wait");
        final byte[] content = Files.readAllBytes(FtpServer.root(folder(1)).resolve("file"));
        for (int i = 0; i < AT_ONCE; i++) {
            assertArrayEquals(content, Files.readAllBytes(directory.resolve("many" + i)), "download " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--disable-epsv", ""})
    void passiveByDirectRouting(final String options) throws IOException {
        final String vip = lab.vip(ForwardingMethod.DIRECT_ROUTING);
        lab.director().ipvsadm("-A", "-t", vip + ":21", "-s", "rr", "-p", "60");
        for (int i = 1; i <= SERVERS; i++) {
            lab.director().ipvsadm("-a", "-t", vip + ":21", "-r", lab.network().rip(i), "-g");
        }
        downAndUp("ftp://" + vip, options);
        final String connections = lab.director().ipvsadm("-L", "-n", "-c");
        assertTrue(connections.contains(vip + ":0 "), connections);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--disable-epsv --no-ftp-skip-pasv-ip", "", "-P - --disable-eprt", "-P -"})
    void throughNatOfAllPorts(final String options) throws IOException {
        final String vip = lab.vip(ForwardingMethod.MASQUERADING);
        lab.director().ipvsadm("-A", "-t", vip + ":0", "-s", "rr", "-p", "60");
        for (int i = 1; i <= SERVERS; i++) {
            lab.director().ipvsadm("-a", "-t", vip + ":0", "-r", lab.network().rip(i) + ":0", "-m");
        }
        downAndUp("ftp://" + vip, options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--disable-epsv --no-ftp-skip-pasv-ip", "", "-P - --disable-eprt", "-P -"})
    void throughNatOfAMark(final String options) throws IOException {
        final String vip = lab.vip(ForwardingMethod.MASQUERADING);
        marked(vip, false, options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-P -"})
    void throughNatOfAnIpv6Mark(final String options) throws IOException {
        marked(Ipv6Network.VIP, true, options);
    }

    private static void marked(final String vip, final boolean ipv6, final String options) throws IOException {
        mark("add", vip);
        try {
            lab.director().ipvsadm(service("-A", ipv6, "-s", "rr"));
            for (int i = 1; i <= SERVERS; i++) {
                lab.director().ipvsadm(service("-a", ipv6, "-r", ipv6
                    ? Ipv6Network.bracketed(Ipv6Network.rip(i)) + ":0" : lab.network().rip(i) + ":0", "-m"));
            }
            downAndUp("ftp://" + (ipv6 ? Ipv6Network.bracketed(vip) : vip), options);
            final String connections = lab.director().ipvsadm("-L", "-n", "-c");
            assertTrue(connections.lines().filter(line -> line.contains(vip)).anyMatch(line -> !line.contains(":21 ")),
                connections);
        } finally {
            mark("del", vip);
        }
    }

    private static String[] service(final String command, final boolean ipv6, final String... rest) {
        final List<String> words = new ArrayList<>(List.of(command, "-f", "7"));
        if (ipv6) {
            words.add("-6");
        }
        words.addAll(List.of(rest));
        return words.toArray(String[]::new);
    }

    private static void mark(final String command, final String vip) {
        final Reply reply = ControlClient.ask(lab.director().socket(), List.of("mark", command, "--destination", vip,
            "--protocol", "tcp", "--mark", "7"), "");
        assertEquals(0, reply.exit(), reply::err);
    }
}
