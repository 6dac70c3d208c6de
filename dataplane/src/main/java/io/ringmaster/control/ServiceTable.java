package io.ringmaster.control;

import static io.ringmaster.control.RefusedException.INVALID;
import static io.ringmaster.control.RefusedException.NO_SERVER;
import static io.ringmaster.control.RefusedException.NO_SERVICE;
import static io.ringmaster.control.RefusedException.SERVER_EXISTS;
import static io.ringmaster.control.RefusedException.SERVICE_EXISTS;
import static io.ringmaster.control.RefusedException.SERVICE_NOT_DEFINED;
import static io.ringmaster.control.RuleChecks.check;
import static io.ringmaster.control.RuleChecks.mixed;
import static io.ringmaster.control.RuleChecks.refuseIf;

import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableForm;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PortView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;
import io.ringmaster.service.Timeouts;
import io.ringmaster.service.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All virtual services and real servers: the one mutable truth, owned by the control thread. Each command checks
 * everything, then changes, then publishes one immutable {@link View} that shares what did not change. What a command
 * does not accept it answers by a {@link RefusedException}, and nothing was changed.
 * <p>
 * Orders, checks and what survives a removal are those of the kernel's ip_vs_ctl.c.
 */
public final class ServiceTable {
    private static final long ESTIMATE_NS = 2_000_000_000L;
    private static final long DEFENCE_NS = 1_000_000_000L;

    private final Dataplane dataplane;
    private final NextHops nextHops;
    private final Map<ServiceId, VirtualService> services = new LinkedHashMap<>();
    private final Registry registry;
    private final Openings openings;
    private final LeftServices left;
    private final Marks marks;
    private final Totals totals;
    private final Access access = new Access(() -> view().version());
    private Timeouts timeouts;
    private Sysctls sysctls = Sysctls.DEFAULTS;
    private PortView[] ports;
    private View view;
    private long nextEstimateNs = Long.MIN_VALUE;
    private long nextDefenceNs = Long.MIN_VALUE;
    private Together together;

    /**
     * An empty table with a first view of version 0, which is not published: workers start with it.
     *
     * @param dataplane the running director.
     * @param nextHops  ways to real servers.
     * @param timeouts  to begin with.
     * @param ports     the director's interfaces in order. Not copied.
     */
    public ServiceTable(final Dataplane dataplane, final NextHops nextHops, final Timeouts timeouts,
                        final PortView... ports) {
        this.dataplane = dataplane;
        this.nextHops = nextHops;
        this.timeouts = timeouts;
        this.ports = ports;
        this.registry = new Registry(dataplane);
        this.openings = new Openings(dataplane);
        this.left = new LeftServices(registry, openings);
        this.marks = new Marks(nextHops);
        this.totals = new Totals(dataplane.serviceCounters(), dataplane.workers(), registry::highestEndpoint);
        this.view = new View(0, timeouts, ports, List.of(), registry.views(), List.of());
    }

    /** The view that was published last. */
    public View view() {
        return view;
    }

    /** All services in the order they were added, marks last. */
    public Collection<VirtualService> services() {
        final List<VirtualService> all = new ArrayList<>(services.size());
        services.values().stream().filter(service -> !service.id().marked()).forEach(all::add);
        services.values().stream().filter(service -> service.id().marked()).forEach(all::add);
        return Collections.unmodifiableList(all);
    }

    /** One service. */
    public Optional<VirtualService> service(final ServiceId id) {
        return Optional.ofNullable(services.get(id));
    }

    /** What an endpoint number of a connection stands for, also after the service was deleted. */
    public Optional<ServiceId> serviceOf(final int endpoint) {
        return registry.service(endpoint);
    }

    /** The real server that a connection names, also after it was removed. */
    public Optional<RealServer> serverOf(final int number) {
        return registry.server(number);
    }

    /** Connections the director is made for. */
    public long capacity() {
        return dataplane.capacity();
    }

    /** One step of a walk over all live connections: see {@link Dataplane#connections}. */
    public long connections(final long cursor, final ConnectionVisitor visitor) {
        return dataplane.connections(cursor, visitor);
    }

    /** A check of all connections in the table of a form against these services and their counts. */
    public TableChecker checker(final TableForm form) {
        return dataplane.checker(form, new RegisteredNumbers(form, registry, services, dataplane));
    }

