package io.ringmaster.control;

import io.ringmaster.service.MarkRule;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Services that were deleted while they had connections. As long as there is another service of their family, packets
 * of those connections are dropped like those of removed real servers; all others go to the host, as do all once no
 * service of the family is left. The kernel's IPVS looks at the packets of a family only while it has services of it
 * (ip_vs_core.c, ip_vs_register_hooks), and finds connections before services. Where another service may take packets
 * to the deleted one, it has them all. Owned by the control thread.
 */
final class LeftServices {
    private final Registry registry;
    private final Openings openings;
    private final Map<ServiceId, VirtualService> left = new LinkedHashMap<>();
    /** Those of them whose packets are taken from the kernel. */
    private final Map<ServiceId, VirtualService> taken = new LinkedHashMap<>();

    LeftServices(final Registry registry, final Openings openings) {
        this.registry = registry;
        this.openings = openings;
    }

    /** A service that was deleted, after its real servers were retired; before {@link #settle}. */
    void add(final VirtualService service) {
        if (service.reachable() && hasConnections(service)) {
            service.leave();
            left.put(service.id(), service);
        }
    }

    /** Follows what services and rules for marks there are: before a view with them of a version is published. */
    void settle(final Map<ServiceId, VirtualService> services, final List<MarkRule> rules, final long version) {
        if (!left.isEmpty()) {
            forget(service -> services.containsKey(service.id()));
            final List<ServiceKey> keys = services.values().stream().map(VirtualService::key).toList();
            settle(keys.stream().filter(ServiceKey::ipv4).toList(), true, rules, version);
            settle(keys.stream().filter(key -> !key.ipv4()).toList(), false, rules, version);
        }
    }

    private void settle(final List<ServiceKey> family, final boolean ipv4, final List<MarkRule> rules,
                        final long version) {
        final List<ServiceKey> severalPorts = family.stream()
            .filter(key -> !key.marked() && (key.anyPort() || key.hasData())).toList();
        for (final VirtualService service : left.values()) {
            final ServiceKey key = service.key();
            if (key.ipv4() == ipv4) {
                if (family.isEmpty() || (key.marked() ? family.stream().anyMatch(other -> mayMark(key, other, rules))
                    : severalPorts.stream().anyMatch(other -> mayTake(other, key)))) {
                    giveBack(service);
                } else {
                    take(service, version);
                }
            }
        }
    }

    /** Whether packets to a service of one address and port can have another's mark. */
    private static boolean mayMark(final ServiceKey marked, final ServiceKey other, final List<MarkRule> rules) {
        return !other.marked() && rules.stream().anyMatch(rule -> rule.mark() == marked.mark()
            && rule.ipv6() != marked.ipv4()
            && rule.mayTake(other.protocol(), other.vipHigh(), other.vipLow(), other.vport()));
    }

    /** Whether a service of several ports takes packets to another's address and port if that is not there. */
    private static boolean mayTake(final ServiceKey other, final ServiceKey key) {
        return !key.anyPort() && other.protocol() == key.protocol() && other.vipHigh() == key.vipHigh()
            && other.vipLow() == key.vipLow() && (other.anyPort() || ServiceKey.isFtpDataPort(key.vport()));
    }

    /** Forgets those that have no connections any more; whether there were any. */
    boolean endIdle() {
        return !left.isEmpty() && forget(service -> !hasConnections(service));
    }

    private boolean forget(final Predicate<VirtualService> which) {
        return left.values().removeIf(service -> {
            final boolean forgotten = which.test(service);
            if (forgotten) {
                giveBack(service);
            }
            return forgotten;
        });
    }

    /** Whether a deleted service's packets are taken from the kernel. */
    boolean takes(final ServiceId id) {
        return taken.containsKey(id);
    }

    /** What workers are to know of services, and of these. */
    List<ServiceView> views(final Collection<VirtualService> services) {
        final List<ServiceView> all = new ArrayList<>(VirtualService.views(services));
        all.addAll(VirtualService.views(taken.values()));
        return all;
    }

    private boolean hasConnections(final VirtualService service) {
        return registry.retired(service.endpoint()).stream().anyMatch(server -> server.statistics().busy());
    }

    private void take(final VirtualService service, final long version) {
        if (taken.put(service.id(), service) == null) {
            DataOpenings.withItsOwn(service).forEach(opening -> openings.want(opening, version));
        }
    }

    private void giveBack(final VirtualService service) {
        if (taken.remove(service.id()) != null) {
            DataOpenings.withItsOwn(service).forEach(openings::drop);
        }
    }
}
