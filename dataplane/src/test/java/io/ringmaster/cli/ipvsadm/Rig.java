package io.ringmaster.cli.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.connection.TcpState;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.Reply;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.VirtualService;
import io.ringmaster.control.Wanted;
import io.ringmaster.service.NextHop;
import io.ringmaster.stats.ServerCounters;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ipvsadm over a fake director, with the traffic that the recorded listings saw. */
final class Rig {
    /** A word of the shell, of which parts may be quoted. */
    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^ \"'])+");
    private static final Pattern PIPE = Pattern.compile("printf (?:-- )?'(.*)' \\| (\\S+)(?: .*)?");

    final FakeDataplane dataplane = new FakeDataplane();
    final ServiceTable table = new ServiceTable(dataplane, (high, low) -> NextHop.NONE, TcpState.defaults());
    private final Ipvsadm ipvsadm;

    Rig() {
        try {
            final Path services = Path.of(Rig.class.getResource("/cli/services").toURI());
            ipvsadm = new Ipvsadm(table, new Names(services, services.resolveSibling("hosts")));
        } catch (final URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a shell line of the recorded kind. */
    RecordedText run(final String command) {
        final Reply reply = answer(command);
        return new RecordedText(command, reply.exit(), reply.whole(), reply.err());
    }

    private Reply answer(final String command) {
        final Matcher pipe = PIPE.matcher(command);
        if (pipe.matches()) {
            final String stdin = pipe.group(1).translateEscapes();
            return pipe.group(2).equals("ipvsadm-restore") ? ipvsadm.restore(stdin)
                : ipvsadm.run(List.of("-R"), stdin);
        }
        final List<String> words = WORD.matcher(command).results()
            .map(word -> word.group().replaceAll("\"([^\"]*)\"|'([^']*)'", "$1$2")).toList();
        final List<String> arguments = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "ipvsadm" -> ipvsadm.run(arguments, "");
            case "ipvsadm-save" -> ipvsadm.save(arguments);
            case "ipvsadm-restore" -> ipvsadm.restore("");
            case "ringmaster" -> proc(words.getLast());
            default -> throw new IllegalArgumentException("not a command of ours: " + command);
        };
    }

    private Reply proc(final String name) {
        final ProcTables tables = new ProcTables(table);
        return switch (name) {
            case "ip_vs" -> Reply.of(tables.services());
            case "ip_vs_stats" -> Reply.of(tables.totals());
            case "ip_vs_stats_percpu" -> Reply.of(tables.workers());
            default -> new Reply(0, "", "", tables.connections());
        };
    }

    /** Rules, connections and counters of the recorded listings; rates as they were four seconds after the traffic. */
    void fill(final String rules, final int ageSec) {
        final Reply reply = ipvsadm.restore(rules);
        assertEquals("", reply.err());
        table.onTick(0);
        connection("TCP 10.1.0.100:80", "10.2.0.11:8080", "10.9.1.2:4001", "ESTABLISHED", 900 - ageSec, 2, 80);
        connection("TCP 10.1.0.100:80", "10.2.0.11:8080", "10.9.1.3:4002", "ESTABLISHED", 900 - ageSec, 2, 80);
        connection("TCP 10.1.0.100:80", "10.2.0.12:80", "10.9.1.1:4000", "SYN_RECV", 60 - ageSec, 1, 40);
        for (int i = 1; i <= 3; i++) {
            final String client = "10.9.1." + i + ":" + (3999 + i);
            connection("TCP 10.1.0.101:443", "10.2.0.15:443", client, "SYN_RECV", 60 - ageSec, 1, 40);
            connection("TCP 10.1.0.102:0", "10.2.0.11:0", client, "SYN_RECV", 60 - ageSec, 1, 40);
            template("TCP 10.1.0.102:0", "10.2.0.11:0", "10.9.1." + i, 3600 - ageSec);
            connection("FWM  1", "10.2.0.11:0", client, "SYN_RECV", 60 - ageSec, 1, 40);
            count("UDP  10.1.0.100:53", "10.2.0.11:53", 1, 29);
            connection("TCP  [fd01::100]:80", i == 2 ? "[fd02::b]:8080"
                : "[fd02:1234:5678:9abc:def0:1234:5678:9abc]:8080", "[fd09::" + i + "]:" + (3999 + i), "SYN_RECV",
                60 - ageSec, 1, 60);
        }
        template("TCP 10.1.0.101:443", "10.2.0.15:443", "10.9.1.0", 300 - ageSec);
        table.onTick(2_000_000_000L);
        table.onTick(4_000_000_000L);
    }

    private void connection(final String service, final String server, final String client, final String state,
                            final long expireSec, final int packets, final int bytes) {
        final RealServer found = count(service, server, packets, bytes);
        final ServerCounters counters = dataplane.serverCounters();
        counters.add(0, found.number(), ServerCounters.ACTIVE, 1);
        final Wanted wanted = service.startsWith("FWM") ? new Wanted(ServiceId.TCP,
            HostAddress.parseIpv4("10.5.0.1").orElseThrow(), 22)
            : service.endsWith(":0") ? new Wanted(0, null, 8080) : null;
        show(service, found, client.substring(0, client.lastIndexOf(':')),
            Integer.parseInt(client.substring(client.lastIndexOf(':') + 1)), state, expireSec, wanted);
    }

    private void template(final String service, final String server, final String client, final long expireSec) {
        final RealServer found = server(service(service), server);
        dataplane.serverCounters().add(1, found.number(), ServerCounters.PERSISTENT, 1);
        show(service, found, client, 0, "NONE", expireSec, null);
    }

    private void show(final String service, final RealServer server, final String client, final int port,
                      final String state, final long expireSec, final Wanted wanted) {
        final HostAddress address = HostAddress.parseIpv6(client.replaceAll("[\\[\\]]", ""))
            .or(() -> HostAddress.parseIpv4(client)).orElseThrow();
        final int endpoint = service(service).endpoint();
        dataplane.connections.add(wanted == null
            ? visitor -> visitor.connection(address, port, endpoint, server.number(), state, expireSec)
            : visitor -> visitor.connectionOfAnyPort(address, port, endpoint, server.number(), state, expireSec,
                wanted));
    }

    private RealServer count(final String service, final String server, final int packets, final int bytes) {
        final VirtualService of = service(service);
        final RealServer found = server(of, server);
        count(dataplane.serverCounters(), found.number(), packets, bytes);
        count(dataplane.serviceCounters(), of.endpoint(), packets, bytes);
        return found;
    }

    private static void count(final ServerCounters counters, final int number, final int packets, final int bytes) {
        counters.add(0, number, ServerCounters.CONNECTIONS, 1);
        counters.add(0, number, ServerCounters.IN_PACKETS, packets);
        counters.add(0, number, ServerCounters.IN_BYTES, bytes);
    }

    private VirtualService service(final String text) {
        final EntryText texts = new EntryText(null, true);
        return table.services().stream()
            .filter(service -> texts.service(service.id()).replace("  ", " ").equals(text.replace("  ", " ")))
            .findFirst().orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static RealServer server(final VirtualService service, final String text) {
        final EntryText texts = new EntryText(null, true);
        return service.servers().stream()
            .filter(server -> texts.place(server.id().address(), server.id().port(), 0).equals(text))
            .findFirst().orElseThrow(() -> new IllegalArgumentException(text));
    }
}
