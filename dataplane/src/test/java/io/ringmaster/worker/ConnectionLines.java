package io.ringmaster.worker;

import io.ringmaster.control.ConnectionVisitor;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Wanted;
import java.util.List;

/** Makes a line of each connection: state, client, virtual service, real server, Call-ID. */
final class ConnectionLines implements ConnectionVisitor {
    private final ServiceTable services;
    private final List<String> lines;

    ConnectionLines(final ServiceTable services, final List<String> lines) {
        this.services = services;
        this.lines = lines;
    }

    @Override
    public void connection(final HostAddress client, final int clientPort, final int endpoint, final int number,
                           final String state, final long expireSec) {
        final ServiceId service = services.serviceOf(endpoint).orElseThrow();
        final boolean all = clientPort == 0 && service.port() == 0;
        add(client, clientPort, service.address(), service.port(), number, all ? 0
            : services.serverOf(number).map(server -> server.portOf(service.port())).orElse(0), state);
    }

    @Override
    public void connectionOfAnyPort(final HostAddress client, final int clientPort, final int endpoint,
                                    final int number, final String state, final long expireSec,
                                    final Wanted wanted) {
        add(client, clientPort, wanted.address() == null ? services.serviceOf(endpoint).orElseThrow().address()
            : wanted.address(), wanted.port(), number, services.serverOf(number).map(wanted::portOf).orElse(0),
            state);
    }

    @Override
    public void template(final HostAddress client, final int clientPort, final int endpoint, final int number,
                         final String state, final long expireSec, final String callId) {
        connection(client, clientPort, endpoint, number, state, expireSec);
        lines.add(lines.removeLast() + " " + callId);
    }

    private void add(final HostAddress client, final int clientPort, final HostAddress address, final int port,
                     final int number, final int serverPort, final String state) {
        final String server = services.serverOf(number).map(found -> found.id().address() + ":" + serverPort)
            .orElse("0.0.0.0:0");
        lines.add(state + " " + client + ":" + clientPort + " " + address + ":" + port + " " + server);
    }
}
