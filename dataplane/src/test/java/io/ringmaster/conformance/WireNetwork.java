package io.ringmaster.conformance;

import io.ringmaster.demo.Leftovers;
import io.ringmaster.demo.Namespaces;
import io.ringmaster.netlink.Link;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.PacketSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The recorder's host as a network namespace, and one in which all that is around it is played: interface vec0 of the
 * one is a veth to vec0 of the other, and so is vec1. Frames are sent and taken at the other side's ends, whose own
 * stack keeps silent. Needs root.
 */
final class WireNetwork implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 1 << 22;
    private static final List<String> GROUPS = List.of("all", "default");

    private final String prefix = Namespaces.nextPrefix();
    private final List<PacketSocket> sockets = new ArrayList<>();

    WireNetwork(final Topology topology) {
        try {
            Namespaces.add(host());
            Namespaces.add(around());
            Namespaces.inside(host(), WireNetwork::settings);
            for (final Link link : topology.links()) {
                Namespaces.cable(new Namespaces.End(host(), link.name(), Topology.mac(link.mac())),
                    new Namespaces.End(around(), link.name(), ""), link.mtuBytes(), 1);
            }
            Namespaces.batch(host(), topology.commands().toArray(String[]::new));
            for (final Link link : topology.links()) {
                Namespaces.batch(around(), "link set " + link.name() + " arp off");
                sockets.add(NetworkNamespace.call(around(), () -> PacketSocket.open(link.name(), PacketSocket.ALL,
                    true).receiveBuffer(RECEIVE_BUFFER_BYTES)));
            }
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    /** As the recorder's host had them, where a new namespace has others; ICMP errors above all are not limited. */
    private static void settings() {
        Namespaces.set("ipv4/ip_forward", 1);
        for (final String group : GROUPS) {
            Namespaces.set("ipv6/conf/" + group + "/disable_ipv6", 0);
            Namespaces.set("ipv6/conf/" + group + "/forwarding", 1);
            Namespaces.set("ipv6/conf/" + group + "/accept_ra", 0);
            Namespaces.set("ipv6/conf/" + group + "/accept_dad", 0);
            Namespaces.set("ipv6/conf/" + group + "/router_solicitations", 0);
            Namespaces.set("ipv6/conf/" + group + "/accept_redirects", 0);
        }
        // No link-local addresses, which would be told to everybody.
        Namespaces.set("ipv6/conf/default/addr_gen_mode", 1);
        Namespaces.set("ipv4/icmp_ratelimit", 0);
        Namespaces.set("ipv4/icmp_ratemask", 0);
        Namespaces.set("ipv6/icmp/ratelimit", 0);
    }

    /** The host's namespace. */
    String host() {
        return prefix + "host";
    }

    private String around() {
        return prefix + "around";
    }

    /** The other end of an interface of the host. */
    PacketSocket socket(final int port) {
        return sockets.get(port);
    }

    @Override
    public void close() {
        sockets.forEach(PacketSocket::close);
        Leftovers.removeNamespace(host());
        Leftovers.removeNamespace(around());
    }
}
