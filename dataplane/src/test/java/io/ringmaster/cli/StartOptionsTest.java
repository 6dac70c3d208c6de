package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.AttachMode;
import io.ringmaster.config.Key;
import io.ringmaster.config.State;
import io.ringmaster.config.StateWriter;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.SocketAccess;
import io.ringmaster.control.Startup;
import io.ringmaster.director.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Options of run in the file of --config. */
class StartOptionsTest {
    private static final String ALL = """
        interfaces: [eth0, eth1.100]
        run:
          cores: 2-3
          connections: 2M
          connections6: 3k
          idle: spin
          busy-poll: true
          socket: /tmp/x.sock
          socket-group: adm
          socket-group-may: change
          frame-bytes: 4096
          hand-back-rate: 5k
          ftp-ports: '21,2121'
          no-ftp: false
          xdp: generic
          vlans: known
        """;
    private static final Settings MEANT = new Settings(List.of("eth0", "eth1.100"), List.of(2, 3), 2_000_000, 3_000,
        Settings.IdleMode.SPIN, true, Path.of("/tmp/x.sock"), 4096, 5_000, Set.of(21, 2121),
        Optional.of(AttachMode.GENERIC), new SocketAccess(Optional.of("adm"), true), false);

    @TempDir
    private Path folder;
    private final StringWriter said = new StringWriter();
    private Settings settings;
    private Kept kept;

    private static State read(final String text) {
        return ConfigText.read(text, "F");
    }

    private int run(final String text, final String... options) throws IOException {
        final List<String> words = new ArrayList<>(List.of("run", "--config",
            Files.writeString(folder.resolve("a.yaml"), text).toString()));
        words.addAll(List.of(options));
        return Ringmaster.execute(words, Path.of("/tmp/default.sock"), 0, new Remembered(),
            new PrintWriter(said, true));
    }

    @Test
    void aFileHasAllThatRunTakes() {
        assertEquals(MEANT, StartOptions.judge(read(ALL).start().orElseThrow(), "F").settings());
        final Set<String> meant = Set.of("help", "version", "config", "state", "no-state", "interfaces");
        for (final CommandLine.Model.OptionSpec option : new CommandLine(new RunCommand(null, null)).getCommandSpec()
            .options()) {
            final String word = StartOptions.word(option);
            assertTrue(meant.contains(word) || Key.Place.RUN.words().contains(word), word);
        }
    }

    @Test
    void whatIsShownIsReadBack() {
        final Map<String, String> words = StartOptions.words(MEANT);
        final String shown = StateWriter.write(read("services: []"), words);
        final Settings again = StartOptions.judge(read(shown).start().orElseThrow(), "F").settings();
        assertEquals(MEANT, again);
        assertEquals(Map.of("interfaces", "eth0"), StartOptions.words(StartOptions.judge(
            read("interfaces: [eth0]").start().orElseThrow(), "F").settings()));
    }

    @Test
    void runTakesThem() throws IOException {
        assertEquals(3, run("interfaces: [eth0, eth1]\nrun: {connections: 2M, xdp: generic}\nservices: []\n"),
            said::toString);
        assertEquals(List.of("eth0", "eth1"), settings.interfaces());
        assertEquals(2_000_000, settings.connections());
        assertEquals(500_000, settings.connections6());
        assertEquals(Path.of("/tmp/default.sock"), settings.socket());
        assertEquals(Map.of("interfaces", "eth0,eth1", "connections", "2000000", "xdp", "generic"),
            kept.startup().ofFile());
        assertEquals("", said.toString());
    }

    @Test
    void theCommandLineCountsMoreAndSaysSo() throws IOException {
        assertEquals(3, run(ALL.replace("  cores: 2-3\n", ""), "--connections", "3M", "-i", "eth7", "--no-ftp"),
            said::toString);
        assertEquals(3_000_000, settings.connections());
        assertEquals(List.of("eth7"), settings.interfaces());
        assertEquals(Set.of(), settings.ftpPorts());
        final Path file = folder.resolve("a.yaml");
        for (final String word : List.of("interfaces", "connections", "ftp-ports")) {
            assertTrue(said.toString().contains(word + " of " + file + " is not taken: the command line says "
                + "otherwise."), said::toString);
        }
        assertEquals(3, said.toString().lines().count(), said::toString);
        assertEquals(3, run("interfaces: [a]\nrun: {no-ftp: true}", "--ftp-ports", "2121"));
        assertEquals(Set.of(2121), settings.ftpPorts());
        // The file is as it was, so that it may be applied again.
        StartOptions.requireSame(read("interfaces: [a]\nrun: {no-ftp: true}"), kept.startup(), "F");
    }

