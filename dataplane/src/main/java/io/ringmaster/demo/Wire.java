package io.ringmaster.demo;

import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Tcp;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the capture must have seen of one connection's first two packets, by forwarding method: before the director and
 * after it, there and back.
 */
final class Wire {
    private final DemoNetwork network;
    private final Scenario scenario;
    private final List<SeenPacket> packets;

    Wire(final DemoNetwork network, final Scenario scenario, final List<SeenPacket> packets) {
        this.network = network;
        this.scenario = scenario;
        this.packets = packets.stream().filter(p -> (p.innermost().tcpFlags() & Tcp.SYN) != 0).toList();
    }

    /** The packets that are to be shown: SYN and SYN+ACK of the connection, at every port they passed. */
    List<SeenPacket> shown() {
        return packets;
    }

    void check(final Checks checks) {
        final String vip = network.vip(scenario.method());
        final SeenPacket before = find(p -> p.port().equals(DemoNetwork.FRONT) && !p.fromHost());
        final SeenPacket after = find(p -> p.port().equals(DemoNetwork.BACK) && p.fromHost());
        final SeenPacket reply = find(p -> p.port().equals("client") && !p.fromHost());
        if (before == null || after == null || reply == null) {
            checks.that("the capture saw the connection before and after the director", false, packets);
            return;
        }
        checks.that("before: client > " + vip + ":" + DemoServer.PORT,
            before.destination().equals(vip) && before.destinationPort() == DemoServer.PORT, before);
        checks.that("after: " + expectation(), forwarded(before, after), after);
        checks.that("the reply comes from " + vip + ":" + DemoServer.PORT + returning(),
            reply.source().equals(vip) && reply.sourcePort() == DemoServer.PORT && cameRightWay(), reply);
    }

    private SeenPacket find(final Predicate<SeenPacket> predicate) {
        return packets.stream().filter(predicate).findFirst().orElse(null);
    }

    private String expectation() {
        return switch (scenario) {
            case NAT -> "to RIP:" + scenario.realPort() + ", source kept, TTL one less";
            case DR -> "the same addresses, MAC of the real server, TTL one less";
            case TUN -> "the same packet inside IPIP from " + DemoNetwork.DIRECTOR_BACK + " to RIP";
        };
    }

    private String returning() {
        return scenario == Scenario.NAT ? ", through the director" : ", past the director";
    }

    private boolean forwarded(final SeenPacket before, final SeenPacket after) {
        final SeenPacket inner = after.innermost();
        final boolean same = inner.source().equals(before.source()) && inner.sourcePort() == before.sourcePort()
            && inner.timeToLive() == before.timeToLive() - 1 && inner.lengthBytes() == before.lengthBytes();
        final boolean vipKept = inner.destination().equals(before.destination())
            && inner.destinationPort() == before.destinationPort();
        return same && switch (scenario) {
            case NAT -> isRip(after.destination()) && after.destinationPort() == scenario.realPort();
            case DR -> vipKept && after.inner() == null && isRealServersMac(after.destinationMac());
            case TUN -> vipKept && after.protocol() == Ipv4.PROTOCOL_IPIP && isRip(after.destination())
                && after.source().equals(DemoNetwork.DIRECTOR_BACK);
        };
    }

    private boolean isRip(final String address) {
        for (int i = 1; i <= network.realServers(); i++) {
            if (network.rip(i).equals(address)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRealServersMac(final long mac) {
        return mac > NetworkWiring.REAL_SERVER_MAC && mac <= NetworkWiring.REAL_SERVER_MAC + network.realServers();
    }

    /** A masqueraded reply leaves by the director's front; one of another method never does. */
    private boolean cameRightWay() {
        final boolean byDirector = packets.stream().anyMatch(p -> p.port().equals(DemoNetwork.FRONT) && p.fromHost());
        return byDirector == (scenario == Scenario.NAT);
    }
}
