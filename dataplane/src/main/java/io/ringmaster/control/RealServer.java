package io.ringmaster.control;

import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PathMtu;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import java.util.EnumSet;
import java.util.Set;

/**
 * One real server of one virtual service, or one that was removed while connections still refer to it. Changed by the
 * {@link ServiceTable} only; owned by the control thread.
 */
public final class RealServer {
    private final int number;
    private final ServerId id;
    private final ServiceKey service;
    private final Statistics statistics;
    private final PathMtu path;
    private final Set<ForwardingMethod> methods = EnumSet.noneOf(ForwardingMethod.class);
    private ServerSettings settings;
    private int lastWeight;
    private NextHop nextHop;
    private VirtualService owner;
    private RealServerView view;
    private boolean removed;
    private boolean cut;
    private boolean everRemoved;
    private boolean keptPorts;
    private long idleSinceNs;

    RealServer(final int number, final ServerId id, final ServiceKey service, final Statistics statistics,
               final PathMtu path) {
        this.number = number;
        this.id = id;
        this.service = service;
        this.statistics = statistics;
        this.path = path;
        this.nextHop = NextHop.NONE;
    }

    /** 1 to 65,535: what stands for it in connections and counters. */
    public int number() {
        return number;
    }

    /** RIP and rport. */
    public ServerId id() {
        return id;
    }

    /** The port of it that packets to a service's port are for. */
    public int portOf(final int vport) {
        return id.port() == 0 ? vport : service.hasData() ? service.serverPort(vport, id.port()) : id.port();
    }

    /**
     * The port that packets reach it at, 0 if that is the one they came for: a real server added with port 0 to a
     * service of one port is reached at that (ip_vs_core.c, ip_vs_schedule).
     */
    int port() {
        return id.port() == 0 ? service.vport() : id.port();
    }

    /** What was set by the last -a or -e. */
    public ServerSettings settings() {
        return settings;
    }

    /** What it carries and carried. */
    public Statistics statistics() {
        return statistics;
    }

    ServiceKey service() {
        return service;
    }

    /** The service that it is or was last in; null before it joined any. */
    VirtualService owner() {
        return owner;
    }

    RealServerView view() {
        return view;
    }

    /**
     * Puts it into a service, as new or back from the removed ones. Its totals start anew if the service is another
     * than before (ip_vs_ctl.c, __ip_vs_update_dest).
     */
    void join(final VirtualService newOwner, final ServerSettings newSettings, final NextHop hop) {
        if (owner != newOwner) {
            statistics.zero();
        }
        owner = newOwner;
        removed = false;
        cut = false;
        lastWeight = newSettings.weight();
        settings = newSettings;
        methods.add(newSettings.method());
        nextHop = hop;
        refresh();
    }

    /** Whether it has, or ever had, a forwarding method: its connections keep the one that they were made with. */
    boolean hadMethod(final ForwardingMethod method) {
        return methods.contains(method);
    }

    /** Forgets what it had: no connection is left that was made with it. */
    void forgetMethods() {
        methods.retainAll(EnumSet.of(settings.method()));
        keptPorts = false;
    }

    /**
     * Whether it has a port, but may have connections that keep the one that their client asked for: those that
     * templates of a service of several ports make.
     */
    boolean keepsPorts() {
        keptPorts |= service.anyPort() && id.port() != 0 && owner.settings().persistSec() != 0;
        return keptPorts;
    }

    /** The last weight that was not 0; 0 if it never had one. */
    public int lastWeight() {
        return lastWeight;
    }

    void edit(final ServerSettings newSettings) {
        settings = newSettings;
        cut = false;
        methods.add(newSettings.method());
        if (newSettings.weight() != 0) {
            lastWeight = newSettings.weight();
        }
        refresh();
    }

    void remove() {
        removed = true;
        everRemoved = true;
        idleSinceNs = Long.MIN_VALUE;
        refresh();
    }

    /** From now on each of its connections ends with its client's next packet, until it is edited or added again. */
    void cut() {
        cut = true;
        refresh();
    }

    /** Whether it was ever removed: templates of it ended then, and the connections they made did not. */
    boolean everRemoved() {
        return everRemoved;
    }

    /** Whether the next hop is another one than before. */
    boolean reroute(final NextHop hop) {
        if (hop.equals(nextHop)) {
            return false;
        }
        nextHop = hop;
        refresh();
        return true;
    }

    /** Whether nothing referred to it for a time; to be asked regularly once it was removed. */
    boolean idleFor(final long periodNs, final long nowNs) {
        if (statistics.busy() || idleSinceNs == Long.MIN_VALUE) {
            idleSinceNs = nowNs;
        }
        return nowNs - idleSinceNs >= periodNs;
    }

    private void refresh() {
        view = new RealServerView(number, service, id.address().high(), id.address().low(), port(),
            settings.method(), new RealServerView.Capacity(settings.weight(), lastWeight, settings.upper(),
                settings.lower()), presence(), new RealServerView.Way(nextHop, settings.tunnel().view(path)));
    }

    private RealServerView.Presence presence() {
        if (cut) {
            return RealServerView.Presence.CUT;
        }
        return removed ? RealServerView.Presence.REMOVED : RealServerView.Presence.SERVING;
    }
}