    /** Time-outs of connections. */
    public Timeouts timeouts() {
        return timeouts;
    }

    /**
     * Runs several commands as one change: workers see only what all of them have made, so a service that is deleted
     * and added again loses no packet in between. What one of them is refused, the others do not mind.
     */
    public void together(final Runnable commands) {
        if (together != null) {
            commands.run();
            return;
        }
        together = new Together();
        try {
            commands.run();
        } finally {
            final Together all = together;
            together = null;
            if (all.any()) {
                publishViews(all.changed());
            }
        }
    }

    /** For whom the table is used. */
    public Access access() {
        return access;
    }

    /** ipvsadm -A. */
    public void addService(final ServiceId id, final ServiceSettings settings) {
        access.change();
        refuseIf(services.containsKey(id), SERVICE_EXISTS);
        final SchedulerType type = RuleChecks.scheduler(settings);
        final VirtualService service = registry.newService(id);
        service.set(settings, type, dataplane.workers());
        services.put(id, service);
        DataOpenings.withItsOwn(service).forEach(opening -> openings.want(opening, view.version() + 1));
        publish(List.of(service));
    }

    /** The TCP ports of services with the FTP helper; before the first service. */
    public void helpFtp(final Set<Integer> ftpPorts) {
        registry.helpFtp(ftpPorts);
    }

    /** ipvsadm -E: replaces all settings; real servers and connections stay. */
    public void editService(final ServiceId id, final ServiceSettings settings) {
        access.change();
        final VirtualService service = require(id, NO_SERVICE);
        final SchedulerType type = RuleChecks.scheduler(settings);
        final boolean otherScheduler = !service.settings().scheduler().equals(settings.scheduler());
        final List<Openings.Opening> before = openingsWithServers(service);
        service.set(settings, type, dataplane.workers());
        openingsWithServers(service).forEach(opening -> openings.want(opening, view.version() + 1));
        before.forEach(openings::drop);
        publish(otherScheduler ? List.of(service) : List.of());
    }

    /** ipvsadm -D: real servers go with it, connections stay as those of removed real servers do. */
    public void deleteService(final ServiceId id) {
        access.change();
        forget(require(id, NO_SERVICE));
        publish(List.of());
    }

    /** ipvsadm -C. */
    public void clear() {
        access.change();
        if (!services.isEmpty()) {
            List.copyOf(services.values()).forEach(this::forget);
            publish(List.of());
        }
    }

    /** ipvsadm -a; a real server that was removed lately comes back with its connections. */
    public void addServer(final ServiceId serviceId, final ServerId id, final ServerSettings settings) {
        access.change();
        final VirtualService service = require(serviceId, SERVICE_NOT_DEFINED);
        check(settings);
        refuseIf(service.server(id).isPresent(), SERVER_EXISTS);
        refuseIf(!id.address().unicast() || mixed(serviceId, id, settings), INVALID);
        refuseIf(nextHops.broadcast(id.address()), INVALID);
        final NextHop hop = nextHops.to(id.address().high(), id.address().low());
        LocalServers.check(dataplane, hop, serviceId, id, settings);
        final RealServer server = registry.newServer(service, id);
        final List<Openings.Opening> before = openings(server);
        server.join(service, settings, hop);
        registry.update(server);
        service.addFirst(server);
        openings(server).forEach(opening -> openings.want(opening, view.version() + 1));
        before.forEach(openings::drop);
        publish(List.of(service));
    }

    /** ipvsadm -e: replaces all settings. */
    public void editServer(final ServiceId serviceId, final ServerId id, final ServerSettings settings) {
        access.change();
        final VirtualService service = require(serviceId, SERVICE_NOT_DEFINED);
        check(settings);
        final RealServer server = service.server(id).orElseThrow(() -> new RefusedException(NO_SERVER));
        refuseIf(mixed(serviceId, id, settings), INVALID);
        LocalServers.check(dataplane, nextHops.to(id.address().high(), id.address().low()), serviceId, id, settings);
        final List<Openings.Opening> before = openings(server);
        server.edit(settings);
        final List<Openings.Opening> after = openings(server);
        registry.update(server);
        service.refresh();
        after.forEach(opening -> openings.want(opening, view.version() + 1));
        before.forEach(openings::drop);
        publish(List.of(service));
    }

