package io.ringmaster.service;

import io.ringmaster.packet.Ipv4;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Services that a packet is not known to be for by its destination alone: those of firewall marks, those of all ports,
 * those of FTP, which have data connections of other ports, and those of one address and port of which a rule for marks
 * may take packets, since a mark counts more (ip_vs_ctl.c, ip_vs_service_find). Only packets that belong to no other
 * service come here. Immutable; made by the control thread, read by workers.
 */
final class OtherServices {
    private static final int NONE = -1;
    private static final int ALL_PORTS = 0;

    private final MarkMatcher marks;
    private final WideEndpoints byEndpoint;
    private final boolean takesFtpData;
    private final Int2ObjectHashMap<ServiceView> byNumber = new Int2ObjectHashMap<>();

    /**
     * The services behind a place of a view.
     *
     * @param rules  all rules for marks in order.
     * @param slots  the view's services by their places.
     * @param first  the first place of such a service; all behind it are such services.
     */
    OtherServices(final List<MarkRule> rules, final ServiceView[] slots, final int first) {
        this.byEndpoint = new WideEndpoints(slots.length - first);
        boolean anyFtp = false;
        for (int slot = first; slot < slots.length; slot++) {
            final ServiceKey key = slots[slot].key();
            anyFtp |= key.takesFtpData();
            byNumber.put(key.endpoint(), slots[slot]);
            if (!key.marked()) {
                byEndpoint.put(key.vipHigh(), key.vipLow(), key.vport(), key.protocol(), slot);
            }
        }
        this.takesFtpData = anyFtp;
        this.marks = new MarkMatcher(rules, rules.stream().mapToInt(rule -> slotOf(rule, slots, first)).toArray());
    }

    private static int slotOf(final MarkRule rule, final ServiceView[] slots, final int first) {
        for (int slot = first; slot < slots.length; slot++) {
            final ServiceKey key = slots[slot].key();
            if (key.mark() == rule.mark() && key.ipv4() != rule.ipv6()) {
                return slot;
            }
        }
        return NONE;
    }

    /**
     * Whether a service is one of these: known by more than its address and port.
     *
     * @param marked the services of marks.
     */
    static boolean has(final ServiceKey key, final List<MarkRule> rules, final List<ServiceView> marked) {
        return key.anyPort() || key.hasData() || rules.stream().anyMatch(rule ->
            rule.mayTake(key.protocol(), key.vipHigh(), key.vipLow(), key.vport())
                && marked.stream().anyMatch(service -> service.key().mark() == rule.mark()
                    && service.key().ipv4() != rule.ipv6()));
    }

    /** All rules for marks in order. */
    List<MarkRule> rules() {
        return marks.rules();
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return byNumber.isEmpty();
    }

    /** The place of the service of a packet, or negative; see {@link MarkMatcher#slot}. */
    int slot(final int protocol, final long sourceHigh, final long sourceLow, final long high, final long low,
             final int port, final int interfaceIndex) {
        final int marked = marks.slot(protocol, sourceHigh, sourceLow, high, low, port, interfaceIndex);
        if (marked >= 0) {
            return marked;
        }
        final int exact = byEndpoint.number(high, low, port, protocol);
        if (exact >= 0) {
            return exact;
        }
        final int ftp = takesFtpData && protocol == Ipv4.PROTOCOL_TCP && ServiceKey.isFtpDataPort(port)
            ? byEndpoint.number(high, low, ServiceKey.FTP_PORT, protocol) : NONE;
        return ftp >= 0 ? ftp : byEndpoint.number(high, low, ALL_PORTS, protocol);
    }

    /** Whether a packet of a mark's service is to the host's own addresses; see {@link MarkMatcher#local}. */
    boolean local(final int protocol, final long sourceHigh, final long sourceLow, final long high, final long low,
                  final int port, final int interfaceIndex) {
        return marks.local(protocol, sourceHigh, sourceLow, high, low, port, interfaceIndex);
    }

    /** Whether errors come from an address that a rule for marks is about; see {@link MarkMatcher#isLocal}. */
    boolean isLocal(final long high, final long low) {
        return marks.isLocal(high, low);
    }

    /** The place of the service of one address and port, or negative. */
    int exactSlot(final int protocol, final long high, final long low, final int port) {
        return port == ALL_PORTS ? NONE : byEndpoint.number(high, low, port, protocol);
    }

    /** One of these by its endpoint number, or null. */
    ServiceView service(final int endpoint) {
        return byNumber.get(endpoint);
    }
}
