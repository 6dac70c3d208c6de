package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Messages;
import io.ringmaster.control.PacketFates;
import io.ringmaster.director.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page about the socket names what there is. */
@Timeout(600)
class SocketPageTest {
    @Test
    void everyVerbAndTheVersionStandThere() throws IOException {
        final String page = page();
        for (final Verbs verb : Verbs.values()) {
            final String row = verb.by() == Verbs.By.PROGRAM ? "`" + verb.word() + "`" : "| `" + verb.word() + " ";
            assertTrue(page.contains(row), verb.word() + " is missing in docs/socket.md");
        }
        assertTrue(page.contains("This page describes version " + Messages.VERSION + "."), page);
        assertEquals(Messages.VERSION, ThinClient.VERSION);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "socket.md"));
    }

    private static String python(final String... words) throws IOException, InterruptedException {
        Needs.program("python3", "python3");
        final List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(words));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    /** The page's own few lines, with the socket of a director that is here. */
    @Test
    void itsExampleWorks() throws Exception {
        final String page = page();
        final int start = page.indexOf("python3 -c '") + "python3 -c '".length();
        final String program = page.substring(start, page.indexOf("break'", start) + "break".length())
            .replace("\n    ", "\n");
        try (ServedDirector director = ServedDirector.withFates(new PacketFates.Fate("dropped", "drop-ttl", 3, "old",
            ""))) {
            assertEquals(director.run("drops", "--json").out(),
                python("-c", program.replace("/run/ringmaster/ringmaster.sock", director.socket().toString())));
        }
    }

    /** A program of another language that knows the page only. */
    @Test
    void aClientWrittenByItWorks(@TempDir final Path folder) throws Exception {
        final Path client = folder.resolve("client.py");
        try (InputStream program = SocketPageTest.class.getResourceAsStream("/cli/socket-client.py")) {
            Files.copy(program, client);
        }
        try (ServedDirector director = ServedDirector.start()) {
            assertEquals("all as docs/socket.md says\n", python(client.toString(), director.socket().toString()));
        }
    }
}