    /** ipvsadm -d: takes no new connections; those it has go on to be answered. */
    public void deleteServer(final ServiceId serviceId, final ServerId id) {
        access.change();
        final VirtualService service = require(serviceId, SERVICE_NOT_DEFINED);
        final RealServer server = service.server(id).orElseThrow(() -> new RefusedException(NO_SERVER));
        service.remove(server);
        registry.retire(server);
        publish(List.of(service));
    }

    /**
     * Ends what connections a real server has left, each with its client's next packet: what that packet gets is what
     * one of no connection gets. Ends when the real server is edited or added again.
     */
    public void cutServer(final ServiceId serviceId, final ServerId id) {
        access.change();
        final VirtualService service = require(serviceId, SERVICE_NOT_DEFINED);
        final RealServer server = service.server(id).orElseThrow(() -> new RefusedException(NO_SERVER));
        server.cut();
        registry.update(server);
        service.refresh();
        publish(List.of());
    }

    /** ipvsadm -Z with a service: its counters and those of its real servers start at 0 again. */
    public void zero(final ServiceId id) {
        access.change();
        require(id, NO_SERVICE).zero();
    }

    /** ipvsadm -Z. */
    public void zeroAll() {
        access.change();
        services.values().forEach(VirtualService::zero);
        totals.zero();
    }

    /** What all services together have carried. */
    public Totals totals() {
        return totals;
    }

    /** ipvsadm --set: seconds, 0 leaves one as it is. */
    public void setTimeouts(final int tcpSec, final int tcpFinSec, final int udpSec) {
        access.change();
        final Timeouts changed = RuleChecks.changed(timeouts, tcpSec, tcpFinSec, udpSec);
        if (changed != timeouts) {
            timeouts = changed;
            publish(List.of());
        }
    }

    /** Rules by which packets have firewall marks, in the order in which they were added. */
    public List<MarkRule> marks() {
        return marks.rules();
    }

    /** Adds a rule for firewall marks, which counts more than those before it. */
    public void addMark(final MarkRule rule) {
        access.change();
        marks.add(rule);
        publish(List.of());
    }

    /** Deletes a rule for firewall marks; connections go on, and their packets go to the kernel if none takes them. */
    public void deleteMark(final MarkRule rule) {
        access.change();
        marks.delete(rule);
        publish(List.of());
    }

    /** All settings. */
    public Sysctls sysctls() {
        return sysctls;
    }

    /** Replaces all settings at once; each is a value that its {@link Sysctl} takes. */
    public void setSysctls(final Sysctls wanted) {
        final Sysctls changed = DefenceLevel.of(wanted, dataplane.size(), dataplane.capacity());
        if (!changed.sameAs(sysctls)) {
            access.change();
            sysctls = changed;
            publish(List.of());
        }
    }

    /** Takes over the director's interfaces as they are now. The array is not copied. */
    public void setPorts(final PortView... newPorts) {
        if (!Arrays.equals(ports, newPorts)) {
            ports = newPorts;
            publish(List.of());
        }
    }

    /** Asks for the way to every real server again and publishes a view if one changed. */
    public void refreshNextHops() {
        boolean changed = marks.refresh();
        for (final RealServer server : registry.servers()) {
            final NextHop hop = nextHops.to(server.id().address().high(), server.id().address().low());
            if (server.reroute(hop)) {
                LocalServers.follow(dataplane, hop);
                registry.update(server);
                changed = true;
            }
        }
        if (changed) {
            services.values().forEach(VirtualService::refresh);
            publish(List.of());
        }
    }

