package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TcpState;
import io.ringmaster.service.RealServerView;
import io.ringmaster.stats.CounterLines;
import io.ringmaster.stats.ServerCounters;

/**
 * One worker's book-keeping for real servers and services: connections by class, packets, bytes. Owned by one worker.
 * <p>
 * A connection is counted in by the worker whose CAS made it, moved from active to inactive by the one whose CAS
 * changed its state, and counted out by the one whose CAS ended it; so every step is counted once, whoever takes it.
 */
final class ServerCounts {
    private final CounterLines servers;
    private final CounterLines services;

    ServerCounts(final int worker, final ServerCounters servers, final ServerCounters services) {
        this.servers = servers.ofWorker(worker);
        this.services = services.ofWorker(worker);
    }

    void created(final RealServerView server, final long value) {
        servers.add(server.number(), population(value), 1);
        servers.add(server.number(), ServerCounters.CONNECTIONS, 1);
        services.add(server.endpoint(), ServerCounters.CONNECTIONS, 1);
    }

    /** A connection that nobody scheduled: a control connection made it. */
    void controlled(final RealServerView server, final long value) {
        servers.add(server.number(), population(value), 1);
    }

    /** A connection that is over with its first packet: of none that lives. */
    void onePacket(final RealServerView server) {
        servers.add(server.number(), ServerCounters.CONNECTIONS, 1);
        services.add(server.endpoint(), ServerCounters.CONNECTIONS, 1);
    }

    /** A connection without real server was made; its class is counted where no real server is. */
    void bypassed(final long value) {
        servers.add(ConnectionValue.NO_SERVER, population(value), 1);
    }

    void templateCreated(final RealServerView server) {
        servers.add(server.number(), ServerCounters.PERSISTENT, 1);
    }

    void ended(final long value) {
        servers.add(ConnectionValue.realServer(value), population(value), -1);
    }

    void changed(final long before, final long after) {
        final int from = population(before);
        final int to = population(after);
        if (from != to) {
            servers.add(ConnectionValue.realServer(after), from, -1);
            servers.add(ConnectionValue.realServer(after), to, 1);
        }
    }

    void fromClient(final RealServerView server, final int networkLengthBytes) {
        servers.addPacket(server.number(), ServerCounters.IN_PACKETS, ServerCounters.IN_BYTES,
            networkLengthBytes);
        services.addPacket(server.endpoint(), ServerCounters.IN_PACKETS, ServerCounters.IN_BYTES,
            networkLengthBytes);
    }

    /** Of one that was removed, the kernel counts nothing (ip_vs_core.c, ip_vs_out_stats). */
    void toClient(final RealServerView server, final int networkLengthBytes) {
        servers.addPacket(server.repliesNumber(), ServerCounters.OUT_PACKETS, ServerCounters.OUT_BYTES,
            networkLengthBytes);
        services.addPacket(server.repliesEndpoint(), ServerCounters.OUT_PACKETS, ServerCounters.OUT_BYTES,
            networkLengthBytes);
    }

    private static int population(final long value) {
        if (ConnectionValue.isTemplate(value)) {
            return ServerCounters.PERSISTENT;
        }
        return TcpState.isActive(ConnectionValue.state(value)) ? ServerCounters.ACTIVE : ServerCounters.INACTIVE;
    }
}
