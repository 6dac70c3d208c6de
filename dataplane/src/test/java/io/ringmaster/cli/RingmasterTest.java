package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.AttachMode;
import io.ringmaster.control.SocketAccess;
import io.ringmaster.director.Settings;
import io.ringmaster.sys.CpuAffinity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ringmaster's own commands: options, their sentences, help. */
final class RingmasterTest {
    private final Started started = new Started();
    private final StringWriter text = new StringWriter();

    private int execute(final String line) {
        return execute(line, 0);
    }

    private int execute(final String line, final int columns) {
        final List<String> words = line.isEmpty() ? List.of() : Arrays.asList(line.split(" "));
        return Ringmaster.execute(words, Path.of("/tmp/default.sock"), columns, started, new PrintWriter(text, true));
    }

    @Test
    void runCollectsItsSettings() {
        assertEquals(3, execute("run -i eth0,eth1 --interface eth2 --connections 2M --connections6 3k "
            + "--idle SPIN --busy-poll --socket /tmp/x.sock --frame-bytes 4096 "
            + "--hand-back-rate 5k --ftp-ports 21,2121 --xdp generic"), text.toString());
        assertEquals(new Settings(List.of("eth0", "eth1", "eth2"), List.of(), 2_000_000, 3_000,
            Settings.IdleMode.SPIN, true, Path.of("/tmp/x.sock"), 4096, 5_000,
            Set.of(21, 2121), Optional.of(AttachMode.GENERIC), SocketAccess.OWNER, true), started.settings);
    }

    @Test
    void runHasDefaults() {
        assertEquals(3, execute("run -i eth0"), text.toString());
        assertEquals(new Settings(List.of("eth0"), List.of(), 1_000_000, 250_000,
            Settings.IdleMode.BACKOFF, false, Path.of("/tmp/default.sock"), 0, 2_000,
            Set.of(21), Optional.empty(), SocketAccess.OWNER, true), started.settings);
        assertEquals(3, execute("run -i eth0 --no-ftp"), text.toString());
        assertEquals(Set.of(), started.settings.ftpPorts());
        assertEquals(3, execute("run -i eth0 --socket-group adm --socket-group-may change"), text.toString());
        assertEquals(new SocketAccess(Optional.of("adm"), true), started.settings.socketAccess());
    }

    @Test
    void coresAreListsAndRanges() {
        final int core = CpuAffinity.allowed().nextSetBit(0);
        execute("run -i eth0 --cores " + core + "-" + core);
        assertEquals(List.of(core), started.settings.cores());
        assertEquals(2, execute("run -i eth0 --cores " + core + "," + core));
        assertTrue(text.toString().contains("names a core twice"), text.toString());
        assertEquals(2, execute("run -i eth0 --cores 4095"));
        assertTrue(text.toString().contains("--cores names core 4095, but this process may use only"),
            text.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "run | Missing required option: '--interface=IF'",
        "run -i eth0,eth0 | --interface names an interface twice: eth0,eth0.",
        "run -i far-too-long-name0 | --interface 'far-too-long-name0' is no name of an interface; ip link lists them.",
        "run -i a/b | --interface 'a/b' is no name of an interface; ip link lists them.",
        "run -i eth0 --connections 12x | '12x' is no number; write it like 250000, 250k or 1M",
        "run -i eth0 --connections 10 | --connections 10 is outside 1k to 1000M.",
        "run -i eth0 --connections -5 | '-5' is no number",
        "run -i eth0 --frame-bytes 3000 | --frame-bytes 3000 is neither 2048 nor 4096",
        "run -i eth0 --hand-back-rate 0 | --hand-back-rate 0 is outside 1 to 10M.",
        "run -i eth0 --ftp-ports 21,x | --ftp-ports 21,x is no list of ports from 2 to 65535",
        "run -i eth0 --ftp-ports 1 | --ftp-ports 1 is no list of ports from 2 to 65535",
        "run -i eth0 --ftp-ports 21,70000 | --ftp-ports 21,70000 is no list of ports from 2 to 65535",
        "run -i eth0 --ftp-ports 21,21 | --ftp-ports 21,21 names port 21 twice.",
        "run -i eth0 --ftp-ports 2,3,4,5,6,7,8,9,10 | names 9 ports, and 8 are possible.",
        "run -i eth0 --ftp-ports 22 --no-ftp | --ftp-ports and --no-ftp contradict each other",
        "run -i eth0 --cores 3-1 | --cores 3-1 has a range that ends before it begins.",
        "run -i eth0 --cores a | --cores a is no list of cores; write it like 0,2 or 2-5.",
        "run -i eth0 --idle dance | Invalid value for option '--idle'",
        "run -i eth0 --xdp offload | Invalid value for option '--xdp'",
        "run -i eth0 --socket-group-may look | --socket-group-may needs --socket-group.",
        "run -i eth0 --socket-group adm --socket-group-may all | Invalid value for option '--socket-group-may'",
        "run -i eth0 --nosuch | Unknown option: '--nosuch'",
        "run -i eth0 junk | Unmatched argument",
        "demo --method arp | Invalid value for option '--method'",
        "decap | decap needs --interface IF or --print-object FILE.",
        "decap -i a --print-object b | --interface and --print-object exclude each other.",
        "nosuch | ringmaster has no command 'nosuch'.",
        "drosp --all | ringmaster has no command 'drosp'. Did you mean drops?",
        "completion fish | Invalid value for positional parameter",
        "'' | A command is missing; "})
    void whatMakesNoSenseIsToldInOneSentence(final String line, final String sentence) {
        assertEquals(2, execute(line));
        assertTrue(text.toString().contains(sentence), text.toString());
        assertTrue(text.toString().contains("--help' for more information."), text.toString());
        assertNull(started.settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "run --help", "demo --help", "decap --help", "version --help", "help run",
        "help ipvsadm", "drops --help", "help drops", "sysctl --help", "help sysctl"})
    void helpHasExamples(final String line) {
        assertEquals(0, execute(line));
        assertTrue(text.toString().contains("Example"), text.toString());
        assertTrue(text.toString().lines().allMatch(shown -> shown.length() <= 100), text.toString());
        assertEquals(-1, text.toString().indexOf('\u001b'), "colour only on terminals");
    }

