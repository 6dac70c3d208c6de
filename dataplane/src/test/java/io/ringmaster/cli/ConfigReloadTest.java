package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.RefusedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of {@code --config}, as a director reads it. */
class ConfigReloadTest {
    @TempDir
    private Path folder;

    @Test
    void aFileIsRead() throws IOException {
        final Path file = Files.writeString(folder.resolve("director.yaml"), "services:\n  - {tcp: '10.0.0.1:80'}\n");
        assertEquals(1, ConfigReload.read(file).services().size());
    }

    /** It is not taken into memory first: the director may be told to read it at any time. */
    @Test
    void oneOfAnySizeIsRefusedUnread() throws IOException {
        final Path file = folder.resolve("disk.img");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(1L << 40);
        }
        assertTrue(assertThrows(RefusedException.class, () -> ConfigReload.read(file)).getMessage()
            .contains("has more than 16 MiB"));
    }

    @Test
    void aFolderAndNothingAreToldApart() {
        assertTrue(assertThrows(RefusedException.class, () -> ConfigReload.read(folder)).getMessage()
            .contains("cannot be read"));
        assertTrue(assertThrows(RefusedException.class, () -> ConfigReload.read(folder.resolve("none"))).getMessage()
            .contains("does not exist"));
    }
}
