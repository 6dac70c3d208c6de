package io.ringmaster.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.Commands;
import io.ringmaster.director.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files for systemd, judged by systemd's own programs. */
class UnitFilesTest {
    private static final Path FILES = Path.of("src/main/packaging").toAbsolutePath();
    private static final Path UNIT = FILES.resolve("systemd/ringmaster@.service");
    /** Of systemd 252: what the documents state. */
    private static final double EXPOSURE = 1.9;

    @TempDir
    private Path root;

    @BeforeAll
    static void need() {
        Needs.program("systemd-analyze", "systemd");
    }

    /** Every section and key is known, every value has its form, and what is started is there. */
    @Test
    void theUnitIsClean() throws IOException {
        final Path units = Files.createDirectories(root.resolve("usr/lib/systemd/system"));
        for (final String target : List.of("multi-user", "basic", "sysinit", "shutdown", "network", "network-pre",
            "rescue", "emergency")) {
            Files.writeString(units.resolve(target + ".target"), "[Unit]\nDescription=" + target + "\n");
        }
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createDirectories(root.resolve("bin"));
        for (final String program : List.of("usr/bin/ringmaster", "bin/kill")) {
            assertTrue(Files.writeString(root.resolve(program), "#!/bin/sh\n").toFile().setExecutable(true));
        }
        final Path unit = Files.copy(UNIT, units.resolve("ringmaster@.service"));
        final String said = Commands.run("systemd-analyze", "verify", "--man=no", "--root=" + root, unit.toString());
        assertEquals("", said.lines().filter(line -> line.contains("ringmaster")).reduce("", String::concat));
    }

    @Test
    void itsExposureIsNoMoreThanStated() {
        final String said = Commands.run("systemd-analyze", "security", "--offline=yes", "--no-pager", UNIT.toString());
        final Matcher level = Pattern.compile("Overall exposure level for \\S+: ([0-9.]+)").matcher(said);
        assertTrue(level.find(), said);
        assertTrue(Double.parseDouble(level.group(1)) <= EXPOSURE, level.group());
    }

    @Test
    void theUserCanBeMade() {
        assertTrue(Commands.run("systemd-sysusers", "--dry-run", FILES.resolve("sysusers/ringmaster.conf").toString())
            .contains("ringmaster"));
    }

    /** Under another root, where they are really made. */
    @Test
    void theFoldersAreMade() throws IOException {
        Needs.root();
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nringmaster:x:4711:\n");
        Commands.run("systemd-tmpfiles", "--create", "--root=" + root,
            FILES.resolve("tmpfiles/ringmaster.conf").toString());
        for (final String folder : List.of("run/ringmaster", "var/lib/ringmaster", "etc/ringmaster")) {
            assertTrue(Files.isDirectory(root.resolve(folder)), folder);
        }
        assertEquals(4711, Files.getAttribute(root.resolve("etc/ringmaster"), "unix:gid"));
    }
}
