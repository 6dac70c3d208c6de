package io.ringmaster.service;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Real servers of services with data connections, by what their packets come from. They are not among those of other
 * services, so that the look-up of an ordinary reply does not meet them. Immutable; made by the control thread, read by
 * workers.
 */
public final class DataServices {
    private static final int ANY_PORT = 0;
    private static final long NO_KEY = 0;

    private final int[] ports;
    private final int[] activePorts;
    private final long[] controlKeys;
    private final long[] dataKeys;
    private final WideEndpoints endpoints;

    DataServices(final List<ServiceView> services, final RealServerView[] byNumber) {
        final List<RealServerView> servers = Stream.of(byNumber).filter(Objects::nonNull)
            .filter(server -> server.service().hasData()).toList();
        // Those of a deleted service still have connections.
        this.ports = Stream.concat(services.stream().map(ServiceView::key),
            servers.stream().map(RealServerView::service)).filter(ServiceKey::hasData)
            .mapToInt(ServiceKey::vport).distinct().toArray();
        this.activePorts = Stream.of(byNumber).filter(Objects::nonNull)
            .filter(server -> server.service().anyPort() && server.port() != ANY_PORT)
            .flatMapToInt(server -> server.service().ftpPorts().stream()).map(port -> port - 1).distinct().toArray();
        this.endpoints = new WideEndpoints(2 * servers.size());
        final int numbers = servers.isEmpty() ? 0 : byNumber.length;
        this.controlKeys = new long[numbers];
        this.dataKeys = new long[numbers];
        for (final RealServerView server : servers) {
            if (server.ipv4() == server.service().ipv4()) {
                controlKeys[server.number()] = put(server, server.port());
                dataKeys[server.number()] = put(server, ANY_PORT);
            }
        }
    }

    /** All real servers of an address and port have the number of the first. */
    private long put(final RealServerView server, final int port) {
        return endpoints.put(server.addressHigh(), server.addressLow(), port, server.service().protocol(),
            server.number());
    }

    /** Whether there is any such service, or a real server of one that was. */
    public boolean any() {
        return ports.length > 0;
    }

    /** The ports of control connections; not to be changed. */
    public int[] ports() {
        return ports;
    }

    /**
     * The ports from which clients see data connections come that real servers open from another: those that have a
     * port, in services of several. Not to be changed.
     */
    public int[] activePorts() {
        return activePorts;
    }

    /** What stands for the source of a control connection's reply among {@link #controlKeys}; 0 if it is none. */
    public long controlKey(final int protocol, final long high, final long low, final int port) {
        return port == ANY_PORT ? NO_KEY : Math.max(NO_KEY, endpoints.number(high, low, port, protocol));
    }

    /** What stands for the source of a data connection's packet among {@link #dataKeys}; 0 if it is none. */
    public long dataKey(final int protocol, final long high, final long low) {
        return Math.max(NO_KEY, endpoints.number(high, low, ANY_PORT, protocol));
    }

    /** {@link #controlKey} of each real server by its number; not to be changed. */
    public long[] controlKeys() {
        return controlKeys;
    }

    /** {@link #dataKey} of each real server by its number; not to be changed. */
    public long[] dataKeys() {
        return dataKeys;
    }
}
