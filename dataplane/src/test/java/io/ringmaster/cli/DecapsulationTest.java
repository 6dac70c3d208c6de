package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What decap says and writes without an interface. */
final class DecapsulationTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream text = new PrintStream(said, true, StandardCharsets.UTF_8);
    private final Decapsulation decapsulation = new Decapsulation(text, text);

    @Test
    void theObjectIsWritten(@TempDir final Path directory) throws IOException {
        final Path file = directory.resolve("decap.o");
        assertEquals(0, decapsulation.writeObject(file), said::toString);
        assertEquals("\177ELF", new String(Files.readAllBytes(file), 0, 4, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aFolderThatIsMissingIsNamedAsTheReason(@TempDir final Path directory) {
        final Path file = directory.resolve("missing/decap.o");
        assertEquals(1, decapsulation.writeObject(file));
        assertEquals("ringmaster decap: Could not write the object to " + file + " (there is no such folder).\n",
            said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void anInterfaceThatIsMissingIsNamed() {
        assertEquals(1, decapsulation.run("nosuch0", 6080));
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("There is no interface nosuch0"), said::toString);
    }
}
