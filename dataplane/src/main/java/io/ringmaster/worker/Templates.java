package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.TemplateValue;
import io.ringmaster.connection.WorkerShare;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.scheduler.Scheduler;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.View;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.WorkerServerLoad;

/**
 * Persistence: clients, or networks of clients, that come back to the real server they had. Owned by one worker; the
 * templates lie in the table that all share, under the client's masked address and port 0.
 * <p>
 * A template is told of each connection that it makes and of its end, so that it stays as long as any of them
 * (ip_vs_core.c, ip_vs_sched_persist; ip_vs_conn.c). A connection does not know its template's mask, which may have
 * been edited since or deleted with the service: the present mask is tried first, then all prefixes.
 * <p>
 * A template whose real server is not to have new connections stays until its time is over and its connections have
 * ended, but is not found any more: it goes to another key, {@link TemplateValue#unusedPort}, as the kernel's goes to
 * another port (ip_vs_conn.c, ip_vs_check_template).
 */
final class Templates {
    private static final int RETRIES = 8;

    private final int worker;
    private final ConnectionTable table;
    private final WorkerShare own;
    private final TemplateStore store;
    private final WorkerServerLoad load;
    private final ServerCounts counts;
    private final Calls calls;
    private View view;
    private boolean leavesQuiesced;
    private boolean held;
    private boolean made;
    private boolean full;

    Templates(final int worker, final ConnectionTable table, final WorkerShare own, final TemplateStore store,
              final WorkerServerLoad load, final ServerCounts counts, final Calls calls) {
        this.worker = worker;
        this.table = table;
        this.own = own;
        this.store = store;
        this.load = load;
        this.counts = counts;
        this.calls = calls;
    }

    void useView(final View newView) {
        this.view = newView;
        this.leavesQuiesced = newView.sysctls().on(Sysctl.EXPIRE_QUIESCENT_TEMPLATE);
    }

    /** Whether the last {@link #server} was by a template, which then counts the connection as its child. */
    boolean held() {
        return held;
    }

    /** Whether the last {@link #server} made the template that holds it. */
    boolean made() {
        return made;
    }

    /** Whether the last {@link #server} failed for want of room. */
    boolean full() {
        return full;
    }

    /**
     * The real server of a new connection of a persistent service: that of the client's template, else a chosen one and
     * a new template. Each starts the template's time anew.
     *
     * @return null if no real server can take it or the table is full.
     */
    RealServerView server(final Packet packet, final ServiceView service, final long nowMs) {
        return server(packet.sourceHigh() & service.persistMaskHigh(), packet.sourceLow() & service.persistMaskLow(), 0,
            packet, service, null, nowMs);
    }

    /**
     * As the other one, by what a template has for its client's address.
     *
     * @param kind   {@link ConnectionValue#CALL} of one that is known by a call, else 0.
     * @param wanted the real server that it must be, so that a template of another one is of no use any more; null for
     *               the scheduler's choice.
     */
    RealServerView server(final long high, final long low, final long kind, final Packet packet,
                          final ServiceView service, final RealServerView wanted, final long nowMs) {
        held = false;
        made = false;
        full = false;
        RealServerView server = null;
        // Again only where another worker did the same for the same client at this very moment.
        for (int i = 0; i < RETRIES && !held && !full; i++) {
            server = remembered(high, low, kind, service, wanted, nowMs);
            if (server == null) {
                server = wanted != null ? wanted : chosen(packet, service);
                if (server == null) {
                    return null;
                }
                remember(high, low, kind, server, service, nowMs);
            }
        }
        return full ? null : server;
    }

    /** The real server of a single datagram, whose connection is over at once; null as {@link #server}. */
    RealServerView forOne(final Packet packet, final ServiceView service, final long nowMs) {
        full = false;
        if (service.persistSec() == 0) {
            return chosen(packet, service);
        }
        final RealServerView server = server(packet, service, nowMs);
        if (server != null && held) {
            change(packet.sourceHigh() & service.persistMaskHigh(), packet.sourceLow() & service.persistMaskLow(),
                server, false, nowMs);
        }
        return server;
    }

    /** The scheduler's choice, for a connection without a template; null if no real server can take it. */
    RealServerView chosen(final Packet packet, final ServiceView service) {
        final int place = service.scheduler(worker).choose(service, packet, load);
        return place == Scheduler.NONE ? null : service.server(place);
    }

    /** The template's real server, which has one connection more from now on; null if there is no such template. */
    private RealServerView remembered(final long high, final long low, final long kind, final ServiceView service,
                                      final RealServerView wanted, final long nowMs) {
        final long slot = store.findTemplate(high, low, 0, service.key(), nowMs);
        final long template = own.value();
        if (slot < 0 || (template & ConnectionValue.CALL) != kind) {
            return null;
        }
        final RealServerView server = view.realServer(ConnectionValue.realServer(template));
        // A quiesced one still has its clients, unless the settings say otherwise; a removed one has none.
        if (server == null || !server.available() || leavesQuiesced && server.weight() == 0
            || wanted != null && server.number() != wanted.number()) {
            setAside(high, low, slot, template, service, nowMs);
            return null;
        }
        held = table.compareAndSetValue(slot, template, ConnectionValue.withDeadline(TemplateValue.withChild(template),
            service.persistTimes().sec(TemplateValue.time(template)), nowMs));
        return server;
    }

