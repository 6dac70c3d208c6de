package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.cli.DirectorCommands;
import io.ringmaster.control.ControlAgent;
import io.ringmaster.control.ControlServer;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.Reply;
import io.ringmaster.control.SocketAccess;
import io.ringmaster.control.Startup;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A director on threads of this process, for tests that look at what no command tells. */
final class InProcessDirector implements AutoCloseable {
    private static final int CONNECTIONS = 100_000;
    private static final int HAND_BACK_RATE = 10_000;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final Path folder;
    private final Path socket;
    private final Director director;

    InProcessDirector(final DemoNetwork network, final List<Integer> cores) throws IOException {
        folder = Files.createTempDirectory("ringmaster-it-");
        socket = folder.resolve("control");
        final Settings settings = new Settings(List.of(DemoNetwork.FRONT, DemoNetwork.BACK), cores, CONNECTIONS,
            CONNECTIONS, Settings.IdleMode.BACKOFF, false, socket, 0, HAND_BACK_RATE, Set.of(21), Optional.empty(),
            SocketAccess.OWNER, true);
        // Threads take the network namespace of the one that starts them.
        director = network.in(network.director(), () -> {
            final Director started = Director.start(settings, said::add);
            final ControlServer server = ControlServer.open(socket,
                new DirectorCommands(started.table(), new PacketFates(started::fates), Startup.UNKNOWN,
                    Optional.of(started.explainer()), started.captures()), started::nowNs);
            started.startControl(new ControlAgent(server, started.table(), started::nowNs,
                List.of(started::followKernel)));
            return started;
        });
    }

    /** As {@link RunningDirector#ipvsadm}. */
    String ipvsadm(final String... words) {
        final List<String> args = new ArrayList<>(List.of("ipvsadm"));
        args.addAll(List.of(words));
        final Reply reply = ControlClient.ask(socket, args, "");
        assertEquals(0, reply.exit(), reply::toString);
        return reply.out();
    }

    /** What one worker has counted. */
    long count(final int worker, final Counter counter) {
        return director.countOf(worker, counter);
    }

    /** What it told. */
    List<String> said() {
        return List.copyOf(said);
    }

    @Override
    public void close() throws IOException {
        director.close();
        Files.deleteIfExists(socket);
        Files.delete(folder);
    }
}
