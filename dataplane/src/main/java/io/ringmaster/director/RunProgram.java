package io.ringmaster.director;

import io.ringmaster.control.Commands;
import io.ringmaster.control.ControlAgent;
import io.ringmaster.control.ControlServer;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** The program {@code ringmaster run}: a director in the foreground until SIGTERM or Ctrl-C. */
public final class RunProgram {
    private RunProgram() {
    }

    /**
     * Starts a director and its control socket, waits for the end, and undoes everything.
     *
     * @param settings checked.
     * @param commands makes the commands that the socket answers.
     * @param out      receives one line for each outcome; the last one of the start begins with "ready".
     */
    public static void run(final Settings settings, final Function<Director, Commands> commands,
                           final PrintStream out) {
        final CountDownLatch end = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);
        try (Director director = Director.start(settings, line -> tell(out, line))) {
            final ControlServer server = ControlServer.open(settings.socket(), commands.apply(director),
                director::nowNs);
            director.startControl(new ControlAgent(server, director.table(), director::nowNs,
                List.of(director::followKernel)));
            // SIGTERM and SIGINT run this hook; the machine goes on only when everything is undone.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                end.countDown();
                await(ended);
            }));
            tell(out, "ready: ringmaster ipvsadm works on " + settings.socket());
            await(end);
            tell(out, "ending: packets of all services go to the kernel from now on");
        } finally {
            ended.countDown();
        }
    }

    private static void tell(final PrintStream out, final String line) {
        out.println(line);
        out.flush();
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
