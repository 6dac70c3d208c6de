package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Totals;
import io.ringmaster.control.VirtualService;
import io.ringmaster.stats.ServerCounters;
import java.util.Iterator;
import java.util.function.IntToLongFunction;

/**
 * What the kernel shows in {@code /proc/net} (ip_vs_ctl.c), for what reads it there. Its processors are our workers.
 * Used by the control thread.
 */
public final class ProcTables {
    /** The kernel tells seconds in its ticks, of which a kernel with HZ=100 has so many. */
    private static final int TICKS_PER_SEC = 100;
    private static final String FIELDS = " %8X %8X %8X %16X %16X%n";

    private final ServiceTable table;

    /** The tables of one director. */
    public ProcTables(final ServiceTable table) {
        this.table = table;
    }

    /** {@code ip_vs_conn}, piece by piece. */
    public Iterator<String> connections() {
        return new ConnectionListing(new ProcConnections(), table);
    }

    /** {@code ip_vs}. */
    public String services() {
        final StringBuilder out = new StringBuilder("IP Virtual Server version 1.2.1 (size=").append(table.capacity())
            .append(")\nProt LocalAddress:Port Scheduler Flags\n"
                + "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
        table.services().forEach(service -> append(out, service));
        return out.toString();
    }

    private static void append(final StringBuilder out, final VirtualService service) {
        final ServiceId id = service.id();
        final ServiceSettings settings = service.settings();
        out.append(id.word()).append("  ");
        if (id.marked()) {
            out.append(String.format("%08X", id.mark()));
        } else {
            place(out, id.address(), id.port());
        }
        out.append(' ').append(settings.scheduler()).append(' ');
        if (id.marked() || !id.address().ipv6()) {
            out.append(settings.onePacket() ? "ops " : "").append(id.marked() ? "" : " ");
        }
        if (settings.persistent()) {
            // The prefix length of IPv6 is printed as if it came from the network.
            final int mask = id.address().ipv6() ? Integer.reverseBytes(settings.netmask()) : settings.netmask();
            out.append(String.format("persistent %d %08X", settings.persistSec() * TICKS_PER_SEC, mask));
        }
        out.append('\n');
        for (final RealServer server : service.servers()) {
            place(out.append("  -> "), server.id().address(), server.id().port());
            out.append(String.format("      %-7s %-6d %-10d %-10d%n", server.settings().method().word(),
                server.settings().weight(), server.statistics().active(), server.statistics().inactive()));
        }
    }

    private static void place(final StringBuilder out, final HostAddress address, final int port) {
        out.append(address.ipv6() ? "[" : "");
        ProcConnections.address(out, address);
        out.append(address.ipv6() ? "]" : "").append(String.format(":%04X", port));
    }

    /** {@code ip_vs_stats}. */
    public String totals() {
        final Totals totals = table.totals();
        return "   Total Incoming Outgoing         Incoming         Outgoing\n"
            + "   Conns  Packets  Packets            Bytes            Bytes\n"
            + fields(totals::total).substring(1) + "\n"
            + " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n"
            + fields(totals::rate).substring(1);
    }

    /** {@code ip_vs_stats_percpu}. */
    public String workers() {
        final Totals totals = table.totals();
        final StringBuilder out = new StringBuilder("       Total Incoming Outgoing         Incoming         Outgoing\n"
            + "CPU    Conns  Packets  Packets            Bytes            Bytes\n");
        for (int w = 0; w < totals.workers(); w++) {
            final int worker = w;
            out.append(String.format("%3X", w)).append(fields(field -> totals.ofWorker(worker, field)));
        }
        return out.append("  ~").append(fields(totals::total))
            .append("\n     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n   ")
            .append(fields(totals::rate)).toString();
    }

    private static String fields(final IntToLongFunction value) {
        return String.format(FIELDS, value.applyAsLong(ServerCounters.CONNECTIONS),
            value.applyAsLong(ServerCounters.IN_PACKETS), value.applyAsLong(ServerCounters.OUT_PACKETS),
            value.applyAsLong(ServerCounters.IN_BYTES), value.applyAsLong(ServerCounters.OUT_BYTES));
    }
}
