package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.DemoServer;
import io.ringmaster.demo.HttpLoad;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Debian's ldirectord, unchanged, in front of our ipvsadm: it asks real servers over HTTP and takes those that do not
 * answer out of the table, by weight 0 where a service is quiescent, else by removal, and puts them back.
 */
class LdirectordIT {
    private static final int LONGEST_SEC = 180;
    private static final int QUIESCENT_PORT = 80;
    private static final int REMOVING_PORT = 81;

    @Test
    void takesADeadRealServerOutAndPutsItBack() throws Exception {
        Needs.root();
        Needs.program("ldirectord", "ldirectord");
        try (DemoNetwork network = DemoNetwork.create(new DemoNetwork.Options(2, 4, 1, 1600));
             DemoServer _ = DemoServer.start(network, 1);
             RunningDirector director = RunningDirector.start(network);
             LinkedLauncher launcher = new LinkedLauncher()) {
            DemoServer second = DemoServer.start(network, 2);
            final Process ldirectord = start(network, director, launcher);
            try {
                awaitTable(director, launcher, "1 1", "1 1");
                assertEquals(Set.of("rs1", "rs2"), get(network).shares().keySet());
                second.close();
                awaitTable(director, launcher, "1 0", "1");
                assertEquals(Set.of("rs1"), get(network).shares().keySet());
                second = DemoServer.start(network, 2);
                awaitTable(director, launcher, "1 1", "1 1");
                assertEquals(Set.of("rs1", "rs2"), get(network).shares().keySet());
                ldirectord.destroy();
                assertTrue(ldirectord.waitFor(LONGEST_SEC, TimeUnit.SECONDS), "ldirectord does not end");
                assertEquals("", director.ipvsadm("-Sn"), "what it made is removed");
            } finally {
                ldirectord.destroyForcibly().waitFor();
                second.close();
            }
            director.assertTableClean();
        }
    }

    private static LoadResult get(final DemoNetwork network) {
        final LoadResult result = new HttpLoad(network, network.vip(ForwardingMethod.MASQUERADING), QUIESCENT_PORT)
            .get(8, 1, number -> 100);
        assertEquals(List.of(), result.failures());
        return result;
    }

    private static Process start(final DemoNetwork network, final RunningDirector director,
                                 final LinkedLauncher launcher) throws IOException {
        final Path settings = launcher.folder().resolve("ringmaster-" + ProcessHandle.current().pid() + ".cf");
        Files.writeString(settings, "checktimeout=30\ncheckinterval=1\nautoreload=no\n"
            + virtual(network, QUIESCENT_PORT, "yes") + virtual(network, REMOVING_PORT, "no"));
        // In this mode it stays in the foreground, and takes the ipvsadm of the folder that it is started in.
        final ProcessBuilder builder = launcher.process(director.socket(), DemoNetwork.insideOf(network.director(),
            "ldirectord", "-d", settings.toString(), "start").toArray(String[]::new));
        return builder.directory(launcher.folder().toFile()).redirectErrorStream(true)
            .redirectOutput(launcher.folder().resolve("log").toFile()).start();
    }

    private static String virtual(final DemoNetwork network, final int port, final String quiescent) {
        return "virtual=" + network.vip(ForwardingMethod.MASQUERADING) + ":" + port + "\n"
            + "\treal=" + network.rip(1) + ":" + DemoServer.OTHER_PORT + " masq\n"
            + "\treal=" + network.rip(2) + ":" + DemoServer.OTHER_PORT + " masq\n"
            + "\tservice=http\n\tchecktype=negotiate\n\trequest=\"/bytes/1\"\n\tscheduler=rr\n\tprotocol=tcp\n"
            + "\tquiescent=" + quiescent + "\n";
    }

    /** Waits until the weights of both services are as wanted; read as shell scripts do. */
    private static void awaitTable(final RunningDirector director, final LinkedLauncher launcher,
                                   final String quiescent, final String removing) {
        final String wanted = QUIESCENT_PORT + ": " + quiescent + "\n" + REMOVING_PORT + ": " + removing;
        final String[] seen = new String[1];
        RunningDirector.await(() -> {
            seen[0] = weights(director, launcher);
            return wanted.equals(seen[0]);
        }, LONGEST_SEC);
        assertEquals(wanted, seen[0], () -> log(launcher) + director.said());
    }

    private static String weights(final RunningDirector director, final LinkedLauncher launcher) {
        final String script = "ipvsadm -Ln | awk '/^TCP/ { split($2, a, \":\"); printf \"%s%s:\", sep, a[2]; "
            + "sep = \"\\n\" } /^  ->/ && $3 == \"Masq\" { printf \" %s\", $4 }'";
        try {
            final Process process = launcher.process(director.socket(), "sh", "-c", script).start();
            final String out = new String(process.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8);
            process.waitFor();
            return out;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String log(final LinkedLauncher launcher) {
        try {
            return Files.readString(launcher.folder().resolve("log"));
        } catch (final IOException e) {
            return e + "\n";
        }
    }
}
