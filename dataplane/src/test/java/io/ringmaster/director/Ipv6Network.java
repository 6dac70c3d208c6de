package io.ringmaster.director;

import io.ringmaster.demo.DemoNetwork;
import java.util.List;

/** The demo network's second family: addresses, routes and forwarding of IPv6 beside those of IPv4. */
final class Ipv6Network {
    /** Address of a service, on the director and silently on real servers. */
    static final String VIP = "fd77:1::102";
    /** The router between real servers and clients. */
    static final String SWITCH = "fd77:2::fe";
    /** The director's address towards the real servers. */
    static final String DIP = "fd77:2::1";

    private Ipv6Network() {
    }

    /** Address of a real server. */
    static String rip(final int server) {
        return "fd77:2::1" + server;
    }

    static String bracketed(final String address) {
        return "[" + address + "]";
    }

    /** Client, director and router, once for a network. */
    static void add(final DemoNetwork network) {
        for (final String host : List.of(network.switchboard(), network.client(), network.director())) {
            network.exec(host, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
        }
        address(network, network.switchboard(), "fd77:1::fe/64", "br-client");
        address(network, network.switchboard(), SWITCH + "/64", "br-server");
        address(network, network.client(), "fd77:1::11/64", DemoNetwork.ETH0);
        address(network, network.director(), "fd77:1::1/64", DemoNetwork.FRONT);
        address(network, network.director(), VIP + "/128", DemoNetwork.FRONT);
        address(network, network.director(), DIP + "/64", DemoNetwork.BACK);
        network.exec(network.switchboard(), "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        network.exec(network.director(), "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
    }

    /** A real server, whose replies leave by a gateway: the router, or with NAT the director. */
    static void addServer(final DemoNetwork network, final int server, final String gateway) {
        final String host = network.realServer(server);
        network.exec(host, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
        address(network, host, rip(server) + "/64", DemoNetwork.ETH0);
        address(network, host, VIP + "/128", "lo");
        network.exec(host, "ip", "-6", "route", "add", "default", "via", gateway);
    }

    private static void address(final DemoNetwork network, final String host, final String address,
                                final String interfaceName) {
        network.exec(host, "ip", "address", "add", address, "dev", interfaceName, "nodad");
    }
}
