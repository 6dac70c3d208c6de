package io.ringmaster.service;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;

/**
 * One real server of one virtual service as workers see it. Immutable; made by the control thread, which also prepares
 * here what each packet would otherwise work out anew.
 */
public final class RealServerView {
    /** Where counters are that nobody reads. */
    private static final int NOT_COUNTED = 0;

    private final int number;
    private final int endpoint;
    private final int repliesNumber;
    private final int repliesEndpoint;
    private final boolean ready;
    private final NextHop nextHop;
    private final Translation toRealServer;
    private final Translation toClient;
    private final int port;
    private final boolean available;
    private final boolean cut;
    private final ServiceKey service;
    private final ForwardingMethod method;
    private final int methodNumber;
    private final long addressHigh;
    private final long addressLow;
    private final TunnelView tunnel;
    private final int tunnelOverheadBytes;
    private final int weight;
    private final int lastWeight;
    private final int upperThreshold;
    private final int lowerThreshold;
    private final int alwaysTunneledBytes;
    private final boolean ipip;
    private final boolean ipv4;

    /**
     * How much of the connections a real server takes.
     *
     * @param weight         0 to 65,535; 0 takes no new connections.
     * @param lastWeight     the last weight that was not 0 (mh keeps its table by it); 0 if there never was one.
     * @param upperThreshold connections from which on it is overloaded; 0 for no limit.
     * @param lowerThreshold connections below which it is released again; 0 for three quarters of the upper one.
     */
    public record Capacity(int weight, int lastWeight, int upperThreshold, int lowerThreshold) {
    }

    /**
     * How packets get to a real server.
     *
     * @param nextHop where they go.
     * @param tunnel  how those of tunneled connections are wrapped.
     */
    public record Way(NextHop nextHop, TunnelView tunnel) {
    }

    /** Whether packets of connections go to a real server. */
    public enum Presence {
        /** They do. */
        SERVING,
        /** They are dropped: it was removed, and may come back. */
        REMOVED,
        /** Each ends its connection: a drain had no more time. */
        CUT
    }

    /** A real server that is tunneled to by IPIP, if it is tunneled to. */
    public RealServerView(final int number, final ServiceKey service, final long addressHigh, final long addressLow,
                          final int port, final ForwardingMethod method, final Capacity capacity,
                          final boolean available, final NextHop nextHop) {
        this(number, service, addressHigh, addressLow, port, method, capacity,
            available ? Presence.SERVING : Presence.REMOVED, new Way(nextHop, TunnelView.ipip()));
    }

    /**
     * A real server.
     *
     * @param number         1 to 65,535: stands for (service, RIP, rport) in connection entries and in all counters.
     * @param service        the virtual service it belongs to; its replies leave with that service's address and port.
     * @param addressHigh    RIP, high long (see {@link io.ringmaster.packet.Addresses}).
     * @param addressLow     RIP, low long.
     * @param port           rport, 0 to 65,535; the service's own port except with masquerading.
     * @param method         how packets of new connections are forwarded.
     * @param capacity       how much it takes.
     * @param presence       whether it is there for the connections that refer to it.
     * @param way            how its packets get there.
     */
    public RealServerView(final int number, final ServiceKey service, final long addressHigh, final long addressLow,
                          final int port, final ForwardingMethod method, final Capacity capacity,
                          final Presence presence, final Way way) {
        this.number = number;
        this.service = service;
        this.addressHigh = addressHigh;
        this.addressLow = addressLow;
        this.port = port;
        this.method = method;
        this.methodNumber = method.ordinal();
        this.weight = capacity.weight();
        this.lastWeight = capacity.lastWeight();
        this.upperThreshold = capacity.upperThreshold();
        this.lowerThreshold = capacity.lowerThreshold();
        this.available = presence == Presence.SERVING;
        this.cut = presence == Presence.CUT;
        this.nextHop = way.nextHop();
        this.tunnel = way.tunnel();
        this.ipv4 = Addresses.isIpv4(addressHigh, addressLow);
        this.tunnelOverheadBytes = tunnel.layerBytes()
            + (ipv4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES);
        this.alwaysTunneledBytes = Math.min(nextHop.mtuBytes(), tunnel.path().leastBytes()) - tunnelOverheadBytes;
        this.ipip = tunnel.type() == TunnelView.Type.IPIP;
        this.endpoint = service.endpoint();
        this.repliesNumber = presence == Presence.REMOVED ? NOT_COUNTED : number;
        this.repliesEndpoint = presence == Presence.REMOVED ? NOT_COUNTED : endpoint;
        // Those of a service of several ports are no common case: what is sent to them has a way of its own.
        this.ready = available && nextHop.routed() && nextHop.resolved() && !service.anyPort()
            && !service.hasData();
        this.toRealServer = new Translation(service.vipHigh(), service.vipLow(), service.vport(), addressHigh,
            addressLow, port);
        this.toClient = new Translation(addressHigh, addressLow, port, service.vipHigh(), service.vipLow(),
            service.vport());
    }

