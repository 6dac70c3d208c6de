package io.ringmaster.bench.wire;

import io.ringmaster.demo.Commands;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.Namespaces;

/**
 * The kernel's own forwarding: plain routing, or DNAT by nftables. It works where it is fastest: on the generator's
 * core, within the call that sends, so that nothing is sent that it cannot take. Steered to the other core (RPS) it
 * came to a third of that for DNAT and to two thirds for routing, since packets beyond what it can do cost it as well.
 */
public final class KernelForwarder implements Forwarder {
    private final Wires wires;
    private final Conntrack conntrack;

    private KernelForwarder(final Wires wires, final Conntrack conntrack) {
        this.wires = wires;
        this.conntrack = conntrack;
    }

    /** Routes packets to the VIP on to the sink as they are. */
    public static KernelForwarder routing(final Wires wires) {
        return new KernelForwarder(wires, null).on();
    }

    /** Translates them to the real server. */
    public static KernelForwarder nftables(final Wires wires, final long connections) {
        final Conntrack conntrack = Conntrack.makeRoom(connections);
        try {
            Commands.run(DemoNetwork.insideOf(wires.director(), "nft", "-f", "-"), """
                table ip bench {
                    chain in {
                        type nat hook prerouting priority dstnat
                        ip daddr %s udp dport %d dnat to %s:%d
                    }
                }
                """.formatted(Wires.VIP, Wires.VPORT, Wires.RIP, Wires.RPORT));
            return new KernelForwarder(wires, conntrack).on();
        } catch (final RuntimeException e) {
            conntrack.close();
            throw e;
        }
    }

    private KernelForwarder on() {
        Namespaces.batch(wires.director(), "route add " + Wires.VIP + " via " + Wires.RIP);
        Namespaces.inside(wires.director(), () -> Namespaces.set("ipv4/ip_forward", 1));
        return this;
    }

    /** Nothing to do: it works while packets come. */
    @Override
    public void resume() {
    }

    @Override
    public void pause() {
    }

    @Override
    public boolean onLoadCore() {
        return true;
    }

    @Override
    public long taken() {
        return Long.parseLong(Commands.run(DemoNetwork.insideOf(wires.director(), "cat",
            "/sys/class/net/" + Wires.BACK + "/statistics/tx_packets"), "").strip());
    }

    @Override
    public void close() {
        // Routes, rules and connections go with the namespace.
        if (conntrack != null) {
            conntrack.close();
        }
    }
}
