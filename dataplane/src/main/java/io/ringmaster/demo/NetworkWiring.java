package io.ringmaster.demo;

import static io.ringmaster.demo.Namespaces.batch;
import static io.ringmaster.demo.Namespaces.inside;
import static io.ringmaster.demo.Namespaces.set;

import io.ringmaster.service.ForwardingMethod;
import java.util.ArrayList;
import java.util.List;

/** Makes the namespaces, cables, addresses, routes and settings of a {@link DemoNetwork}. */
final class NetworkWiring {
    /** MAC of real server 0: that of number n is n higher. */
    static final long REAL_SERVER_MAC = 0x02_00_00_00_02_10L;
    private static final int CLIENT_MTU = 1500;
    private static final int PAST_THE_DIRECTOR = 100;
    private final DemoNetwork network;
    private final DemoNetwork.Options options;

    NetworkWiring(final DemoNetwork network, final DemoNetwork.Options options) {
        this.network = network;
        this.options = options;
    }

    void wire() {
        network.names().forEach(Namespaces::add);
        switchboard();
        client();
        director();
        for (int i = 1; i <= options.realServers(); i++) {
            realServer(i);
        }
        for (final String bridge : List.of("br-client", "br-server")) {
            Namespaces.awaitRunning(network.switchboard(), bridge);
        }
    }

    private void switchboard() {
        batch(network.switchboard(),
            "link add br-client address 02:00:00:00:01:fe type bridge forward_delay 0 mcast_snooping 0",
            "link add br-server address 02:00:00:00:02:fe mtu " + options.serverMtuBytes()
                + " type bridge forward_delay 0 mcast_snooping 0",
            "address add 10.77.1.254/24 dev br-client",
            "address add 10.77.2.254/24 dev br-server",
            "link set br-client up", "link set br-server up");
        inside(network.switchboard(), () -> set("ipv4/ip_forward", 1));
    }

    private void client() {
        cable(network.client(), DemoNetwork.ETH0, "02:00:00:00:01:0b", "client", "br-client", CLIENT_MTU);
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < options.clients(); i++) {
            lines.add("address add " + network.clientAddress(i) + "/24 dev eth0");
        }
        lines.add("route add 10.77.2.0/24 via " + DemoNetwork.DIRECTOR_FRONT);
        batch(network.client(), lines.toArray(String[]::new));
    }

    private void director() {
        cable(network.director(), DemoNetwork.FRONT, "02:00:00:00:01:01", "front", "br-client", CLIENT_MTU);
        cable(network.director(), DemoNetwork.BACK, "02:00:00:00:02:01", "back", "br-server",
            options.serverMtuBytes());
        inside(network.director(), () -> set("ipv4/ip_forward", 1));
        batch(network.director(),
            "address add " + DemoNetwork.DIRECTOR_FRONT + "/24 dev front",
            "address add " + DemoNetwork.DIRECTOR_BACK + "/24 dev back",
            "address add " + network.vip(ForwardingMethod.MASQUERADING) + "/32 dev front",
            "address add " + network.vip(ForwardingMethod.DIRECT_ROUTING) + "/32 dev front",
            "address add " + network.vip(ForwardingMethod.TUNNELING) + "/32 dev front");
    }

    private void realServer(final int number) {
        final String name = network.realServer(number);
        cable(name, DemoNetwork.ETH0, "02:00:00:00:02:1" + number, "rs" + number, "br-server",
            options.serverMtuBytes());
        inside(name, () -> {
            for (final String group : List.of("all", DemoNetwork.ETH0)) {
                // Never answer ARP for the VIP on lo, and never ask with it as the sender.
                set("ipv4/conf/" + group + "/arp_ignore", 1);
                set("ipv4/conf/" + group + "/arp_announce", 2);
            }
        });
        final List<String> lines = new ArrayList<>(List.of(
            "address add " + network.rip(number) + "/24 dev eth0",
            "route add default via " + DemoNetwork.DIRECTOR_BACK,
            "route add default via 10.77.2.254 table " + PAST_THE_DIRECTOR));
        for (final ForwardingMethod method : List.of(ForwardingMethod.DIRECT_ROUTING, ForwardingMethod.TUNNELING)) {
            lines.add("address add " + network.vip(method) + "/32 dev lo");
            lines.add("rule add from " + network.vip(method) + " lookup " + PAST_THE_DIRECTOR);
        }
        batch(name, lines.toArray(String[]::new));
    }

    /** A veth from a host to a port of the switch. */
    private void cable(final String host, final String interfaceName, final String mac, final String port,
                       final String bridge, final int mtuBytes) {
        Namespaces.cable(new Namespaces.End(host, interfaceName, mac),
            new Namespaces.End(network.switchboard(), port, ""), mtuBytes, options.queues());
        batch(network.switchboard(), "link set " + port + " master " + bridge);
    }
}
