package io.ringmaster.cli;

import io.ringmaster.config.Changes;
import io.ringmaster.config.State;
import io.ringmaster.config.StateFile;
import io.ringmaster.config.StateKeeper;
import io.ringmaster.control.ControlAgent;
import io.ringmaster.control.ControlServer;
import io.ringmaster.control.ControlSocket;
import io.ringmaster.control.Events;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Startup;
import io.ringmaster.demo.Demo;
import io.ringmaster.director.Director;
import io.ringmaster.director.Settings;
import io.ringmaster.service.View;
import io.ringmaster.supervision.Health;
import io.ringmaster.supervision.ServiceManager;
import io.ringmaster.supervision.Watchdog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.agrona.concurrent.ShutdownSignalBarrier;

/** What the commands start in this build. */
final class ThisBuild implements Programs {
    private static final int LONGEST_START_SEC = 60;

    @Override
    public int run(final Settings settings, final Kept kept) {
        ControlSocket.refuseIfTaken(settings.socket());
        settings.socketAccess().group().ifPresent(ControlSocket::group);
        try (ShutdownSignalBarrier end = new ShutdownSignalBarrier();
             ServiceManager manager = ServiceManager.ofThisProcess()) {
            serve(settings, kept, end, manager);
            // The barrier was told by a signal, for which a virtual machine exits with 143 or 130; a director that was
            // asked to end and has undone everything has not failed.
            Runtime.getRuntime().halt(0);
        }
        return 0;
    }

    private static void serve(final Settings settings, final Kept kept, final ShutdownSignalBarrier end,
                              final ServiceManager manager) {
        final Optional<State> config = kept.wanted().filter(wanted -> !wanted.onlyStart());
        final Optional<StateFile> file = kept.state().map(StateFile::new);
        final Optional<StateFile.Claim> claim = file.map(StateFile::claim);
        final Optional<State> state = config.isPresent() ? Optional.empty() : file.flatMap(StateFile::load);
        final List<StateKeeper> keepers = new ArrayList<>(1);
        try (Director director = Director.start(settings, System.err::println);
             Watchdog watchdog = new Watchdog(manager, director.workers(), director::cycleNs)) {
            final ServiceTable table = director.table();
            config.or(() -> state).ifPresent(wanted -> Changes.between(State.of(table), wanted).apply(table));
            final DirectorCommands commands = new DirectorCommands(table,
                new PacketFates(director::fates, director::loads), kept.startup(), Optional.of(director.explainer()),
                director.captures());
            final ControlServer server = ControlServer.open(settings.socket(), settings.socketAccess(), commands,
                director::nowNs);
            file.ifPresent(place -> keepers.add(new StateKeeper(place, table, state.orElse(null))));
            table.access().events().tell(Events.Kind.DIRECTOR, "The director has started on "
                + String.join(", ", settings.interfaces()) + " with " + table.services().size() + " services.");
            final Health health = new Health(manager, table, describe(settings, director), () -> polling(director));
            final View first = table.view();
            director.startControl(new ControlAgent(server, table, director::nowNs,
                duties(director, kept.startup(), manager, keepers, health)));
            FirstCommands.ask(settings.socket());
            // What starting left on the heap is collected now, not while workers have packets waiting.
            System.gc();
            health.awaitReady(LONGEST_START_SEC);
            watchdog.start();
            System.err.println("ready; rules are made with: ringmaster ipvsadm (socket " + settings.socket() + "); "
                + kept.fate());
            FirstCommands.askToExplain(() -> director.explainer().prepare(first), settings.socket());
            end.await();
            manager.stopping();
        } finally {
            // The control thread has ended: this one may look.
            keepers.forEach(StateKeeper::close);
            claim.ifPresent(StateFile.Claim::close);
        }
    }

    private static List<IntSupplier> duties(final Director director, final Startup startup,
                                            final ServiceManager manager, final List<StateKeeper> keepers,
                                            final Health health) {
        final List<IntSupplier> duties = new ArrayList<>(List.of(director::followKernel,
            () -> health.poll(director.nowNs())));
        keepers.forEach(keeper -> duties.add(() -> keeper.poll(director.nowNs())));
        if (startup.config().isPresent()) {
            final ConfigReload reload = new ConfigReload(startup, manager);
            reload.followHangups();
            duties.add(() -> reload.poll(director.table()));
        }
        return duties;
    }

    private static String describe(final Settings settings, final Director director) {
        return director.workers() + (director.workers() == 1 ? " worker on " : " workers on ")
            + String.join(", ", settings.interfaces());
    }

    private static boolean polling(final Director director) {
        for (int worker = 0; worker < director.workers(); worker++) {
            if (director.cycleNs(worker) == 0) {
                return false;
            }
        }
        return true;
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
