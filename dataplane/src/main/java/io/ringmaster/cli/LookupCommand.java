package io.ringmaster.cli;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.control.ConnectionVisitor;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Wanted;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringmaster lookup}. */
@Command(name = "lookup",
    description = "Print the connections of a client, and the templates that lead it to its real server.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster lookup 10.77.1.11",
        "  ringmaster lookup 10.77.1.11:40000 --service 10.77.1.100:8000 --json",
        "", "Exit codes: 0 some were found; 1 none was; 2 wrong words, or no director."})
final class LookupCommand extends Verb {
    private static final int NONE_FOUND = 1;
    /** Steps of the walk between two turns of others at the control thread. */
    private static final int STEPS_PER_TURN = 16;
    private static final String ROW = "%-5s %-11s %8s  %-21s %-28s %-21s%s";

    @Parameters(paramLabel = "CIP", converter = Place.Reader.class,
        description = "Address of the client, or address and port: 10.0.0.1, 10.0.0.1:40000, [fd00::1]:40000.")
    private Place client;

    @Option(names = "--service", paramLabel = "SERVICE", converter = WantedService.Reader.class,
        description = "To this virtual service only (VIP:PORT, VIP:PORT/udp, mark:N); may be given several times.")
    private List<WantedService> services = new ArrayList<>();

    @Option(names = "--real-server", paramLabel = "RS", converter = Place.Reader.class,
        description = "Of this real server only.")
    private Place realServer;

    /** A connection as it was found. Null is no real server: packets go on to where the client sent them. */
    private record Row(int protocol, String state, long expireSec, Place client, ServiceId service, int port,
                       String realServer, boolean template) {
    }

    @Override
    public int run(final Call call) throws IOException {
        long cursor = 0;
        long found = 0;
        while (cursor >= 0) {
            final long from = cursor;
            final Found step = call.ask(parts -> walk(parts.table(), from));
            for (final Row row : step.rows) {
                if (found++ == 0 && !json()) {
                    call.println(String.format(ROW, "proto", "state", "ends in", "client", "service", "real server", "")
                        .stripTrailing());
                }
                print(call, row);
            }
            cursor = step.cursor;
        }
        if (found == 0) {
            call.warn("No connection of " + client + (services.isEmpty() ? "" : " to the services meant by --service")
                + (realServer == null ? "" : " at " + realServer) + ".");
        }
        return found == 0 ? NONE_FOUND : 0;
    }

    private record Found(List<Row> rows, long cursor) {
    }

    private Found walk(final ServiceTable table, final long from) {
        final Rows rows = new Rows(table);
        long cursor = from;
        for (int i = 0; i < STEPS_PER_TURN && cursor >= 0; i++) {
            cursor = table.connections(cursor, rows);
        }
        return new Found(rows.rows, cursor);
    }

    private void print(final Call call, final Row row) throws IOException {
        final String service = row.service.marked() ? WantedService.text(row.service)
            : Place.text(row.service.address(), row.port);
        final String protocol = ServiceId.protocolWord(row.protocol);
        if (json()) {
            call.json(json -> {
                json.writeStringField("protocol", protocol);
                json.writeStringField("state", row.state);
                json.writeNumberField("expireSec", row.expireSec);
                json.writeStringField("client", row.client.toString());
                json.writeStringField("service", service);
                json.writeStringField("realServer", row.realServer);
                json.writeBooleanField("template", row.template);
            });
        } else {
            call.println(String.format(ROW, protocol, row.state, Period.text(row.expireSec), row.client, service,
                row.realServer == null ? "none (to the service)" : row.realServer, row.template ? "  template" : "")
                .stripTrailing());
        }
    }

    /** Keeps what is asked for. Control thread. */
    private final class Rows implements ConnectionVisitor {
        private final ServiceTable table;
        private final List<Row> rows = new ArrayList<>();

        Rows(final ServiceTable table) {
            this.table = table;
        }

        @Override
        public void connection(final HostAddress address, final int port, final int endpoint, final int number,
                               final String state, final long expireSec) {
            connectionOfAnyPort(address, port, endpoint, number, state, expireSec, null);
        }

        @Override
        public void connectionOfAnyPort(final HostAddress address, final int port, final int endpoint,
                                        final int number, final String state, final long expireSec,
                                        final Wanted wanted) {
            if (!client.matches(address, Math.max(port, 0))) {
                return;
            }
            final ServiceId service = table.serviceOf(endpoint).orElse(null);
            final RealServer server = table.serverOf(number).orElse(null);
            if (service == null || server == null && number != ConnectionValue.NO_SERVER
                || !WantedService.any(services, service) || realServer != null
                && (server == null || !realServer.matches(server.id().address(), server.id().port()))) {
                return;
            }
            final boolean several = wanted != null && wanted.protocol() != 0;
            final int vport = wanted == null ? service.port() : wanted.port();
            rows.add(new Row(several ? wanted.protocol() : service.protocol(), state, expireSec,
                new Place(address, Math.max(port, 0)), service, vport, server == null ? null
                    : Place.text(server.id().address(), port <= 0 ? vport == 0 ? 0 : server.id().port()
                        : wanted == null ? server.portOf(vport) : wanted.portOf(server)),
                port <= 0));
        }
    }
}
