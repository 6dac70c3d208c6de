package io.ringmaster.cli;

import io.ringmaster.control.ControlAgent;
import io.ringmaster.control.ControlServer;
import io.ringmaster.control.ControlSocket;
import io.ringmaster.control.PacketFates;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.demo.Demo;
import io.ringmaster.director.Director;
import io.ringmaster.director.Settings;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.ShutdownSignalBarrier;

/** What the commands start in this build. */
final class ThisBuild implements Programs {
    @Override
    public int run(final Settings settings) {
        ControlSocket.refuseIfTaken(settings.socket());
        settings.socketAccess().group().ifPresent(ControlSocket::group);
        try (ShutdownSignalBarrier end = new ShutdownSignalBarrier()) {
            serve(settings, end);
            // The barrier was told by a signal, for which a virtual machine exits with 143 or 130; a director that was
            // asked to end and has undone everything has not failed.
            Runtime.getRuntime().halt(0);
        }
        return 0;
    }

    private static void serve(final Settings settings, final ShutdownSignalBarrier end) {
        try (Director director = Director.start(settings, System.err::println)) {
            final ServiceTable table = director.table();
            final DirectorCommands commands = new DirectorCommands(table,
                new PacketFates(director::fates, director::loads));
            final ControlServer server = ControlServer.open(settings.socket(), settings.socketAccess(), commands,
                director::nowNs);
            director.startControl(
                new ControlAgent(server, table, director::nowNs, List.of(director::followKernel)));
            FirstCommands.ask(settings.socket());
            // What starting left on the heap is collected now, not while workers have packets waiting.
            System.gc();
            System.err.println("ready; rules are made with: ringmaster ipvsadm (socket " + settings.socket() + ")");
            end.await();
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
