package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.supervision.NotifyReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager is told by a director of its own process. */
class SupervisionIT {
    private static final String ALIVE = "WATCHDOG=1";
    private static final int PERIOD_MS = 1_000;
    /** Stops one thread of another process for as long as its standard input is open. */
    private static final String STOPPER = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/ptrace.h>
        #include <sys/wait.h>
        int main(int n, char **a) {
            int tid = atoi(a[1]);
            if (ptrace(PTRACE_SEIZE, tid, 0, 0) || ptrace(PTRACE_INTERRUPT, tid, 0, 0)) { perror("ptrace"); return 1; }
            waitpid(tid, 0, __WALL);
            puts("stopped");
            fflush(stdout);
            while (getchar() != EOF) { }
            return ptrace(PTRACE_DETACH, tid, 0, 0) != 0;
        }
        """;

    @TempDir
    private Path folder;
    private Lab lab;
    private NotifyReceiver manager;

    @BeforeEach
    void makeLab() {
        lab = Lab.withoutDirector(new DemoNetwork.Options(1, 4, 1, 1600));
        manager = NotifyReceiver.at(folder.resolve("notify").toString());
    }

    @AfterEach
    void closeLab() {
        if (manager != null) {
            manager.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    private Path config(final String port) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), "interfaces: [" + DemoNetwork.FRONT + ", "
            + DemoNetwork.BACK + "]\nservices: [{tcp: '" + lab.vip(ForwardingMethod.MASQUERADING) + ":" + port
            + "', servers: [{server: " + lab.network().rip(1) + ", method: nat}]}]\n");
    }

    private RunningDirector start(final Path config) {
        final RunningDirector director = RunningDirector.launchUnder(lab.network().director(),
            List.of("NOTIFY_SOCKET=" + folder.resolve("notify"), "WATCHDOG_USEC=" + PERIOD_MS * 1_000),
            List.of("run", "--config", config.toString()));
        lab.own(director);
        return director;
    }

    /** The next datagram that is wanted; others are passed over. */
    private String await(final Predicate<String> wanted) {
        final StringBuilder heard = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            final String next = manager.next(60_000);
            if (wanted.test(next)) {
                return next;
            }
            heard.append(next).append('\n');
            if (next.isEmpty()) {
                break;
            }
        }
        throw new AssertionError("heard only:\n" + heard + lab.director().said());
    }

    private static void hangUp(final RunningDirector director) {
        Commands.run("kill", "-HUP", Long.toString(director.process().pid()));
    }

    @Test
    void startReloadAndEndAreTold() throws IOException {
        final RunningDirector director = start(config("80"));
        assertEquals("READY=1\nSTATUS=1 worker on " + DemoNetwork.FRONT + ", " + DemoNetwork.BACK,
            await(_ -> true));
        // Ready means that a client that asks now is served.
        assertEquals(List.of(), lab.http(ForwardingMethod.MASQUERADING).get(3, 1, _ -> 100).failures(),
            director::said);
        await(said -> said.equals("STATUS=1 worker on " + DemoNetwork.FRONT + ", " + DemoNetwork.BACK
            + "; 1 services, 1 real servers"));
        config("81");
        hangUp(director);
        await(said -> said.startsWith("RELOADING=1\nMONOTONIC_USEC="));
        await(said -> said.startsWith("READY=1\nSTATUS=") && said.endsWith("was applied again, 3 changes"));
        config("x");
        hangUp(director);
        await(said -> said.startsWith("RELOADING=1"));
        await(said -> said.startsWith("READY=1\nSTATUS=SIGHUP changed nothing: "));
        assertTrue(director.ipvsadm("-Sn").contains(":81"));
        assertEquals(0, director.stop());
        await(said -> said.equals("STOPPING=1"));
    }

    /** An idle worker goes on; one that the kernel lets run no more starves the watchdog until it goes on. */
    @Test
    void aWorkerThatStandsStillStarvesTheWatchdog() throws Exception {
        Needs.program("cc", "gcc");
        final Path program = folder.resolve("stopper");
        Files.writeString(folder.resolve("stopper.c"), STOPPER);
        Commands.run("cc", "-o", program.toString(), folder.resolve("stopper.c").toString());
        final RunningDirector director = start(config("80"));
        for (int i = 0; i < 8; i++) {
            await(ALIVE::equals);
        }
        final Process stopper = new ProcessBuilder(program.toString(), worker(director))
            .redirectErrorStream(true).start();
        try {
            assertEquals("stopped", stopper.inputReader().readLine());
            while (!manager.next(0).isEmpty()) {
                // It was sent while the worker was being stopped.
                continue;
            }
            int alive = 0;
            // What was under way when it stopped, and no more.
            for (String said = manager.next(3 * PERIOD_MS); alive <= 2 && !said.isEmpty();
                 said = manager.next(3 * PERIOD_MS)) {
                alive += said.equals(ALIVE) ? 1 : 0;
            }
            assertTrue(alive <= 2, "signs of life of a stopped worker: " + alive);
        } finally {
            stopper.getOutputStream().close();
        }
        assertEquals(0, stopper.waitFor());
        await(ALIVE::equals);
    }

    /** The thread of its first worker. */
    private static String worker(final RunningDirector director) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + director.process().pid() + "/task"))) {
            for (final Path thread : threads.toList()) {
                if (name(thread).startsWith("worker")) {
                    return thread.getFileName().toString();
                }
            }
        }
        throw new AssertionError("no thread of a worker");
    }

    /** Threads of the virtual machine come and go; empty for one that has gone. */
    private static String name(final Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (final IOException e) {
            return "";
        }
    }
}
