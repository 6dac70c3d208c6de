package io.ringmaster.scheduler;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketFields;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.stats.WorkerServerLoad;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** As much of a control thread and a connection table as schedulers need: rules in, choices out, counts kept. */
final class RuleBook {
    private static final ServiceKey SERVICE = new ServiceKey(1, 6, 0, 0, 80);
    private static final String MARK = "mark";

    final ServerCounters counters = new ServerCounters(1);
    private final WorkerServerLoad load = new WorkerServerLoad(counters);
    private final Map<String, Service> services = new HashMap<>();
    private final Map<Integer, Held> connections = new HashMap<>();
    /** By service, RIP and port: a real server that comes back has its connections again, as in the kernel. */
    private final Map<String, Integer> numbers = new HashMap<>();

    /** Takes one rule of ipvsadm. There can be one firewall mark, which all addresses without a service have. */
    void rule(final String line) throws Exception {
        final Map<String, String> options = options(line);
        final String address = address(options);
        if (options.containsKey("-A")) {
            final SchedulerType type = SchedulerType.find(options.get("-s")).orElseThrow();
            services.put(address, new Service(type, flags(options.getOrDefault("-b", "")), address.equals(MARK)));
        } else {
            final int number = numbers.computeIfAbsent(address + " " + options.get("-r"), r -> numbers.size() + 1);
            services.get(address).change(options, number);
        }
    }

    private static String address(final Map<String, String> options) {
        if (options.containsKey("-f")) {
            return MARK;
        }
        return options.containsKey("-t") ? "tcp " + options.get("-t") : "udp " + options.get("-u");
    }

    private static Map<String, String> options(final String line) {
        final Map<String, String> options = new HashMap<>();
        final String[] words = line.split(" ");
        for (int i = 0; i < words.length; i++) {
            if (words[i].startsWith("-")) {
                options.put(words[i], i + 1 < words.length ? words[i + 1] : "");
            }
        }
        return options;
    }

    private static int flags(final String words) {
        return (words.contains("fallback") ? SchedulerType.FALLBACK : 0)
            | (words.contains("port") ? SchedulerType.PORT : 0);
    }

    /** The time from now on, in milliseconds. */
    void time(final long nowMs) {
        load.beginCycle(nowMs);
    }

    /** Opens a connection to protocol, address and port: its RIP, or "-". */
    String open(final int id, final String client, final int clientPort, final String target) throws Exception {
        final boolean active = target.startsWith("tcp");
        final Service service = services.get(target);
        final ServiceView view = service == null ? services.get(MARK).view : service.view;
        final InetAddress destination = InetAddress.getByName(target.split("[ :]")[1]);
        final Packet packet = PacketFields.from(InetAddress.getByName(client), clientPort, destination);
        final int place = view.scheduler(0).choose(view, packet, load);
        if (place == Scheduler.NONE) {
            return "-";
        }
        final RealServerView server = view.server(place);
        connections.put(id, new Held(server, active));
        count(server, active ? ServerCounters.ACTIVE : ServerCounters.INACTIVE, 1);
        return Addresses.toInetAddress(server.addressHigh(), server.addressLow()).getHostAddress();
    }

    /** A connection's first FIN or RST. */
    void close(final int id) {
        final Held held = connections.get(id);
        // Both before anybody looks: a real server that is full has not one connection less for a moment.
        counters.add(0, held.server.number(), ServerCounters.ACTIVE, -1);
        count(held.server, ServerCounters.INACTIVE, 1);
        connections.put(id, new Held(held.server, false));
    }

    /** A connection timed out. */
    void end(final int id) {
        final Held held = connections.remove(id);
        count(held.server, held.active ? ServerCounters.ACTIVE : ServerCounters.INACTIVE, -1);
    }

    private void count(final RealServerView server, final int field, final long delta) {
        counters.add(0, server.number(), field, delta);
        load.connectionsChanged(server);
    }

    private record Held(RealServerView server, boolean active) {
    }

    private final class Service {
        private final SchedulerType type;
        private final int flags;
        private final Scheduler scheduler;
        private final List<RealServerView> servers = new ArrayList<>();
        private ServiceView view;

        Service(final SchedulerType type, final int flags, final boolean marked) {
            this.type = type;
            this.flags = flags;
            this.scheduler = type.newScheduler(marked);
            publish();
        }

        void change(final Map<String, String> options, final int number) throws Exception {
            final String[] rip = options.get("-r").split(":");
            final InetAddress address = InetAddress.getByName(rip[0]);
            final int port = rip.length == 1 ? 0 : Integer.parseInt(rip[1]);
            int place = 0;
            while (place < servers.size() && servers.get(place).addressLow() != Addresses.low(address)) {
                place++;
            }
            if (options.containsKey("-d")) {
                servers.remove(place);
            } else if (options.containsKey("-e")) {
                final RealServerView old = servers.get(place);
                servers.set(place, server(old.number(), address, port, old.lastWeight(), options));
            } else {
                servers.addFirst(server(number, address, port, 0, options));
            }
            publish();
            scheduler.serversChanged(view);
            servers.forEach(load::edited);
        }

        private RealServerView server(final int number, final InetAddress address, final int port,
                                      final int lastWeight, final Map<String, String> options) {
            final int weight = Integer.parseInt(options.getOrDefault("-w", "1"));
            return new RealServerView(number, SERVICE, Addresses.high(address), Addresses.low(address), port,
                ForwardingMethod.MASQUERADING, new RealServerView.Capacity(weight, weight == 0 ? lastWeight : weight,
                Integer.parseInt(options.getOrDefault("-x", "0")), Integer.parseInt(options.getOrDefault("-y", "0"))),
                true, NextHop.NONE);
        }

        private void publish() {
            final RealServerView[] array = servers.toArray(RealServerView[]::new);
            view = new ServiceView(new ServiceKey(1, 6, 0, 0, 80), flags, array, type.prepare(array, flags),
                new Scheduler[] {scheduler});
        }
    }
}