    @Test
    void helpIsColouredOnATerminal() {
        assertEquals(0, execute("--help", 80));
        assertTrue(text.toString().indexOf('\u001b') >= 0);
    }

    @Test
    void completionIsAScript() {
        assertEquals(0, execute("completion bash"));
        assertTrue(text.toString().contains("complete -F"), text.toString());
        assertTrue(text.toString().contains("net.ipv4.vs.expire_nodest_conn"), "settings are completed, too");
    }

    @Test
    void versionTellsOfItsSurroundings() {
        assertEquals(0, execute("version"));
        assertTrue(text.toString().startsWith("ringmaster "), text.toString());
        assertTrue(text.toString().contains("\njava "), text.toString());
    }

    @Test
    void aSocketWithoutAPathIsRefused() {
        assertEquals(2, Main.run(new String[] {"--socket=", "version"}));
        assertEquals(2, Main.run(new String[] {"--socket"}));
    }

    @Test
    void versionIsToldToProgramsToo() {
        assertEquals(0, execute("version --json"));
        assertTrue(text.toString().matches("\\{\"ringmaster\":\"[^\"]+\",\"java\":\"[^\"]+\",\"kernel\":\"[^\"]+\","
            + "\"architecture\":\"[^\"]+\"}\\s+"), text.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "run --version", "demo -V"})
    void versionIsTheSameEverywhere(final String line) {
        assertEquals(0, execute(line));
        assertEquals("ringmaster " + VersionCommand.version(), text.toString().strip());
    }

    @Test
    void demoAndDecapAreStarted() {
        assertEquals(4, execute("demo --method dr --keep"));
        assertEquals(new Programs.DemoSettings("dr", true), started.demo);
        assertEquals(5, execute("decap -i eth7"));
        assertEquals("eth7 6080", started.decap);
        assertEquals(5, execute("decap -i eth7 --gue-port 5555"));
        assertEquals(2, execute("decap -i eth7 --gue-port 0"));
        assertEquals(2, execute("decap -i eth7 --gue-port 65536"));
        assertEquals("eth7 5555", started.decap);
        assertEquals(6, execute("decap --print-object x.o"));
    }

    /** Remembers what was started. */
    private static final class Started implements Programs {
        private Settings settings;
        private DemoSettings demo;
        private String decap;

        @Override
        public int run(final Settings given, final Kept kept) {
            settings = given;
            return 3;
        }

        @Override
        public int demo(final DemoSettings given) {
            demo = given;
            return 4;
        }

        @Override
        public int decap(final String interfaceName, final int guePort) {
            decap = interfaceName + " " + guePort;
            return 5;
        }

        @Override
        public int printDecapObject(final Path file) {
            return 6;
        }
    }
}
