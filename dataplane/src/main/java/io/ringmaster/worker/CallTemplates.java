package io.ringmaster.worker;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.ClientHops;

/**
 * Persistence by Call-ID: the templates of services with {@code --pe sip}, one for each call of a client (or of a
 * network of clients). Owned by one worker; the templates lie where the others do, and what does not fit there in
 * {@link Calls} (ip_vs_core.c, ip_vs_sched_persist; ip_vs_pe_sip.c).
 */
final class CallTemplates {
    private final Calls calls;
    private final Templates templates;
    private final boolean ipv4;
    private final ClientHops clientHops;
    private View view;
    private Counter refusal;
    private int call;

    /**
     * Those of one tracker.
     *
     * @param templates  the tracker's.
     * @param ipv4       whether its entries have room for an IPv4 address only.
     */
    CallTemplates(final Calls calls, final Templates templates, final boolean ipv4, final ClientHops clientHops) {
        this.calls = calls;
        this.templates = templates;
        this.ipv4 = ipv4;
        this.clientHops = clientHops;
    }

    void useView(final View newView) {
        this.view = newView;
    }

    /** Why the last packet made no connection although real servers may be there; null if for no such reason. */
    Counter refusal() {
        return refusal;
    }

    /** Refuses an error about a connection that is not known: the kernel looks for a Call-ID in it in vain. */
    void refuse() {
        refusal = Counter.DROP_NO_CALL_ID;
    }

    /** As {@link Templates#server}; null, too, if the packet has no Call-ID or there is no room for it. */
    RealServerView server(final Packet packet, final ServiceView service, final long nowMs) {
        refusal = null;
        call = calls.refer(packet, packet.sourceHigh() & service.persistMaskHigh(),
            packet.sourceLow() & service.persistMaskLow());
        if (call < 0) {
            refusal = call == Calls.FULL ? Counter.DROP_CALLS_FULL : Counter.DROP_NO_CALL_ID;
            return null;
        }
        final RealServerView server = templates.server(high(), low(call), ConnectionValue.CALL, packet, service, null,
            nowMs);
        if (server != null && server.method() == ForwardingMethod.MASQUERADING) {
            calls.setHop(call, clientHops.numberOf(packet.port(), Ethernet.source(packet.memory(), packet.frame())));
        }
        if (!templates.made()) {
            // The template refers to it, if there is one.
            calls.release(call);
        }
        return server;
    }

    /**
     * Holds a call's template for its real server, which turns to its client by itself.
     *
     * @param asOfClient the datagram as if its client had sent it.
     * @return the hop towards the client, or {@link ClientHops#NONE} if it is not known, there is no Call-ID or no
     *         room.
     */
    int hold(final Packet asOfClient, final ServiceView service, final RealServerView server, final long nowMs) {
        call = calls.refer(asOfClient, asOfClient.sourceHigh() & service.persistMaskHigh(),
            asOfClient.sourceLow() & service.persistMaskLow());
        if (call < 0) {
            return ClientHops.NONE;
        }
        int hop = calls.hop(call);
        if (hop != ClientHops.NONE) {
            templates.server(high(), low(call), ConnectionValue.CALL, asOfClient, service, server, nowMs);
            if (templates.held()) {
                templates.change(high(), low(call), server, true, nowMs);
            }
            hop = templates.full() ? ClientHops.NONE : hop;
        }
        if (hop == ClientHops.NONE || !templates.made()) {
            calls.release(call);
        }
        return hop;
    }

    /** The datagram of the last {@link #hold} is over at once. */
    void letGo(final RealServerView server, final long nowMs) {
        if (templates.held()) {
            templates.change(high(), low(call), server, false, nowMs);
        }
    }

    /** As {@link Templates#forOne}. */
    RealServerView forOne(final Packet packet, final ServiceView service, final long nowMs) {
        final RealServerView server = server(packet, service, nowMs);
        if (server != null && templates.held()) {
            templates.change(high(), low(call), server, false, nowMs);
        }
        return server;
    }

    /**
     * Notes that the connection that is about to be made comes of the last call.
     *
     * @param key  its key.
     * @param high first word of the address in its entry.
     * @param low  the other.
     * @return false if there is no room; then the call is as it was before.
     */
    boolean link(final long key, final long high, final long low, final RealServerView server, final long nowMs) {
        if (calls.link(key, high, low, call)) {
            return true;
        }
        refusal = Counter.DROP_CALLS_FULL;
        templates.change(high(), low(call), server, false, nowMs);
        return false;
    }

    /** A connection that a call's template made has ended, or did not come about. */
    void childEnded(final long key, final long high, final long low, final long last, final long nowMs) {
        final int of = calls.unlink(key, high, low);
        final RealServerView server = view.realServer(ConnectionValue.realServer(last));
        if (of >= 0) {
            if (server != null) {
                templates.change(high(), low(of), server, false, nowMs);
            }
            calls.release(of);
        }
    }

    /** A connection that a call's template made is established. */
    void childEstablished(final long key, final long high, final long low, final long value, final long nowMs) {
        final int of = calls.linked(key, high, low);
        final RealServerView server = view.realServer(ConnectionValue.realServer(value));
        if (of >= 0 && server != null) {
            templates.change(high(), low(of), server, true, nowMs);
        }
    }

    private long high() {
        return Calls.addressHigh(ipv4);
    }

    private long low(final int of) {
        return Calls.addressLow(ipv4, of);
    }
}
