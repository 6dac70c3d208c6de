package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.Commands;
import io.ringmaster.demo.Leftovers;
import io.ringmaster.demo.Namespaces;
import io.ringmaster.demo.Namespaces.End;
import io.ringmaster.director.ControlClient;
import io.ringmaster.director.LinkedLauncher;
import io.ringmaster.director.RunningDirector;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.PacketSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A director as the recorded kernel was: one interface, vec0, with clients and real servers behind it. Shell commands
 * reach it by the launcher, linked as ipvsadm and as the programs beside it. Used by one thread.
 */
final class TextsDirector implements AutoCloseable {
    /** The director's interface. */
    static final String INTERFACE = "vec0";
    private static final String WIRE = "wire";
    private static final String DIRECTOR_MAC = "02:00:00:00:00:01";
    private static final String NEIGHBOUR_MAC = "02:00:00:02:00:fe";
    private static final int MTU = 1500;

    private final String prefix = Namespaces.nextPrefix();
    private final String host = prefix + "director";
    private final String wire = prefix + "wire";
    private final LinkedLauncher launcher = new LinkedLauncher();
    private RunningDirector director;

    /** The network; {@link #start} starts the director. */
    TextsDirector() {
        Leftovers.remove();
        try {
            Namespaces.add(host);
            Namespaces.add(wire);
            Namespaces.inside(host, () -> {
                Namespaces.set("ipv4/ip_forward", 1);
                Namespaces.set("ipv6/conf/all/disable_ipv6", 0);
                Namespaces.set("ipv6/conf/default/disable_ipv6", 0);
                Namespaces.set("ipv6/conf/all/forwarding", 1);
            });
            Namespaces.cable(new End(host, INTERFACE, DIRECTOR_MAC), new End(wire, WIRE, ""), MTU, 1);
            Namespaces.batch(host, "addr add 10.1.0.1/24 dev " + INTERFACE, "addr add 10.2.0.1/24 dev " + INTERFACE,
                "addr add fd01::1/64 dev " + INTERFACE + " nodad", "addr add fd02::1/64 dev " + INTERFACE + " nodad",
                "neigh replace 10.1.0.254 lladdr " + NEIGHBOUR_MAC + " nud permanent dev " + INTERFACE,
                "neigh replace fd01::fe lladdr " + NEIGHBOUR_MAC + " nud permanent dev " + INTERFACE,
                "route add default via 10.1.0.254 dev " + INTERFACE, "route add default via fd01::fe dev " + INTERFACE);
        } catch (final RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Starts a director without services, ending the one before it. */
    void start() {
        if (director != null) {
            director.close();
        }
        director = RunningDirector.launch(host, List.of(), List.of("run", "--interface", INTERFACE));
        director.awaitReady();
    }

    /** Makes an address a neighbour that needs not be asked for. */
    void neighbour(final String address) {
        Commands.outcome(List.of("ip", "-netns", host, "neigh", "replace", address, "lladdr", NEIGHBOUR_MAC, "nud",
            "permanent", "dev", INTERFACE), "");
    }

    /** Asks over the socket, without a process. */
    Reply ask(final String stdin, final String... words) {
        final Reply reply = ControlClient.ask(director.socket(), List.of(words), stdin);
        // On a busy machine workers may be late, which is told by the exit code, too.
        if (reply.exit() != 0 && !reply.err().contains("The change was made")) {
            throw new IllegalStateException(String.join(" ", words) + ": " + reply + "\n" + director.said());
        }
        return reply;
    }

    /** Runs a line of the shell, in which the recorded programs are ours. */
    RecordedText run(final String line) {
        try {
            final Path out = Files.createTempFile(launcher.folder(), "out", "");
            final Path err = Files.createTempFile(launcher.folder(), "err", "");
            final ProcessBuilder builder = launcher.process(director.socket(), "sh", "-c", line)
                .redirectOutput(out.toFile()).redirectError(err.toFile());
            final int exit = builder.start().waitFor();
            final RecordedText text = new RecordedText(line, exit, Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return text;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + line, e);
        }
    }

    /** Sends frames to the director. */
    void send(final List<byte[]> frames) {
        NetworkNamespace.run(wire, () -> {
            try (PacketSocket socket = PacketSocket.open(WIRE, PacketSocket.ALL, true)) {
                frames.forEach(socket::send);
            }
        });
    }

    @Override
    public void close() {
        if (director != null) {
            director.close();
        }
        Leftovers.removeNamespace(host);
        Leftovers.removeNamespace(wire);
        launcher.close();
    }
}
