package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A director as another user than root, with the capabilities that the systemd unit names and no others. */
class UnitIT {
    private static final Path UNIT = Path.of("src/main/packaging/systemd/ringmaster@.service");
    private static final String USER = "65534";

    @TempDir
    private Path folder;
    private Lab lab;

    @BeforeEach
    void makeLab() {
        Needs.program("setpriv", "util-linux");
        lab = Lab.withoutDirector(new DemoNetwork.Options(2, 4, 1, 1600));
    }

    @AfterEach
    void closeLab() {
        if (lab != null) {
            lab.close();
        }
    }

    /** The words of a setting of the unit, which stands there once. */
    private static List<String> setting(final String name) throws IOException {
        final List<String> lines = Files.readAllLines(UNIT).stream().filter(line -> line.startsWith(name + "="))
            .toList();
        assertEquals(1, lines.size(), name);
        return List.of(lines.getFirst().substring(name.length() + 1).split(" "));
    }

    /**
     * What systemd would start it under. Who may not lift the limit of locked memory as the unit does has CAP_IPC_LOCK
     * in its place.
     */
    private static List<String> under(final List<String> capabilities) throws IOException {
        final List<String> under = new ArrayList<>();
        final List<String> held = new ArrayList<>(capabilities);
        assertEquals(List.of("infinity"), setting("LimitMEMLOCK"));
        if (Commands.outcome(List.of("prlimit", "--memlock=unlimited", "true"), "").exitCode() == 0) {
            under.addAll(List.of("prlimit", "--memlock=unlimited"));
        } else {
            held.add("CAP_IPC_LOCK");
        }
        final String set = "-all," + held.stream().map(name -> "+" + name.substring(4).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
        under.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--no-new-privs",
            "--inh-caps=" + set, "--ambient-caps=" + set, "--bounding-set=" + set));
        return under;
    }

    private RunningDirector launch(final List<String> capabilities) throws IOException {
        final Path config = Files.writeString(folder.resolve("config.yaml"), "interfaces: [" + DemoNetwork.FRONT + ", "
            + DemoNetwork.BACK + "]\nrun: {connections: 10k}\nservices: [{tcp: '"
            + lab.vip(ForwardingMethod.MASQUERADING) + ":80', scheduler: rr, servers: [{server: '"
            + lab.network().rip(1) + ":8080', method: nat}, {server: '" + lab.network().rip(2)
            + ":8080', method: nat}]}]\n");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
        return RunningDirector.launchUnder(lab.network().director(), under(capabilities),
            List.of("run", "--config", config.toString()));
    }

    @Test
    void theCapabilitiesOfTheUnitAreEnough() throws IOException {
        assertEquals(setting("CapabilityBoundingSet"), setting("AmbientCapabilities"));
        final RunningDirector director = launch(setting("AmbientCapabilities"));
        lab.own(director);
        director.awaitReady();
        final String status = Files.readString(Path.of("/proc/" + director.process().pid() + "/status"));
        assertTrue(status.contains("Uid:\t" + USER + "\t" + USER), status);
        lab.assertShared(lab.http(ForwardingMethod.MASQUERADING).get(20, 2, _ -> 2_000), 20, 1, 1);
        director.ipvsadm("-A", "-t", lab.vip(ForwardingMethod.TUNNELING) + ":80", "-s", "rr");
        director.ipvsadm("-a", "-t", lab.vip(ForwardingMethod.TUNNELING) + ":80", "-r", lab.network().rip(1), "-i");
        lab.assertShared(lab.http(ForwardingMethod.TUNNELING).get(6, 1, _ -> 2_000), 6, 1);
        lab.assertSound();
        assertEquals(0, director.stop());
    }

    @Test
    void noneOfThemIsTooMany() throws IOException {
        final List<String> all = setting("AmbientCapabilities");
        assertFalse(all.isEmpty());
        for (final String one : all) {
            final List<String> others = all.stream().filter(name -> !name.equals(one)).toList();
            try (RunningDirector director = launch(others)) {
                assertEquals(1, director.awaitEnd(), director::said);
                assertTrue(director.said().contains("this process needs " + one + ", which it does not have"),
                    director::said);
            }
        }
    }
}
