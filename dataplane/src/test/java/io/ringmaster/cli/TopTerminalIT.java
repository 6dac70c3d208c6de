package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.director.LinkedLauncher;
import io.ringmaster.director.Needs;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** top as a person has it: a terminal with keys, through the launcher, over a director with a thousand services. */
@Timeout(600)
class TopTerminalIT {
    private static final int SERVICES = 1_000;
    /** Ctrl-C reaches the shell as well, and not every one goes on after it by itself. */
    private static final String TOP =
        "trap : INT; stty -g >before; ringmaster top --interval 0.5; code=$?; stty -g >after; exit $code";
    private LinkedLauncher launcher;
    private ServedDirector director;

    @BeforeEach
    void start() {
        Needs.program("script", "bsdutils");
        launcher = new LinkedLauncher();
        director = ServedDirector.start();
        final StringBuilder rules = new StringBuilder();
        for (int i = 0; i < SERVICES; i++) {
            final String service = "10.0." + i / 250 + "." + (1 + i % 250) + ":80";
            rules.append("-A -t ").append(service).append(" -s rr\n-a -t ").append(service).append(" -r 10.1.0.")
                .append(1 + i % 250).append(":80 -m\n");
        }
        assertEquals(0, director.run(rules.toString(), 0, "ipvsadm-restore").exit());
    }

    @AfterEach
    void stop() {
        if (launcher != null) {
            launcher.close();
        }
        if (director != null) {
            director.close();
        }
    }

    private Terminal top(final int rows, final int columns) throws Exception {
        return new Terminal(launcher, director.socket(), rows, columns, "cd " + launcher.folder() + "; " + TOP);
    }

    /** How many lines a whole screen has. */
    private static boolean whole(final String screen, final int rows) {
        return screen.contains("q quit") && screen.split("\r\n", -1).length == rows;
    }

    @Test
    void aThousandServicesAreSearchedSortedAndPagedThrough() throws Exception {
        try (Terminal terminal = top(30, 90)) {
            terminal.await("all services", screen -> screen.contains("1000 services") && whole(screen, 30));
            terminal.press("\033[F");
            terminal.await("the last one selected", screen -> screen.contains("\033[7mTCP 10.0.3.250:80"));
            terminal.press("/2.77:\r");
            terminal.await("only what contains it", screen -> screen.contains("/ filter: 2.77:")
                && screen.contains("TCP 10.0.2.77:80") && !screen.contains("TCP 10.0.3.") && whole(screen, 30));
            terminal.press("/\rs");
            terminal.await("all again, in another order", screen -> screen.contains("sort: conn/s")
                && screen.contains("TCP 10.0.") && !screen.contains("filter: "));
            terminal.resize(15, 70);
            terminal.await("the smaller window filled", screen -> whole(screen, 15));
            for (final String line : Pattern.compile("\033\\[[0-9;?]*[A-Za-z]|\033[78]").matcher(terminal.screen())
                .replaceAll("").split("\r\n")) {
                assertTrue(line.length() <= 70, line);
            }
            terminal.press("q");
            assertEquals(0, terminal.awaitEnd(), terminal::all);
            assertTrue(terminal.all().contains("\033[?25h"), "the cursor is seen again");
        }
        assertRestored();
    }

    @Test
    void ctrlCLeavesTheTerminalAsItWas() throws Exception {
        try (Terminal terminal = top(24, 80)) {
            terminal.await("a screen", screen -> whole(screen, 24));
            terminal.press("\003");
            assertEquals(130, terminal.awaitEnd(), terminal::all);
            assertTrue(terminal.all().lastIndexOf("\033[?25h") > terminal.all().lastIndexOf("\033[?25l"),
                "the cursor is seen again");
        }
        assertRestored();
    }

    @Test
    void theEndOfTheDirectorLeavesTheTerminalAsItWas() throws Exception {
        try (Terminal terminal = top(24, 80)) {
            terminal.await("a screen", screen -> whole(screen, 24));
            director.close();
            assertEquals(255, terminal.awaitEnd(), terminal::all);
            assertTrue(terminal.all().contains("The director ends."), terminal::all);
        }
        assertRestored();
    }

    private void assertRestored() throws Exception {
        final String before = Files.readString(launcher.folder().resolve("before"));
        assertEquals(before, Files.readString(launcher.folder().resolve("after")));
        assertTrue(before.length() > 20, before);
    }
}
