package io.ringmaster.control;

import io.ringmaster.service.PathMtu;
import io.ringmaster.service.FtpPorts;
import io.ringmaster.service.PersistTimes;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The numbers of virtual services and real servers, and what was removed but still has its number because connections
 * refer to it. The kernel calls it the trash (ip_vs_ctl.c): a real server leaves it when it comes back to the same
 * service address, or 120 seconds after its last connection ended. Owned by the control thread.
 */
final class Registry {
    private static final long KEEP_NS = 120_000_000_000L;

    private final Dataplane dataplane;
    private final Numbers endpointNumbers = new Numbers();
    private final Numbers serverNumbers = new Numbers();
    private final Map<ServiceId, Integer> endpoints = new HashMap<>();
    private final Map<Integer, ServiceId> byEndpoint = new HashMap<>();
    private final Map<ServiceId, Long> unusedSinceNs = new HashMap<>();
    private final Map<ServiceId, PersistTimes> persistTimes = new HashMap<>();
    private final Map<Integer, RealServer> servers = new HashMap<>();
    private final Map<Place, RealServer> trash = new HashMap<>();
    /** The same by the number of their service. */
    private final Map<Integer, Set<RealServer>> retired = new HashMap<>();
    private final Map<HostAddress, PathMtu> paths = new HashMap<>();
    private int highestEndpoint;
    private Set<Integer> ftpPorts = Set.of(ServiceKey.FTP_PORT);
    private RealServerView[] views = new RealServerView[1];
    private boolean viewsShared;

    Registry(final Dataplane dataplane) {
        this.dataplane = dataplane;
    }

    /** The TCP ports of services with the FTP helper. */
    void helpFtp(final Set<Integer> ports) {
        ftpPorts = Set.copyOf(ports);
    }

    /** A service with its old number, if that is still kept. */
    VirtualService newService(final ServiceId id) {
        final int endpoint = endpoints.computeIfAbsent(id, unknown -> {
            if (!endpointNumbers.left()) {
                throw new RefusedException("65,535 virtual services exist or were deleted lately: no number is left; "
                    + "delete some and wait until their connections have ended.");
            }
            return endpointNumbers.take();
        });
        highestEndpoint = Math.max(highestEndpoint, endpoint);
        byEndpoint.put(endpoint, id);
        unusedSinceNs.remove(id);
        final PersistTimes times = persistTimes.remove(id);
        return new VirtualService(id, endpoint, ftpPortsOf(id), new Statistics(dataplane.serviceCounters(), endpoint),
            times == null ? PersistTimes.NONE : times);
    }

    private FtpPorts ftpPortsOf(final ServiceId id) {
        if (id.protocol() != ServiceId.TCP && !id.marked()) {
            return FtpPorts.NONE;
        }
        return FtpPorts.of(id.port() == 0 ? ftpPorts : ftpPorts.contains(id.port()) ? Set.of(id.port()) : Set.of());
    }

    /** Keeps what a deleted service's templates may still be asked for. */
    void retire(final VirtualService service) {
        persistTimes.put(service.id(), service.persistTimes());
        service.servers().forEach(this::retire);
    }

    /** The highest number that a service ever had. */
    int highestEndpoint() {
        return highestEndpoint;
    }

    /** The removed real server of this place, or a new one. */
    RealServer newServer(final VirtualService service, final ServerId id) {
        final RealServer old = trash.remove(new Place(service.endpoint(), id));
        if (old != null) {
            forgetRetired(old);
            return old;
        }
        if (!serverNumbers.left()) {
            throw new RefusedException("65,535 real servers exist or were removed lately: no number is left; "
                + "remove some and wait until their connections have ended.");
        }
        final int number = serverNumbers.take();
        final RealServer server = new RealServer(number, id, service.key(),
            new Statistics(dataplane.serverCounters(), number),
            paths.computeIfAbsent(id.address(), address -> new PathMtu(address.ipv6())));
        servers.put(number, server);
        return server;
    }

    /** Keeps a removed real server until nothing refers to it. */
    void retire(final RealServer server) {
        server.remove();
        update(server);
        trash.put(new Place(server.service().endpoint(), server.id()), server);
        retired.computeIfAbsent(server.service().endpoint(), endpoint -> new HashSet<>()).add(server);
    }

    private void forgetRetired(final RealServer server) {
        retired.computeIfPresent(server.service().endpoint(), (endpoint, all) -> {
            all.remove(server);
            return all.isEmpty() ? null : all;
        });
    }

    /** Removed real servers of a service that are still kept. */
    Set<RealServer> retired(final int endpoint) {
        return Collections.unmodifiableSet(retired.getOrDefault(endpoint, Set.of()));
    }

    /** Removed real servers that nothing has referred to for long enough. */
    List<RealServer> idle(final long nowNs) {
        return trash.values().stream().filter(server -> server.idleFor(KEEP_NS, nowNs)).toList();
    }

    /** Gives the number of a removed real server back. */
    void free(final RealServer server) {
        trash.remove(new Place(server.service().endpoint(), server.id()));
        forgetRetired(server);
        servers.remove(server.number());
        if (servers.values().stream().noneMatch(other -> other.id().address().equals(server.id().address()))) {
            paths.remove(server.id().address());
        }
        serverNumbers.free(server.number());
        own(server.number());
        views[server.number()] = null;
    }

    /** Gives numbers of deleted services back that no real server belongs to, as long after that as of servers. */
    void freeEndpoints(final Collection<ServiceId> living, final long nowNs) {
        if (living.size() == endpoints.size()) {
            return;
        }
        final Set<Integer> used = new HashSet<>();
        trash.keySet().forEach(place -> used.add(place.endpoint()));
        for (final Iterator<Map.Entry<ServiceId, Integer>> i = endpoints.entrySet().iterator(); i.hasNext();) {
            final Map.Entry<ServiceId, Integer> next = i.next();
            if (living.contains(next.getKey()) || used.contains(next.getValue())) {
                unusedSinceNs.remove(next.getKey());
            } else if (nowNs - unusedSinceNs.computeIfAbsent(next.getKey(), id -> nowNs) >= KEEP_NS) {
                unusedSinceNs.remove(next.getKey());
                persistTimes.remove(next.getKey());
                byEndpoint.remove(next.getValue());
                endpointNumbers.free(next.getValue());
                i.remove();
            }
        }
    }

    /** Takes over the view of a real server that changed. */
    void update(final RealServer server) {
        own(server.number());
        views[server.number()] = server.view();
    }

    /** Views by number, for a {@link io.ringmaster.service.View}; copied before the next change. */
    RealServerView[] views() {
        viewsShared = true;
        return views;
    }

    private void own(final int number) {
        if (viewsShared || number >= views.length) {
            final int room = number < views.length ? views.length : Math.max(2 * views.length, number + 1);
            views = Arrays.copyOf(views, room);
            viewsShared = false;
        }
    }

    /** All real servers, removed ones included. */
    List<RealServer> servers() {
        return new ArrayList<>(servers.values());
    }

    Optional<RealServer> server(final int number) {
        return Optional.ofNullable(servers.get(number));
    }

    Optional<ServiceId> service(final int endpoint) {
        return Optional.ofNullable(byEndpoint.get(endpoint));
    }

    /** What makes a removed real server the same as one added later. */
    private record Place(int endpoint, ServerId server) {
    }
}
