package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;

/** {@code ipvsadm -Lc}: connections and templates. */
final class ConnectionListing {
    private static final int SECONDS = 60;

    private ConnectionListing() {
    }

    /** All connections; one whose service or real server has lost its number meanwhile is left out. */
    static String of(final CommandLine line, final Names names, final ServiceTable table) {
        final EntryText texts = new EntryText(names, line.has(Option.NUMERIC));
        final StringBuilder out = new StringBuilder("IPVS connection entries\n"
            + "pro expire state       source             virtual            destination"
            + (line.has(Option.PERSISTENT_CONN) ? "        pe name          pe_data\n" : "\n"));
        table.connections((client, clientPort, endpoint, number, state, expireSec) -> {
            final ServiceId service = table.serviceOf(endpoint).orElse(null);
            final RealServer server = table.serverOf(number).orElse(null);
            if (service != null && server != null) {
                final int protocol = service.protocol();
                pad(out, ServiceId.protocolWord(protocol), 3);
                pad(out, clock(expireSec), 6);
                pad(out, state, 11);
                pad(out, texts.place(client, clientPort, protocol), 18);
                pad(out, texts.place(service.address(), service.port(), protocol), 18);
                out.append(texts.place(server.id().address(), server.id().port(), protocol)).append('\n');
            }
        });
        return out.toString();
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