    /** 1 to 65,535: stands for (service, RIP, rport) in connection entries and in all counters. */
    public int number() {
        return number;
    }

    /** The virtual service it belongs to. */
    public ServiceKey service() {
        return service;
    }

    /** The number of the service's protocol, VIP and port, 1 to 65,535. */
    public int endpoint() {
        return endpoint;
    }

    /** Where its replies are counted: {@link #number}, or 0 once it was removed. */
    public int repliesNumber() {
        return repliesNumber;
    }

    /** Where they are counted for its service: {@link #endpoint}, or 0 once it was removed. */
    public int repliesEndpoint() {
        return repliesEndpoint;
    }

    /** RIP, high long. */
    public long addressHigh() {
        return addressHigh;
    }

    /** RIP, low long. */
    public long addressLow() {
        return addressLow;
    }

    /** Whether its address is an IPv4 one, whatever its service's is. */
    public boolean ipv4() {
        return ipv4;
    }

    /** The rport, 0 to 65,535. */
    public int port() {
        return port;
    }

    /** How packets of new connections are forwarded. */
    public ForwardingMethod method() {
        return method;
    }

    /** The same as the number that connection entries have. */
    public int methodNumber() {
        return methodNumber;
    }

    /** 0 to 65,535; 0 takes no new connections. */
    public int weight() {
        return weight;
    }

    /** The last weight that was not 0; 0 if there never was one. */
    public int lastWeight() {
        return lastWeight;
    }

    /** Connections from which on it is overloaded; 0 for no limit. */
    public int upperThreshold() {
        return upperThreshold;
    }

    /** Connections below which it is released again; 0 for three quarters of the upper one. */
    public int lowerThreshold() {
        return lowerThreshold;
    }

    /** False once it was removed, or cut, while connections still refer to it. */
    public boolean available() {
        return available;
    }

    /** Whether its connections end with their clients' next packets. */
    public boolean cut() {
        return cut;
    }

    /** Where its packets go. */
    public NextHop nextHop() {
        return nextHop;
    }

    /** As {@link #ready}, of services of several ports, too. */
    public boolean reachable() {
        return available && nextHop.routed() && nextHop.resolved();
    }

    /**
     * Whether packets can be sent to it as things are: available, not the director itself, its next hop resolved; and
     * its service is one of one port, data connections included.
     */
    public boolean ready() {
        return ready;
    }

    /** How packets of connections that are tunneled are wrapped. */
    public TunnelView tunnel() {
        return tunnel;
    }

    /** Bytes that such packets grow by: the outer IP header and what stands behind it. */
    public int tunnelOverheadBytes() {
        return tunnelOverheadBytes;
    }

    /** The largest packet that fits into its tunnel whatever routers tell: so for smaller ones nothing is looked at. */
    public int alwaysTunneledBytes() {
        return alwaysTunneledBytes;
    }

    /** Whether its tunnel has nothing between the outer and the inner IP header. */
    public boolean ipip() {
        return ipip;
    }

    /** What masquerading writes into its clients' packets. */
    public Translation toRealServer() {
        return toRealServer;
    }

    /** What masquerading writes into its own packets. */
    public Translation toClient() {
        return toClient;
    }
}
