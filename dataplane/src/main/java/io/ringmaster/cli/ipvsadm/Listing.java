package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.Statistics;
import io.ringmaster.control.VirtualService;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.ServerCounters;
import java.util.Collection;
import java.util.List;

/** {@code ipvsadm -L}: services and real servers in one of six formats. */
final class Listing {
    private static final int SERVICE_WIDTH = 33;
    private static final int SERVER_WIDTH = 28;

    private final Format format;
    private final boolean exact;
    private final boolean sorted;
    private final EntryText texts;
    private final StringBuilder out = new StringBuilder();

    private Listing(final CommandLine line, final Names names) {
        this.format = Format.of(line);
        this.exact = line.has(Option.EXACT);
        this.sorted = !line.has(Option.NOSORT);
        this.texts = new EntryText(names, line.has(Option.NUMERIC));
    }

    /** The whole table, with its first line. */
    static String all(final CommandLine line, final Names names, final Collection<VirtualService> services,
                      final long capacity) {
        final Listing listing = new Listing(line, names);
        listing.out.append("IP Virtual Server version 1.2.1 (size=").append(capacity).append(")\n");
        listing.print(services);
        return listing.out.toString();
    }

    /** One service, without the first line. */
    static String one(final CommandLine line, final Names names, final VirtualService service) {
        final Listing listing = new Listing(line, names);
        listing.print(List.of(service));
        return listing.out.toString();
    }

    private void print(final Collection<VirtualService> services) {
        out.append(format.title);
        for (final VirtualService service : sorted ? Order.services(services) : services) {
            print(service);
        }
    }

    private void print(final VirtualService service) {
        final String name = cut(texts.service(service.id()), service.id().address().ipv6(), SERVICE_WIDTH);
        switch (format) {
            case STATS -> printTotals(padded(name, SERVICE_WIDTH), service.statistics());
            case RATE -> printRates(padded(name, SERVICE_WIDTH), service.statistics(), true);
            default -> out.append(name).append(' ').append(settings(service)).append('\n');
        }
        for (final RealServer server : sorted ? Order.servers(service.servers()) : service.servers()) {
            print(server, service.id().protocol());
        }
    }

    private static String settings(final VirtualService service) {
        final ServiceSettings settings = service.settings();
        final StringBuilder text = new StringBuilder(settings.scheduler());
        text.append(EntryText.listedFlags(settings));
        if (settings.persistent()) {
            text.append(" persistent ").append(settings.persistSec());
            final String mask = EntryText.mask(service);
            text.append(mask.isEmpty() ? "" : " mask " + mask);
            text.append(settings.engine().isEmpty() ? "" : " pe " + settings.engine());
        }
        return text.append(settings.onePacket() ? " ops" : "").toString();
    }

    private void print(final RealServer server, final int protocol) {
        final Statistics carried = server.statistics();
        final String place = "  -> " + padded(cut(texts.place(server.id().address(), server.id().port(), protocol),
            server.id().address().ipv6(), SERVER_WIDTH), SERVER_WIDTH);
        final int weight = server.settings().weight();
        final ForwardingMethod method = server.settings().method();
        switch (format) {
            case STATS -> printTotals(place, carried);
            case RATE -> printRates(place, carried, false);
            case THRESHOLDS -> out.append(String.format("%s %-10d %-10d %-10d %-10d%n", place,
                server.settings().upper(), server.settings().lower(), carried.active(), carried.inactive()));
            case PERSISTENT_CONN -> out.append(String.format("%s %-9d %-11d %-10d %-10d%n", place, weight,
                carried.persistent(), carried.active(), carried.inactive()));
            case TUN_INFO -> out.append(String.format("%s %-7s %-13s %-6d %-10d %-10d%n", place, method.word(),
                method == ForwardingMethod.TUNNELING ? server.settings().tunnel().info() : "n/a", weight,
                carried.active(), carried.inactive()));
            default -> out.append(String.format("%s %-7s %-6d %-10d %-10d%n", place, method.word(), weight,
                carried.active(), carried.inactive()));
        }
    }

    private void printTotals(final String place, final Statistics statistics) {
        out.append(place);
        for (int field = ServerCounters.CONNECTIONS; field <= ServerCounters.OUT_BYTES; field++) {
            out.append(large(statistics.total(field), exact));
        }
        out.append('\n');
    }

    private void printRates(final String place, final Statistics statistics, final boolean scaled) {
        out.append(place);
        for (int field = ServerCounters.CONNECTIONS; field <= ServerCounters.OUT_BYTES; field++) {
            final long rate = statistics.rate(field);
            // ipvsadm scales the first three of a service only.
            out.append(scaled || field >= ServerCounters.IN_BYTES ? large(rate, exact) : String.format(" %8d", rate));
        }
        out.append('\n');
    }

    /** A number nine characters wide, from 100 million on in thousands, millions, ... unless it is to be exact. */
    static String large(final long number, final boolean exact) {
        if (exact) {
            return String.format("%" + Math.max(9, Long.toString(number).length() + 1) + "d", number);
        }
        if (number < 100_000_000L) {
            return String.format("%9d", number);
        }
        if (number < 1_000_000_000L) {
            return String.format("%8dK", number / 1_000);
        }
        if (number < 100_000_000_000L) {
            return String.format("%8dM", number / 1_000_000);
        }
        if (number < 100_000_000_000_000L) {
            return String.format("%8dG", number / 1_000_000_000);
        }
        return String.format("%8dT", number / 1_000_000_000_000L);
    }

    private static String cut(final String text, final boolean ipv6, final int width) {
        return ipv6 || text.length() <= width ? text : text.substring(0, width);
    }

    private static String padded(final String text, final int width) {
        return String.format("%-" + width + "s", text);
    }

    /** What is listed of each entry; the first that was asked for in this order counts. */
    private enum Format {
        STATS(Option.STATS, """
            Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
              -> RemoteAddress:Port
            """),
        RATE(Option.RATE, """
            Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
              -> RemoteAddress:Port
            """),
        THRESHOLDS(Option.THRESHOLDS, """
            Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn\s
              -> RemoteAddress:Port
            """),
        PERSISTENT_CONN(Option.PERSISTENT_CONN, """
            Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn\s
              -> RemoteAddress:Port
            """),
        TUN_INFO(Option.TUN_INFO, """
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn
            """),
        PLAIN(null, """
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            """);

        private final Option option;
        private final String title;

        Format(final Option option, final String title) {
            this.option = option;
            this.title = title;
        }

        private static Format of(final CommandLine line) {
            for (final Format format : values()) {
                if (format.option != null && line.has(format.option)) {
                    return format;
                }
            }
            return PLAIN;
        }
    }
}
