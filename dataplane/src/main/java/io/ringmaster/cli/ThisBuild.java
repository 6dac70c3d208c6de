package io.ringmaster.cli;

import io.ringmaster.config.Changes;
import io.ringmaster.config.State;
import io.ringmaster.config.StateFile;
import io.ringmaster.config.StateKeeper;
import io.ringmaster.control.ControlAgent;
import io.ringmaster.control.ControlServer;
import io.ringmaster.control.ControlSocket;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.demo.Demo;
import io.ringmaster.director.Director;
import io.ringmaster.director.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.agrona.concurrent.ShutdownSignalBarrier;

/** What the commands start in this build. */
final class ThisBuild implements Programs {
    @Override
    public int run(final Settings settings, final Kept kept) {
        ControlSocket.refuseIfTaken(settings.socket());
        settings.socketAccess().group().ifPresent(ControlSocket::group);
        try (ShutdownSignalBarrier end = new ShutdownSignalBarrier()) {
            serve(settings, kept, end);
            // The barrier was told by a signal, for which a virtual machine exits with 143 or 130; a director that was
            // asked to end and has undone everything has not failed.
            Runtime.getRuntime().halt(0);
        }
        return 0;
    }

    private static void serve(final Settings settings, final Kept kept, final ShutdownSignalBarrier end) {
        final Optional<State> config = kept.config().map(ConfigReload::read);
        final Optional<StateFile> file = kept.state().map(StateFile::new);
        final Optional<State> state = config.isPresent() ? Optional.empty() : file.flatMap(StateFile::load);
        final List<StateKeeper> keepers = new ArrayList<>(1);
        try (Director director = Director.start(settings, System.err::println)) {
            final ServiceTable table = director.table();
            config.or(() -> state).ifPresent(wanted -> Changes.between(State.of(table), wanted).apply(table));
            final DirectorCommands commands = new DirectorCommands(table,
                new PacketFates(director::fates, director::loads), kept.config(), director.captures());
            final ControlServer server = ControlServer.open(settings.socket(), settings.socketAccess(), commands,
                director::nowNs);
            final List<IntSupplier> duties = new ArrayList<>(List.of(director::followKernel));
            file.ifPresent(place -> keepers.add(new StateKeeper(place, table, state.orElse(null))));
            keepers.forEach(keeper -> duties.add(() -> keeper.poll(director.nowNs())));
            kept.config().map(ConfigReload::new).ifPresent(reload -> {
                reload.followHangups();
                duties.add(() -> reload.poll(table));
            });
            director.startControl(new ControlAgent(server, table, director::nowNs, duties));
            FirstCommands.ask(settings.socket());
            // What starting left on the heap is collected now, not while workers have packets waiting.
            System.gc();
            System.err.println("ready; rules are made with: ringmaster ipvsadm (socket " + settings.socket() + ")");
            end.await();
        } finally {
            // The control thread has ended: this one may look.
            keepers.forEach(StateKeeper::close);
        }
    }

    @Override
    public int demo(final DemoSettings settings) {
        return Demo.show(settings.method(), settings.keep());
    }

    @Override
    public int decap(final String interfaceName, final int guePort) {
        return new Decapsulation(System.out, System.err).run(interfaceName, guePort);
    }

    @Override
    public int printDecapObject(final Path file) {
        return new Decapsulation(System.out, System.err).writeObject(file);
    }
}
