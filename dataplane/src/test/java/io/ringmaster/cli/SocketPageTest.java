package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page about the socket names what there is. */
class SocketPageTest {
    @Test
    void everyVerbAndTheVersionStandThere() throws IOException {
        final String page = Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "socket.md"));
        for (final Verbs verb : Verbs.values()) {
            final String row = verb.by() == Verbs.By.PROGRAM ? "`" + verb.word() + "`" : "| `" + verb.word() + " ";
            assertTrue(page.contains(row), verb.word() + " is missing in docs/socket.md");
        }
        assertTrue(page.contains("This page describes version " + Messages.VERSION + "."), page);
        assertEquals(Messages.VERSION, ThinClient.VERSION);
    }
}