    /**
     * What has to happen from time to time: rates, numbers that become free, XDP maps that follow the workers. To be
     * called at least every second.
     *
     * @return how much was done, 0 for nothing.
     */
    public int onTick(final long nowNs) {
        final int opened = openings.settle();
        if (nextDefenceNs == Long.MIN_VALUE || nowNs - nextDefenceNs >= 0) {
            nextDefenceNs = nowNs + DEFENCE_NS;
            // How full the table is.
            setSysctls(sysctls);
        }
        if (nextEstimateNs != Long.MIN_VALUE && nowNs - nextEstimateNs < 0) {
            return opened;
        }
        final boolean first = nextEstimateNs == Long.MIN_VALUE;
        final boolean late = first || nowNs - nextEstimateNs > ESTIMATE_NS;
        nextEstimateNs = late ? nowNs + ESTIMATE_NS : nextEstimateNs + ESTIMATE_NS;
        if (!first) {
            tickStatistics();
        }
        closeWhatNoConnectionNeeds();
        openings.closeUnwanted();
        final List<RealServer> gone = registry.idle(nowNs);
        if (left.endIdle() | !gone.isEmpty()) {
            gone.forEach(server -> openings(server).forEach(openings::drop));
            gone.forEach(registry::free);
            gone.forEach(this::forgetHop);
            publish(List.of());
        }
        registry.freeEndpoints(services.keySet(), nowNs);
        return opened + 1;
    }

    private void tickStatistics() {
        if (sysctls.on(Sysctl.RUN_ESTIMATION)) {
            totals.tick();
            for (final VirtualService service : services.values()) {
                service.statistics().tick();
                service.servers().forEach(server -> server.statistics().tick());
            }
        }
    }

    private void forgetHop(final RealServer gone) {
        final HostAddress rip = gone.id().address();
        if (registry.servers().stream().noneMatch(server -> server.id().address().equals(rip))) {
            nextHops.forget(rip.high(), rip.low());
        }
    }

    /** Whether all workers and the XDP program are where a version's command wanted them; moves the latter on. */
    public boolean settled(final long version) {
        openings.settle();
        return dataplane.appliedVersion() >= version && openings.settled(version);
    }

    private VirtualService require(final ServiceId id, final String otherwise) {
        final VirtualService service = services.get(id);
        refuseIf(service == null, otherwise);
        return service;
    }

    private void forget(final VirtualService service) {
        DataOpenings.withItsOwn(service).forEach(openings::drop);
        registry.retire(service);
        services.remove(service.id());
        left.add(service);
    }

    /** Those that its settings may change: of its real servers, too, whether removed or not. */
    private List<Openings.Opening> openingsWithServers(final VirtualService service) {
        final List<Openings.Opening> all = new ArrayList<>(DataOpenings.of(service));
        registry.servers().stream().filter(server -> server.owner() == service)
            .forEach(server -> all.addAll(DataOpenings.of(server)));
        return all;
    }

    private static List<Openings.Opening> openings(final RealServer server) {
        if (server.settings() == null) {
            return List.of();
        }
        final HostAddress rip = server.id().address();
        final List<Openings.Opening> all = new ArrayList<>(DataOpenings.of(server));
        if (server.hadMethod(ForwardingMethod.MASQUERADING)) {
            for (final int protocol : server.owner().id().protocols()) {
                all.add(new Openings.Replies(protocol, rip.high(), rip.low(), server.port()));
            }
        }
        if (server.hadMethod(ForwardingMethod.TUNNELING)) {
            all.add(new Openings.TunnelErrors(rip.high(), rip.low()));
        }
        return all;
    }

    /** Once all workers know the latest methods, a real server without connections has none of an older method. */
    private void closeWhatNoConnectionNeeds() {
        if (dataplane.appliedVersion() < view.version()) {
            return;
        }
        for (final RealServer server : registry.servers()) {
            if (!server.statistics().busy()) {
                final List<Openings.Opening> before = openings(server);
                server.forgetMethods();
                final List<Openings.Opening> after = openings(server);
                before.stream().filter(opening -> !after.contains(opening)).forEach(openings::drop);
            }
        }
    }

    private void publish(final List<VirtualService> changed) {
        if (together == null) {
            publishViews(VirtualService.views(changed));
        } else {
            together.add(VirtualService.views(changed));
        }
    }

    private void publishViews(final List<ServiceView> told) {
        left.settle(services, marks.rules(), view.version() + 1);
        marks.open(openings, view.version() + 1, (mark, ipv6) -> services.containsKey(ServiceId.ofMark(mark, ipv6))
            || left.takes(ServiceId.ofMark(mark, ipv6)));
        openings.closeUnwanted();
        view = new View(view.version() + 1, timeouts, sysctls, ports, left.views(services.values()),
            registry.views(), told, marks.rules());
        dataplane.publish(view);
    }
}