    @Test
    void aFileWithoutInterfacesNeedsThemOnTheCommandLine() throws IOException {
        assertEquals(2, run("services: []\n"));
        assertTrue(said.toString().contains("Missing required option: '--interface=IF', and "), said::toString);
        assertEquals(3, run("services: []\n", "--interface", "eth0"), said::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "connections: 10 | connections 10 is outside 1k to 1000M.",
        "connections: 12x | '12x' is no number",
        "connections6: 10 | connections6 10 is outside 1k to 1000M.",
        "cores: 3-1 | cores 3-1 has a range that ends before it begins.",
        "idle: spim | 'spim' is no idle; did you mean spin?",
        "busy-poll: 1 | 'busy-poll' takes true or false, not '1'.",
        "no-ftp: yes | 'no-ftp' takes true or false, not 'yes'.",
        "frame-bytes: 3000 | frame-bytes 3000 is neither 2048 nor 4096",
        "hand-back-rate: 0 | hand-back-rate 0 is outside 1 to 10M.",
        "ftp-ports: 1 | ftp-ports 1 is no list of ports from 2 to 65535",
        "socket-group-may: look | socket-group-may needs socket-group.",
        "xdp: nativ | 'nativ' is no xdp; did you mean native?",
        "vlans: none | 'none' is no vlans; there are kept, known.",
    })
    void mistakesAreToldWithTheirPlace(final String option, final String sentence) {
        final RefusedException refused = assertThrows(RefusedException.class,
            () -> read("interfaces: [eth0]\nrun:\n  " + option + "\n"));
        final int column = option.indexOf(' ') + 4;
        assertTrue(refused.getMessage().startsWith("F, line 3, column " + column + ": "), refused::getMessage);
        assertTrue(refused.getMessage().contains(sentence), refused::getMessage);
        assertTrue(!refused.getMessage().contains("--"), refused::getMessage);
    }

    @Test
    void interfacesAreJudged() {
        final RefusedException refused = assertThrows(RefusedException.class, () -> read("interfaces: [a, a]"));
        assertEquals("F, line 1, column 13: interfaces names an interface twice: a,a.", refused.getMessage());
    }

    @Test
    void whatCannotChangeIsRefused() {
        final Startup startup = new Startup(Optional.empty(),
            Map.of("interfaces", "eth0,eth1", "connections", "2000000"), Map.of("interfaces", "eth0"));
        for (final String same : List.of("services: []", "run: {connections: 2000k}", "run: {}",
            "interfaces: [eth1, eth0]\nrun: {connections: 2M, idle: backoff}", "interfaces: [eth0]")) {
            assertDoesNotThrow(() -> StartOptions.requireSame(read(same), startup, "F"), same);
        }
        final RefusedException refused = assertThrows(RefusedException.class, () -> StartOptions.requireSame(
            read("interfaces: [eth0]\nrun:\n  connections: 3M\n"), startup, "F"));
        assertEquals("F, line 3, column 16: 'connections' is 3000000 here and 2000000 in the running director, and "
            + "cannot change while it runs. Restart the director with this file, or leave that key as it is. Nothing "
            + "was changed.", refused.getMessage());
        assertThrows(RefusedException.class, () -> StartOptions.requireSame(read("interfaces: [eth2]"), startup,
            "F"));
    }

    private final class Remembered implements Programs {
        @Override
        public int run(final Settings given, final Kept files) {
            settings = given;
            kept = files;
            return 3;
        }

        @Override
        public int demo(final DemoSettings given) {
            throw new IllegalStateException();
        }

        @Override
        public int decap(final String interfaceName, final int guePort) {
            throw new IllegalStateException();
        }

        @Override
        public int printDecapObject(final Path file) {
            throw new IllegalStateException();
        }
    }
}
