package io.ringmaster.service;

import io.ringmaster.packet.Addresses;

/**
 * One real server of one virtual service as workers see it. Immutable; made by the control thread, which also prepares
 * here what each packet would otherwise work out anew.
 */
public final class RealServerView {
    private final int number;
    private final int endpoint;
    private final boolean ready;
    private final NextHop nextHop;
    private final Translation toRealServer;
    private final Translation toClient;
    private final int port;
    private final boolean available;
    private final ServiceKey service;
    private final ForwardingMethod method;
    private final long addressHigh;
    private final long addressLow;
    private final Capacity capacity;

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
     * A real server.
     *
     * @param number         1 to 65,535: stands for (service, RIP, rport) in connection entries and in all counters.
     * @param service        the virtual service it belongs to; its replies leave with that service's address and port.
     * @param addressHigh    RIP, high long (see {@link io.ringmaster.packet.Addresses}).
     * @param addressLow     RIP, low long.
     * @param port           rport, 0 to 65,535; the service's own port except with masquerading.
     * @param method         how packets of new connections are forwarded.
     * @param capacity       how much it takes.
     * @param available      false once it was removed while connections still refer to it.
     * @param nextHop        where its packets go.
     */
    public RealServerView(final int number, final ServiceKey service, final long addressHigh, final long addressLow,
                          final int port, final ForwardingMethod method, final Capacity capacity,
                          final boolean available, final NextHop nextHop) {
        this.number = number;
        this.service = service;
        this.addressHigh = addressHigh;
        this.addressLow = addressLow;
        this.port = port;
        this.method = method;
        this.capacity = capacity;
        this.available = available;
        this.nextHop = nextHop;
        this.endpoint = service.endpoint();
        this.ready = available && nextHop.routed() && nextHop.resolved();
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
        return Addresses.isIpv4(addressHigh, addressLow);
    }

    /** The rport, 0 to 65,535. */
    public int port() {
        return port;
    }

    /** How packets of new connections are forwarded. */
    public ForwardingMethod method() {
        return method;
    }

    /** 0 to 65,535; 0 takes no new connections. */
    public int weight() {
        return capacity.weight();
    }

    /** The last weight that was not 0; 0 if there never was one. */
    public int lastWeight() {
        return capacity.lastWeight();
    }

    /** Connections from which on it is overloaded; 0 for no limit. */
    public int upperThreshold() {
        return capacity.upperThreshold();
    }

    /** Connections below which it is released again; 0 for three quarters of the upper one. */
    public int lowerThreshold() {
        return capacity.lowerThreshold();
    }

    /** False once it was removed while connections still refer to it. */
    public boolean available() {
        return available;
    }

    /** Where its packets go. */
    public NextHop nextHop() {
        return nextHop;
    }

    /** Whether packets can be sent to it as things are: available, not the director itself, its next hop resolved. */
    public boolean ready() {
        return ready;
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