    /**
     * Moves a template to the key of those that are of no use, or its children to the one that is there already. They
     * are added first, and taken back if the template changed meanwhile: whoever takes a child away finds it in one of
     * the two.
     */
    private void setAside(final long high, final long low, final long slot, final long template,
                          final ServiceView service, final long nowMs) {
        final long copy = store.insertTemplate(high, low, TemplateValue.unusedPort(template), service.key(), template,
            nowMs);
        final boolean copyMade = own.inserted();
        final long copied = own.value();
        final int children = TemplateValue.children(template);
        if (copy < 0 || !copyMade && !addChildren(copy, children)) {
            // No room, or the other one has just ended: the next look finds the template again.
            return;
        }
        if (own.remove(slot, template)) {
            if (!copyMade) {
                ended(low, template);
            }
        } else if (!copyMade || !own.remove(copy, copied)) {
            addChildren(copy, -children);
            if (copyMade) {
                // Another worker relies on it: it stays, so it counts.
                if (ConnectionValue.isOfCall(template)) {
                    calls.retain(Calls.ofAddress(low));
                }
                counts.templateCreated(view.realServer(ConnectionValue.realServer(template)));
            }
        }
    }

    /** False if there is no such template any more. */
    private boolean addChildren(final long slot, final int children) {
        for (long template = table.value(slot); ConnectionValue.isLive(template); template = table.value(slot)) {
            if (table.compareAndSetValue(slot, template, TemplateValue.withChildrenAdded(template, children))) {
                return true;
            }
        }
        return false;
    }

    private void remember(final long high, final long low, final long kind, final RealServerView server,
                          final ServiceView service, final long nowMs) {
        final long childless = TemplateValue.withTime(TemplateValue.of(server.number(), service.persistSec(), nowMs),
            service.persistTimes().number());
        final long fresh = ConnectionValue.withFlag(TemplateValue.withChild(childless), kind);
        full = store.insertTemplate(high, low, 0, service.key(), fresh, nowMs) < 0;
        held = !full && own.inserted();
        made = held;
        if (held) {
            counts.templateCreated(server);
            load.connectionsChanged(server);
        }
    }

    /** A template ended, by time or since it is of no use any more; by the low long of its client's address. */
    void ended(final long low, final long template) {
        if (ConnectionValue.isOfCall(template)) {
            calls.release(Calls.ofAddress(low));
        }
        counts.ended(template);
        final RealServerView server = view.realServer(ConnectionValue.realServer(template));
        if (server != null) {
            load.connectionsChanged(server);
        }
    }

    /** A connection that a template made has ended, or did not come about; by its client. */
    void childEnded(final long high, final long low, final long last, final long nowMs) {
        changeOf(high, low, last, false, nowMs);
    }

    /** A connection that a template made is established; by its client. */
    void childEstablished(final long high, final long low, final long value, final long nowMs) {
        changeOf(high, low, value, true, nowMs);
    }

    /** Changes the template of a connection, which is known by its client and value. */
    private void changeOf(final long high, final long low, final long value, final boolean assure, final long nowMs) {
        final RealServerView server = view.realServer(ConnectionValue.realServer(value));
        boolean done = server == null || changeOfPresentMask(high, low, server, assure, nowMs);
        for (int bits = store.addressBits(); bits >= 0 && !done; bits--) {
            done = change(high & store.prefixHigh(bits), low & store.prefixLow(bits), server, assure, nowMs);
        }
    }

    private boolean changeOfPresentMask(final long high, final long low, final RealServerView server,
                                        final boolean assure, final long nowMs) {
        final ServiceKey of = server.service();
        final ServiceView service = view.service(of);
        return service == null ? change(high, low, server, assure, nowMs)
            : change(high & service.persistMaskHigh(), low & service.persistMaskLow(), server, assure, nowMs);
    }

    /** Assures a template, or takes a child from it; false if there is none of this name that has children there. */
    boolean change(final long high, final long low, final RealServerView server, final boolean assure,
                   final long nowMs) {
        final int unused = server.number();
        return change(high, low, 0, server, assure, nowMs) || change(high, low, unused, server, assure, nowMs);
    }

    private boolean change(final long high, final long low, final int port, final RealServerView server,
                           final boolean assure, final long nowMs) {
        // Until it is done: a child that is never taken away would keep its template for ever. Each failure is another
        // worker's success.
        for (;;) {
            final long slot = store.findTemplate(high, low, port, server.service(), nowMs);
            if (slot < 0) {
                return false;
            }
            final long template = own.value();
            if (ConnectionValue.realServer(template) != server.number() || TemplateValue.children(template) == 0) {
                return false;
            }
            final long after = assure ? TemplateValue.withAssured(template) : TemplateValue.withoutChild(template);
            if (after == template || table.compareAndSetValue(slot, template, after)) {
                return true;
            }
        }
    }

    /** What assures a template: the handshake of a TCP or SCTP connection, an answer of a UDP one. */
    static boolean establishes(final Packet packet, final long before, final long after) {
        return packet.protocol() != Ipv4.PROTOCOL_UDP
            ? isEstablished(packet, after) && ConnectionValue.state(before) != ConnectionValue.state(after)
            : ConnectionValue.outputSeen(after) && !ConnectionValue.outputSeen(before);
    }

    /** Whether a connection is established with its first packet already, as the sloppy settings let it be. */
    static boolean isEstablished(final Packet packet, final long value) {
        return packet.protocol() != Ipv4.PROTOCOL_UDP && ConnectionValue.state(value) == TcpState.ESTABLISHED.ordinal();
    }
}
