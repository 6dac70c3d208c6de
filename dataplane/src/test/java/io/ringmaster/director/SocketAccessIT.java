package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Other users at the control socket: who is in its group looks, who is not does not reach it, root changes. */
class SocketAccessIT {
    private static final Path JAR = Path.of(System.getProperty("ringmaster.jar", "target/ringmaster.jar"));
    private static final String NOBODY = "65534";
    private static Lab lab;
    private static Path jar;

    @BeforeAll
    static void start() throws IOException {
        lab = Lab.with(new DemoNetwork.Options(1, 1, 1, 1600), "--socket-group", NOBODY);
        final Path folder = lab.director().socket().getParent();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        jar = folder.resolve("client.jar");
        Files.copy(JAR, jar);
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    }

    @AfterAll
    static void end() {
        if (lab != null) {
            lab.close();
        }
    }

    /** What the program says to a user, on both outputs, and its exit code before it. */
    private static String as(final String uid, final String gid, final String... words) throws Exception {
        final List<String> command = new ArrayList<>(List.of("setpriv", "--reuid", uid, "--regid", gid,
            "--clear-groups", System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-cp",
            jar.toString(), "io.ringmaster.cli.Main", "--socket", lab.director().socket().toString()));
        command.addAll(List.of(words));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("RINGMASTER_PROGRAM");
        final Process process = builder.start();
        process.getOutputStream().close();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + said;
    }

    @Test
    void theSocketIsForItsGroup() throws IOException {
        final Path socket = lab.director().socket();
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        assertEquals(65534, Files.getAttribute(socket, "unix:gid"));
    }

    @Test
    void membersOfTheGroupLookAndChangeNothing() throws Exception {
        final String rules = lab.director().ipvsadm("-Sn");
        assertEquals("0 " + rules, as(NOBODY, NOBODY, "ipvsadm", "-Sn"));
        assertTrue(as(NOBODY, NOBODY, "drops", "--all").startsWith("0 XDP program:\n"));
        for (final String change : List.of("ipvsadm -C", "ipvsadm -A -t 10.0.0.9:80", "ipvsadm -Z",
            "sysctl expire_nodest_conn=1", "mark add --mark 1 --destination 10.9.0.0/16")) {
            final String said = as(NOBODY, NOBODY, change.split(" "));
            assertTrue(said.startsWith("3 As user 65534 ("), change + ": " + said);
        }
        assertEquals(rules, lab.director().ipvsadm("-Sn"));
    }

    @Test
    void othersDoNotReachIt() throws Exception {
        final String said = as("54321", "54321", "ipvsadm", "-Ln");
        assertTrue(said.startsWith("3 This user may not use the director's socket "), said);
    }

    @Test
    void changesAreNotedWithTheirUser() {
        lab.director().ipvsadm("-A", "-t", "10.0.0.77:80", "-s", "rr");
        lab.director().ipvsadm("-D", "-t", "10.0.0.77:80");
        lab.director().awaitLine("user 0 (root): ipvsadm -A -t 10.0.0.77:80 -s rr"::equals);
        lab.director().awaitLine("user 0 (root): ipvsadm -D -t 10.0.0.77:80"::equals);
    }
}
