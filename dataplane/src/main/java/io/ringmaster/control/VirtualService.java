package io.ringmaster.control;

import io.ringmaster.scheduler.Scheduler;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.FtpPorts;
import io.ringmaster.service.PersistTimes;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One virtual service. Changed by the {@link ServiceTable} only; owned by the control thread. */
public final class VirtualService {
    private final ServiceId id;
    private final ServiceKey key;
    private final Statistics statistics;
    private final List<RealServer> servers = new ArrayList<>();
    private ServiceSettings settings;
    private PersistTimes persistTimes;
    private boolean netmaskChanged;
    private boolean hasLeft;
    private SchedulerType type;
    private Scheduler[] schedulers;
    private ServiceView view;

    VirtualService(final ServiceId id, final int endpoint, final FtpPorts ftpPorts, final Statistics statistics,
                   final PersistTimes persistTimes) {
        this.id = id;
        this.key = new ServiceKey(endpoint, id.protocol(), id.address().high(), id.address().low(), id.port(),
            id.mark(), ftpPorts);
        this.statistics = statistics;
        this.persistTimes = persistTimes;
    }

    /** Protocol, VIP and port, or mark. */
    public ServiceId id() {
        return id;
    }

    /** Whether workers are to know it: no packet has ::ffff:10.1.0.1 (RFC 4291, 2.5.5.2), which the kernel takes. */
    boolean reachable() {
        return id.marked() || id.addressed();
    }

    /** What was set by the last -A or -E. */
    public ServiceSettings settings() {
        return settings;
    }

    /** Its real servers in the kernel's order: the one added last comes first. */
    public List<RealServer> servers() {
        return Collections.unmodifiableList(servers);
    }

    /** What it carried. */
    public Statistics statistics() {
        return statistics;
    }

    /** 1 to 65,535: what stands for it in connections and counters. */
    public int endpoint() {
        return key.endpoint();
    }

    ServiceKey key() {
        return key;
    }

    /** What workers are to know of services. */
    static List<ServiceView> views(final Collection<VirtualService> services) {
        return services.stream().filter(VirtualService::reachable).map(VirtualService::view).toList();
    }

    ServiceView view() {
        return view;
    }

    Optional<RealServer> server(final ServerId wanted) {
        return servers.stream().filter(server -> server.id().equals(wanted)).findFirst();
    }

    /** Takes new settings; schedulers start afresh if they are of another type than before. */
    void set(final ServiceSettings newSettings, final SchedulerType newType, final int workers) {
        netmaskChanged |= settings != null && settings.netmask() != newSettings.netmask();
        settings = newSettings;
        persistTimes = persistTimes.with(newSettings.persistSec());
        if (type != newType) {
            type = newType;
            schedulers = new Scheduler[workers];
            for (int w = 0; w < workers; w++) {
                schedulers[w] = newType.newScheduler(id.marked());
            }
        }
        refresh();
    }

    /** What its templates were made with, those included that lived on while it was deleted. */
    PersistTimes persistTimes() {
        return persistTimes;
    }

    /** It was deleted, and its real servers are removed ones: workers know it for the connections that it left. */
    void leave() {
        servers.clear();
        hasLeft = true;
        refresh();
    }

    /** Its counters and those of its real servers start at 0 again. */
    void zero() {
        servers.forEach(server -> server.statistics().zero());
        statistics.zero();
    }

    /** Whether there were templates of another netmask than the present one's. */
    boolean netmaskChanged() {
        return netmaskChanged;
    }

    void addFirst(final RealServer server) {
        servers.addFirst(server);
        refresh();
    }

    void remove(final RealServer server) {
        servers.remove(server);
        refresh();
    }

    /** Makes the view anew after something of the service or its real servers changed. */
    void refresh() {
        final RealServerView[] views = new RealServerView[servers.size()];
        for (int i = 0; i < views.length; i++) {
            views[i] = servers.get(i).view();
        }
        final int flags = settings.flags() | (settings.onePacket() ? ServiceView.ONE_PACKET : 0)
            | (settings.engine().isEmpty() ? 0 : ServiceView.CALL_ID) | (hasLeft ? ServiceView.LEFT : 0);
        view = new ServiceView(key, flags, views, type.prepare(views, settings.flags()), schedulers,
            settings.persistSec(), persistTimes, settings.netmask());
    }
}
