package io.ringmaster.cli.ipvsadm;

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
 * {@code ipvsadm -Lc}: connections and templates, in pieces of some thousand, since a table of millions makes a text of
 * hundreds of megabytes. Each piece is read from the table when it is asked for. Owned by the control thread.
 */
final class ConnectionListing implements Iterator<String> {
    private static final int SECONDS = 60;
    /** The only persistence engine there is. */
    private static final String ENGINE = "sip";
    /** What the kernel writes into templates that are of no use any more. */
    private static final int UNUSED_PORT = 65_535;
    /** What stands for the real server of a connection that goes on to where its client sent it. */
    private static final HostAddress NOWHERE = HostAddress.ipv4(0);
    // Where few are left, many steps go into one piece; and no piece keeps the control thread for long.
    private static final int PIECE_CHARS = 32 << 10;
    private static final int STEPS_PER_PIECE = 64;

    private final EntryText texts;
    private final ServiceTable table;
    private final boolean engines;
    private final StringBuilder out = new StringBuilder();
    private long cursor;
    /** What a template is known by beside its client; empty for none. */
    private String engineData = "";

    private ConnectionListing(final EntryText texts, final ServiceTable table, final boolean engines) {
        this.texts = texts;
        this.table = table;
        this.engines = engines;
    }

    /** All connections; one whose service or real server has lost its number meanwhile is left out. */
    static Iterator<String> of(final CommandLine line, final Names names, final ServiceTable table) {
        final ConnectionListing listing = new ConnectionListing(new EntryText(names, line.has(Option.NUMERIC)), table,
            line.has(Option.PERSISTENT_CONN));
        listing.out.append("IPVS connection entries\n"
            + "pro expire state       source             virtual            destination"
            + (listing.engines ? "        pe name          pe_data\n" : "\n"));
        return listing;
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
            cursor = table.connections(cursor, new Rows());
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
                             final String state, final long expireSec, final String callId) {
            engineData = engines ? callId : "";
            connection(client, clientPort, endpoint, number, state, expireSec);
            engineData = "";
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
            begin(protocol, expireSec, state);
            final int ownPort = server == null ? 0 : server.id().port();
            if (clientPort == ConnectionVisitor.UNUSED) {
                ends(client, 0, address(service, null), UNUSED_PORT, server, UNUSED_PORT, protocol);
            } else if (wanted == null && clientPort == 0 && service.takesFtpData()) {
                // A template of FTP stands for data connections, too.
                ends(client, 0, address(service, null), 0, server, 0, protocol);
            } else if (wanted == null) {
                ends(client, clientPort, address(service, null), service.port(), server, ownPort, protocol);
            } else {
                ends(client, clientPort, address(service, wanted), wanted.port(), server,
                    server == null ? 0 : server.portOf(wanted.port()), protocol);
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

    private void begin(final int protocol, final long expireSec, final String state) {
        pad(out, ServiceId.protocolWord(protocol), 3);
        pad(out, clock(expireSec), 6);
        pad(out, state, 11);
    }

    private void ends(final HostAddress client, final int clientPort, final HostAddress address, final int port,
                      final RealServer server, final int serverPort, final int protocol) {
        pad(out, texts.place(client, clientPort, protocol), 18);
        pad(out, texts.place(address, port, protocol), 18);
        final String destination = texts.place(server == null ? NOWHERE : server.id().address(), serverPort, protocol);
        if (engineData.isEmpty()) {
            out.append(destination).append('\n');
        } else {
            pad(out, destination, 16);
            pad(out, ENGINE, 18);
            out.append(engineData).append('\n');
        }
    }

    /** Minutes and seconds; minutes go on beyond 60. */
    private static String clock(final long expireSec) {
        final long minutes = expireSec / SECONDS;
        final long seconds = expireSec % SECONDS;
        return (minutes < 10 ? "0" : "") + minutes + (seconds < 10 ? ":0" : ":") + seconds;
    }

    private static void pad(final StringBuilder out, final String text, final int width) {
        out.append(text).repeat(' ', Math.max(0, width - text.length()) + 1);
    }
}
