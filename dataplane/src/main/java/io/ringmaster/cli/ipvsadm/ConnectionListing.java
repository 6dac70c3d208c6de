package io.ringmaster.cli.ipvsadm;

import io.ringmaster.cli.ipvsadm.ConnectionFormat.End;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.control.ConnectionVisitor;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Wanted;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Connections and templates in pieces of some thousand, since a table of millions makes a text of hundreds of
 * megabytes. Each piece is read from the table when it is asked for. Owned by the control thread.
 */
final class ConnectionListing implements Iterator<String> {
    /** What the kernel writes into templates that are of no use any more. */
    private static final int UNUSED_PORT = 65_535;
    /** What stands for the real server of a connection that goes on to where its client sent it. */
    private static final HostAddress NOWHERE = HostAddress.ipv4(0);
    // Where few are left, many steps go into one piece; and no piece keeps the control thread for long.
    private static final int PIECE_CHARS = 32 << 10;
    private static final int STEPS_PER_PIECE = 64;

    private final ConnectionFormat format;
    private final ServiceTable table;
    private final Rows rows = new Rows();
    private final StringBuilder out = new StringBuilder(PIECE_CHARS * 2);
    private long cursor;
    /** What a template is known by beside its client; empty for none. */
    private String callId = "";

    /** All connections; one whose service or real server has lost its number meanwhile is left out. */
    ConnectionListing(final ConnectionFormat format, final ServiceTable table) {
        this.format = format;
        this.table = table;
        out.append(format.title());
    }

    @Override
    public boolean hasNext() {
        return cursor >= 0;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all connections are listed");
        }
        for (int i = 0; i < STEPS_PER_PIECE && cursor >= 0 && out.length() < PIECE_CHARS; i++) {
            cursor = table.connections(cursor, rows);
        }
        final String piece = out.toString();
        out.setLength(0);
        return piece;
    }

    /** Makes a row of each connection. */
    private final class Rows implements ConnectionVisitor {
        @Override
        public void connection(final HostAddress client, final int clientPort, final int endpoint, final int number,
                               final String state, final long expireSec) {
            connectionOfAnyPort(client, clientPort, endpoint, number, state, expireSec, null);
        }

        @Override
        public void template(final HostAddress client, final int clientPort, final int endpoint, final int number,
                             final String state, final long expireSec, final String knownBy) {
            callId = knownBy;
            connection(client, clientPort, endpoint, number, state, expireSec);
            callId = "";
        }

        @Override
        public void connectionOfAnyPort(final HostAddress client, final int clientPort, final int endpoint,
                                        final int number, final String state, final long expireSec,
                                        final Wanted wanted) {
            final ServiceId service = table.serviceOf(endpoint).orElse(null);
            final RealServer server = table.serverOf(number).orElse(null);
            if (service == null || server == null && number != ConnectionValue.NO_SERVER) {
                return;
            }
            final int protocol = wanted == null || wanted.protocol() == 0 ? service.protocol() : wanted.protocol();
            final HostAddress rip = server == null ? NOWHERE : server.id().address();
            // Of a real server with port 0, a template has that and a connection the service's; where a template stands
            // for all ports, it has none.
            final int rport = server == null || clientPort == 0 && service.port() == 0 ? 0
                : clientPort == 0 ? server.id().port() : server.portOf(service.port());
            if (clientPort == ConnectionVisitor.UNUSED) {
                format.row(out, protocol, state, expireSec, new End(client, 0),
                    new End(address(service, null), UNUSED_PORT), new End(rip, UNUSED_PORT), callId);
            } else if (wanted == null && clientPort == 0 && service.takesFtpData()) {
                // A template of FTP stands for data connections, too.
                format.row(out, protocol, state, expireSec, new End(client, 0), new End(address(service, null), 0),
                    new End(rip, 0), callId);
            } else if (wanted == null) {
                format.row(out, protocol, state, expireSec, new End(client, clientPort),
                    new End(address(service, null), service.port()), new End(rip, rport), callId);
            } else {
                format.row(out, protocol, state, expireSec, new End(client, clientPort),
                    new End(address(service, wanted), wanted.port()),
                    new End(rip, server == null ? 0 : wanted.portOf(server)), callId);
            }
        }
    }

    /** What stands for a service's address: a template of a mark has the mark there, as the kernel's. */
    private static HostAddress address(final ServiceId service, final Wanted wanted) {
        if (wanted != null && wanted.address() != null) {
            return wanted.address();
        }
        if (!service.marked()) {
            return service.address();
        }
        return service.address().ipv6() ? new HostAddress(true, (long) service.mark() << Integer.SIZE, 0)
            : HostAddress.ipv4(service.mark());
    }
}
