package io.ringmaster.cli.top;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.PacketFates.Fate;
import io.ringmaster.control.PacketFates.Load;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.Statistics;
import io.ringmaster.control.VirtualService;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.ClientGoneException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that top shows, as it was counted at one moment. Immutable.
 *
 * @param atNs     as System.nanoTime.
 * @param services in the order of protocol, address and port.
 * @param fates    what became of packets.
 * @param loads    of the workers.
 */
record Sample(long atNs, List<Service> services, List<Fate> fates, List<Load> loads) {
    /** Real servers that are read before the control thread turns to others. */
    private static final int SERVERS_PER_TURN = 400;
    /** As ipvsadm lists them. */
    private static final Comparator<ServerId> SERVERS = Comparator.<ServerId, Long>comparing(id -> id.address().high(),
        Long::compareUnsigned).thenComparing(id -> id.address().low(), Long::compareUnsigned)
        .thenComparing(ServerId::port);
    private static final int COUNTED = ServerCounters.OUT_BYTES - ServerCounters.CONNECTIONS + 1;

    /**
     * A virtual service.
     *
     * @param endpoint its number.
     * @param name     protocol, address and port, or mark.
     * @param about    its scheduler.
     * @param counted  connections, packets and bytes since the start, from {@link ServerCounters#CONNECTIONS} on.
     */
    record Service(int endpoint, String name, String about, long[] counted, List<Server> servers) {
    }

    /**
     * A real server of a service.
     *
     * @param number   its number.
     * @param name     address and port.
     * @param about    forwarding method and weight.
     * @param counted  as those of services.
     * @param active   connections now.
     * @param inactive connections now.
     */
    record Server(int number, String name, String about, long[] counted, long active, long inactive) {
    }

    private record Rest(List<Fate> fates, List<Load> loads) {
    }

    /** Takes one, in several turns of the control thread where there is much. */
    static Sample of(final Call call) throws ClientGoneException {
        final List<VirtualService> known = call.ask(parts -> new ArrayList<>(parts.table().services()));
        known.sort(Comparator.comparing(VirtualService::id, order()));
        final List<Service> services = new ArrayList<>(known.size());
        while (services.size() < known.size()) {
            call.ask(parts -> read(known, services));
        }
        final Rest rest = call.ask(parts -> new Rest(parts.fates().read(), parts.fates().loads()));
        return new Sample(System.nanoTime(), services, rest.fates, rest.loads);
    }

    private static Comparator<ServiceId> order() {
        return Comparator.comparing(ServiceId::marked).thenComparing(ServiceId::protocol)
            .thenComparing(id -> id.address().ipv6()).thenComparing(id -> id.address().high(), Long::compareUnsigned)
            .thenComparing(id -> id.address().low(), Long::compareUnsigned).thenComparing(ServiceId::port)
            .thenComparing(ServiceId::mark, Integer::compareUnsigned);
    }

    private static int read(final List<VirtualService> known, final List<Service> services) {
        int read = 0;
        while (services.size() < known.size() && read < SERVERS_PER_TURN) {
            final VirtualService service = known.get(services.size());
            final List<Server> servers = new ArrayList<>(service.servers().size());
            service.servers().stream().sorted(Comparator.comparing(RealServer::id, SERVERS))
                .forEach(server -> servers.add(server(server)));
            services.add(new Service(service.endpoint(), name(service.id()), service.settings().scheduler(),
                counted(service.statistics()), servers));
            read += 1 + servers.size();
        }
        return read;
    }

    private static Server server(final RealServer server) {
        final Statistics statistics = server.statistics();
        return new Server(server.number(), place(server.id().address(), server.id().port()),
            server.settings().method().word() + " " + server.settings().weight(), counted(statistics),
            statistics.active(), statistics.inactive());
    }

    private static long[] counted(final Statistics statistics) {
        final long[] counted = new long[COUNTED];
        for (int i = 0; i < COUNTED; i++) {
            counted[i] = statistics.counted(ServerCounters.CONNECTIONS + i);
        }
        return counted;
    }

    private static String name(final ServiceId id) {
        return id.marked() ? "FWM " + Integer.toUnsignedString(id.mark()) + (id.address().ipv6() ? " IPv6" : "")
            : id.word() + " " + place(id.address(), id.port());
    }

    private static String place(final HostAddress address, final int port) {
        return (address.ipv6() ? "[" + address + "]" : address.toString()) + ":" + port;
    }
}
