package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit under the real systemd, with all that it forbids. */
class SystemdIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final String UNIT = "ringmaster@main";
    private static final String MAIN = "/etc/ringmaster/main.yaml";

    @TempDir
    private Path folder;

    private static String config(final Lab lab) {
        return "interfaces: [" + DemoNetwork.FRONT + ", " + DemoNetwork.BACK + "]\nrun:\n  connections: 10k\n"
            + "  socket-group: ringmaster\nservices: [{tcp: '" + lab.vip(NAT) + ":80', scheduler: rr, servers: ["
            + "{server: '" + lab.network().rip(1) + ":8080', method: nat}, {server: '" + lab.network().rip(2)
            + ":8080', method: nat}]}]\n";
    }

    /** Where nobody may lift the limit of locked memory, systemd may not either. */
    private static String inPlaceOfTheLimit() {
        return Commands.outcome(List.of("prlimit", "--memlock=unlimited", "true"), "").exitCode() == 0 ? ""
            : "CAP_IPC_LOCK";
    }

    @Test
    void aDirectorIsStartedReloadedWatchedAndStopped() throws IOException {
        Needs.program("systemctl", "systemd");
        Needs.program("nsenter", "util-linux");
        try (Lab lab = Lab.withoutDirector(new DemoNetwork.Options(2, 4, 1, 1600))) {
            final Path file = Files.writeString(folder.resolve("main.yaml"), config(lab));
            try (BootedSystemd systemd = new BootedSystemd(lab.network().director(), file, inPlaceOfTheLimit(),
                folder)) {
                starts(systemd, lab);
                reloads(systemd);
                isWatched(systemd, lab);
                stops(systemd);
            }
        }
    }

    private static void starts(final BootedSystemd systemd, final Lab lab) {
        systemd.run("systemctl", "start", UNIT);
        assertAnswered(systemd, lab);
        final String status = systemd.run("cat", "/proc/" + mainPid(systemd) + "/status");
        for (final String line : List.of("Seccomp:\t2", "NoNewPrivs:\t1")) {
            assertTrue(status.contains(line), status);
        }
        assertEquals("ringmaster", systemd.run("stat", "-c", "%U", "/proc/" + mainPid(systemd)));
        // Without naming its socket.
        assertTrue(systemd.run("ringmaster", "ipvsadm", "-Ln").contains(lab.vip(NAT) + ":80"));
        systemd.run("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--groups", "ringmaster", "ringmaster",
            "ipvsadm", "-Ln");
        assertEquals(3, systemd.outcome("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
            "ringmaster", "ipvsadm", "-Ln").exitCode());
        assertTrue(systemd.run("systemctl", "show", "-P", "StatusText", UNIT).startsWith("1 worker on front, back"));
    }

    private static void assertAnswered(final BootedSystemd systemd, final Lab lab) {
        assertEquals(List.of(), lab.http(NAT).get(20, 2, _ -> 2_000).failures(), systemd::said);
    }

    private static String mainPid(final BootedSystemd systemd) {
        return systemd.run("systemctl", "show", "-P", "MainPID", UNIT);
    }

    private static void reloads(final BootedSystemd systemd) {
        systemd.run("sh", "-c", "echo 'sysctls: {expire_nodest_conn: 1}' >>" + MAIN);
        systemd.run("systemctl", "reload", UNIT);
        assertTrue(systemd.run("ringmaster", "sysctl", "expire_nodest_conn").endsWith("= 1"));
        systemd.run("sed", "-i", "s/10k/20k/", MAIN);
        assertNotEquals(0, systemd.outcome("systemctl", "reload", UNIT).exitCode());
        assertEquals("active", systemd.run("systemctl", "is-active", UNIT));
        systemd.run("sed", "-i", "s/20k/10k/", MAIN);
        systemd.run("systemctl", "reload", UNIT);
        systemd.run("systemctl", "kill", "--signal=HUP", UNIT);
        assertTrue(RunningDirector.await(() -> systemd.run("systemctl", "show", "-P", "StatusText", UNIT)
            .endsWith("was applied again, 0 changes")), systemd::said);
    }

    /** A process that stands still as a whole is ended and started again. */
    private static void isWatched(final BootedSystemd systemd, final Lab lab) {
        final String first = mainPid(systemd);
        systemd.run("kill", "-STOP", first);
        assertTrue(RunningDirector.await(() -> !mainPid(systemd).equals(first)
            && systemd.outcome("systemctl", "is-active", UNIT).exitCode() == 0), systemd::said);
        assertEquals("1", systemd.run("systemctl", "show", "-P", "NRestarts", UNIT));
        assertAnswered(systemd, lab);
    }

    private static void stops(final BootedSystemd systemd) {
        systemd.run("systemctl", "stop", UNIT);
        assertEquals("success", systemd.run("systemctl", "show", "-P", "Result", UNIT));
        assertEquals("", systemd.run("find", "/run/ringmaster", "-mindepth", "1"));
        assertEquals("/var/lib/ringmaster/main/state.yaml", systemd.run("find", "/var/lib/ringmaster", "-name",
            "state.yaml", "-user", "ringmaster"));
    }
}
