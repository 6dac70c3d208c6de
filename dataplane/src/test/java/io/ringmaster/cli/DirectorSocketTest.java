package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorSocketTest {
    @TempDir
    private Path folder;
    private Path byDefault;

    @BeforeEach
    void namePath() {
        byDefault = folder.resolve("ringmaster.sock");
    }

    private Path of(final String name) throws IOException {
        return Files.createFile(Files.createDirectories(folder.resolve(name)).resolve("ringmaster.sock"));
    }

    @Test
    void withoutAnyItIsTheDefault() throws IOException {
        Files.createDirectory(folder.resolve("ended"));
        assertEquals(byDefault, DirectorSocket.find(byDefault.toFile()));
        assertEquals(Path.of("/nowhere/x"), DirectorSocket.find(Path.of("/nowhere/x").toFile()));
    }

    @Test
    void theOnlyDirectorOfSystemdIsFound() throws IOException {
        final Path main = of("main");
        assertEquals(main, DirectorSocket.find(byDefault.toFile()));
    }

    @Test
    void theDefaultPathComesFirst() throws IOException {
        of("main");
        Files.createFile(byDefault);
        assertEquals(byDefault, DirectorSocket.find(byDefault.toFile()));
    }

    @Test
    void ofSeveralNoneIsGuessed() throws IOException {
        final Path one = of("edge1");
        final Path two = of("edge2");
        final String sentence = assertThrows(IllegalStateException.class,
            () -> DirectorSocket.find(byDefault.toFile())).getMessage();
        assertEquals("Several directors run here; choose one by RINGMASTER_SOCKET or --socket: " + one + ", " + two,
            sentence);
    }
}
