package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.DecapProgram;
import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.sys.NetworkNamespace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator can get wrong when starting a director: one sentence, and everything is as it was. */
class BadStartIT {
    private static final int WRONG = 2;
    private static final int FAILED = 1;
    private static DemoNetwork network;

    @TempDir
    private Path folder;
    private Path socket;
    private String linksBefore;

    @BeforeAll
    static void makeNetwork() {
        Needs.root();
        network = DemoNetwork.create(new DemoNetwork.Options(1, 1, 1, 1600));
        network.exec(network.director(), "ip", "link", "add", "big", "mtu", "9000", "type", "veth", "peer", "big-peer");
        network.exec(network.director(), "ip", "link", "add", "bit", "mtu", "1900", "type", "veth", "peer", "bit-peer");
    }

    @AfterAll
    static void removeNetwork() {
        if (network != null) {
            network.close();
        }
    }

    @BeforeEach
    void remember() {
        socket = folder.resolve("control");
        linksBefore = links();
    }

    @AfterEach
    void nothingChanged() throws IOException {
        assertEquals(linksBefore, links());
        assertEquals("", Commands.run("ip", "netns", "pids", network.director()));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    /** Without what ip says of other people's namespaces, which come and go as they like. */
    private static String links() {
        return network.exec(network.director(), "ip", "-d", "link").lines().filter(line -> !line.startsWith("Error: "))
            .map(line -> line.replaceAll(" link-netns(id)? \\S+", "")).collect(Collectors.joining("\n"));
    }

    private FailedStart run(final String... options) {
        return runBy(List.of(), options);
    }

    private FailedStart runBy(final List<String> wrapper, final String... options) {
        final List<String> args = new ArrayList<>(List.of("run", "--socket", socket.toString()));
        args.addAll(List.of(options));
        return FailedStart.of(network.director(), wrapper, args);
    }

    /** A program that takes capabilities from root: what an ordinary user lacks, or a service manager withholds. */
    private static List<String> without(final String capabilities) {
        final String minus = "-" + capabilities.replace(",", ",-");
        return List.of("setpriv", "--bounding-set", minus, "--inh-caps", minus);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 | --interface nosuch | There is no interface \"nosuch\" in this network namespace; it has |",
        "1 | --interface lo | lo has no MAC address |",
        "2 | --interface front,front | twice: front,front |",
        "2 | --interface a/b | no name of an interface |",
        "1 | --interface big | The MTU of big is 9000 | 3822",
        "1 | --interface front,big | The MTU of big is 9000 |",
        "1 | --interface bit --frame-bytes 2048 | The MTU of bit is 1900 | 1774",
        "2 | --interface front --frame-bytes 1000 | --frame-bytes 1000 |",
        "2 | --interface front --cores 4000 | core 4000 |",
        "2 | --interface front --cores 1-0 | ends before it begins |",
        "1 | --interface front --cores 0,1 | --cores names 2 cores | front has 1",
        "2 | --interface front --connections 0 | --connections 0 |",
        "2 | --interface front --connections 1x | 1x |",
        "2 | --interface front --hand-back-rate 0 | --hand-back-rate 0 |",
        "2 | --interface front --xdp fast | fast |",
        "2 | --interface front --idle never | never |",
        "2 | --interface front --nosuch | --nosuch |",
        "2 | --interface front extra | extra |",
        "2 | --cores 0 | --interface |",
    })
    void whatIsWrongIsSaid(final int exit, final String options, final String words, final String moreWords) {
        run(options.split(" ")).assertSays(exit, words, moreWords == null ? "" : moreWords);
    }

    @Test
    void withoutRoot() {
        final FailedStart start = runBy(List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all"),
            "--interface", "front");
        start.assertSays(FAILED, "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_BPF", "run it as root");
    }

    @Test
    void withoutOneCapability() {
        final FailedStart start = runBy(without("net_raw"), "--interface", "front");
        start.assertSays(FAILED, "needs CAP_NET_RAW, which it does not have");
    }

    @Test
    void tooLittleLockedMemory() {
        final List<String> wrapper = new ArrayList<>(List.of("prlimit", "--memlock=262144:262144"));
        wrapper.addAll(without("ipc_lock,sys_resource"));
        runBy(wrapper, "--interface", "front").assertSays(FAILED, "may lock 256 KB", "ulimit -l", "CAP_IPC_LOCK");
    }

    @Test
    void anotherXdpProgramOnTheSecondInterface() {
        final String[] index = network.exec(network.director(), "cat", "/sys/class/net/back/ifindex").split("\\s");
        try (DecapProgram _ = NetworkNamespace.call(network.director(),
            () -> DecapProgram.attach(Integer.parseInt(index[0]), "back"))) {
            final String before = links();
            run("--interface", "front,back").assertSays(FAILED, "back", "EBUSY");
            assertEquals(before, links(), "the other program stays");
        }
    }

    @Test
    void aSecondDirector() throws IOException {
        final Path made = folder.resolve("folder-to-make/control");
        try (RunningDirector director = RunningDirector.start(network, "--socket", made.toString())) {
            final String before = links();
            run("--interface", "back").assertSays(FAILED, "back", "EBUSY");
            socket = made;
            run("--interface", "big").assertSays(FAILED, "Another director is running and listens on " + socket);
            run("--interface", "big", "--frame-bytes", "2048").assertSays(FAILED, "Another director is running");
            assertEquals(before, links(), "the first one is unhurt");
            assertEquals(0, ControlClient.ask(made, List.of("ipvsadm", "-Ln"), "").exit(), director::said);
        }
        Files.delete(made.getParent());
    }

    @Test
    void aSocketPathThatCannotBe() throws IOException {
        final Path file = Files.createFile(folder.resolve("file"));
        socket = file;
        run("--interface", "front").assertSays(FAILED, file.toString(), "is no socket");
        assertTrue(Files.isRegularFile(file) && Files.size(file) == 0, "the file is as it was");
        socket = file.resolve("control");
        run("--interface", "front").assertSays(FAILED, "socket path " + socket);
        Files.delete(file);
        socket = folder.resolve("x".repeat(100));
        run("--interface", "front").assertSays(FAILED, "too long");
    }

    @Test
    void aSocketLeftByADeadDirectorIsTakenOver() throws IOException {
        final Path left = folder.resolve("left");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(left));
        }
        assertTrue(Files.exists(left));
        // The bad interface comes to light first, and the left socket is not touched.
        socket = left;
        run("--interface", "nosuch").assertSays(FAILED, "nosuch");
        assertTrue(Files.exists(left));
        try (RunningDirector director = RunningDirector.launch(network.director(), List.of(),
            List.of("run", "--interface", "front", "--socket", left.toString()))) {
            director.awaitReady();
            assertEquals(0, ControlClient.ask(left, List.of("ipvsadm", "-Ln"), "").exit());
        }
        assertFalse(Files.exists(left), "removed at the end");
    }
}
