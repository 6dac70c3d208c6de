package io.ringmaster.service;

import io.ringmaster.packet.Addresses;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Everything that a worker knows of the configuration: services, real servers, time-outs. Immutable; made by the
 * control thread, handed to each worker whole and swapped between two batches.
 */
public final class View {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    // Eight to sixteen places for each service.
    private static final int SPARE_SHIFT = 4;
    private static final int MOST_TRIALS = 64;
    private static final int KEYS_TRIED = 1 << 12;

    private final long version;
    private final Timeouts timeouts;
    private final Sysctls sysctls;
    private final PortView[] ports;
    private final ServiceView[] slots;
    /** Of the service in the same slot: {@link #addressKey} for IPv4; 0 where there is none. Wide ones come behind. */
    private final long[] slotKeys;
    private final WideEndpoints wideSlots;
    private final WideEndpoints wideReplies;
    private final long[] wideReplyKeys;
    /** Of real servers with a port in services of several ports, where templates keep the client's. */
    private final WideEndpoints keptReplies;
    private final long[] keptReplyKeys;
    private final int slotShift;
    private final long factor;
    private final RealServerView[] byNumber;
    private final long[] replyKeys;
    /** Masqueraded real servers that are told of stray replies, by {@link #replyKey}; null if none are. */
    private final Long2ObjectHashMap<RealServerView> told;
    /** Masqueraded real servers of services with the persistence engine, likewise; null if there are none. */
    private final Long2ObjectHashMap<RealServerView> callers;
    private final List<ServiceView> changed;
    private final OtherServices others;
    private final boolean hasOthers;
    private final DataServices data;
    private final AddressSet vips;

    /** A view with the kernel's defaults of all settings. */
    public View(final long version, final Timeouts timeouts, final PortView[] ports,
                final List<ServiceView> services, final RealServerView[] byNumber, final List<ServiceView> changed) {
        this(version, timeouts, Sysctls.DEFAULTS, ports, services, byNumber, changed);
    }

    /** A view without rules for firewall marks. */
    public View(final long version, final Timeouts timeouts, final Sysctls sysctls, final PortView[] ports,
                final List<ServiceView> services, final RealServerView[] byNumber, final List<ServiceView> changed) {
        this(version, timeouts, sysctls, ports, services, byNumber, changed, List.of());
    }

    /**
     * A view.
     *
     * @param version  one more than that of the view before.
     * @param timeouts of connections.
     * @param sysctls  settings.
     * @param ports    the director's interfaces, in the order it was given them. Not copied.
     * @param services all of them.
     * @param byNumber real servers by their number, those included that were removed but still have connections; null
     *                 where a number is not used. Not copied.
     * @param changed  services whose list of real servers is another than in the view before: their schedulers are
     *                 told, step by step where one changed more than once.
     * @param marks    rules by which packets have firewall marks, in order.
     */
    public View(final long version, final Timeouts timeouts, final Sysctls sysctls, final PortView[] ports,
                final List<ServiceView> services, final RealServerView[] byNumber, final List<ServiceView> changed,
                final List<MarkRule> marks) {
        this.version = version;
        this.timeouts = timeouts;
        this.sysctls = sysctls;
        this.ports = ports;
        this.byNumber = byNumber;
        this.changed = changed;
        final List<ServiceView> marked = services.stream().filter(service -> service.key().marked()).toList();
        final Map<Boolean, List<ServiceView>> parted = services.stream()
            .collect(Collectors.partitioningBy(service -> OtherServices.has(service.key(), marks, marked)));
        final List<ServiceView> other = parted.get(true);
        final List<ServiceView> exact = parted.get(false);
        final List<ServiceView> narrow = exact.stream().filter(service -> !service.wide()).toList();
        final int places = Math.max(4, Integer.highestOneBit(Math.max(1, narrow.size())) << SPARE_SHIFT);
        this.slots = new ServiceView[places + services.size() - narrow.size()];
        this.slotKeys = new long[places];
        this.slotShift = Long.SIZE - Integer.numberOfTrailingZeros(places);
        this.factor = factor(narrow);
        narrow.forEach(this::place);
        this.wideSlots = new WideEndpoints(slots.length - places);
        placeWide(exact);
        final int firstOther = slots.length - other.size();
        for (int i = 0; i < other.size(); i++) {
            slots[firstOther + i] = other.get(i);
        }
        this.others = new OtherServices(marks, slots, firstOther);
        this.data = new DataServices(services, byNumber);
        this.hasOthers = !other.isEmpty() || data.any();
        this.vips = AddressSet.of(services);
        this.replyKeys = new long[byNumber.length];
        this.wideReplyKeys = new long[byNumber.length];
        this.wideReplies = new WideEndpoints(byNumber.length);
        this.keptReplyKeys = new long[byNumber.length];
        this.keptReplies = new WideEndpoints(byNumber.length);
        for (final RealServerView server : byNumber) {
            if (server != null) {
                noteReplies(server);
            }
        }
        this.told = sysctls.on(Sysctl.NAT_ICMP_SEND) ? masqueraded() : null;
        this.callers = callers(exact);
    }

    /**
     * The same configuration, but each service with what a function makes of it; none of them is one that was changed.
     * Costs as much as a new view.
     */
    public View withServices(final UnaryOperator<ServiceView> change) {
        return new View(version, timeouts, sysctls, ports,
            Arrays.stream(slots).filter(Objects::nonNull).map(change).toList(), byNumber, List.of(), others.rules());
    }

    /** One more than the highest number that a real server or an endpoint has; looks at all of them. */
    public int numbers() {
        return 1 + Math.max(byNumber.length, IntStream.concat(
            Arrays.stream(slots).filter(Objects::nonNull).mapToInt(ServiceView::endpoint),
            Arrays.stream(byNumber).filter(Objects::nonNull).mapToInt(RealServerView::endpoint)).max().orElse(0));
    }

    private void placeWide(final List<ServiceView> services) {
        int slot = slotKeys.length;
        for (final ServiceView service : services) {
            if (service.wide()) {
                wideSlots.put(service.vipHigh(), service.vipLow(), service.vport(), service.protocol(), slot);
                slots[slot++] = service;
            }
        }
    }

    private void noteReplies(final RealServerView server) {
        if (server.service().hasData()) {
            return;
        }
        if (!server.service().wide()) {
            replyKeys[server.number()] = server.ipv4() ? replyKey(server) : 0;
        } else if (server.ipv4() == server.service().ipv4()) {
            // All real servers of an address and port have the number of the first.
            wideReplyKeys[server.number()] = wideReplies.put(server.addressHigh(), server.addressLow(), server.port(),
                server.service().protocol(), server.number());
            if (server.service().anyPort() && server.port() != 0) {
                keptReplyKeys[server.number()] = keptReplies.put(server.addressHigh(), server.addressLow(), 0,
                    server.service().protocol(), server.number());
            }
        }
    }

    private Long2ObjectHashMap<RealServerView> callers(final List<ServiceView> services) {
        final Long2ObjectHashMap<RealServerView> servers = new Long2ObjectHashMap<>();
        for (final ServiceView service : services) {
            for (int i = 0; service.byCallId() && i < service.serverCount(); i++) {
                final RealServerView server = service.server(i);
                if (server.method() == ForwardingMethod.MASQUERADING) {
                    servers.put(service.wide() ? wideReplyKeys[server.number()] : replyKeys[server.number()], server);
                }
            }
        }
        return servers.isEmpty() ? null : servers;
    }

    private Long2ObjectHashMap<RealServerView> masqueraded() {
        final Long2ObjectHashMap<RealServerView> servers = new Long2ObjectHashMap<>();
        for (int i = 0; i < byNumber.length; i++) {
            final RealServerView server = byNumber[i];
            if (server != null && server.available() && server.method() == ForwardingMethod.MASQUERADING) {
                // A key of IPv4 has an address in its upper half, one of IPv6 is a small number.
                servers.put(server.ipv4() ? replyKey(server) : server.service().hasData()
                    ? data.controlKeys()[i] : wideReplyKeys[i], server);
            }
        }
        return servers;
    }

    /** Whatever the method is now: a connection keeps the one that it was made with. */
    private static long replyKey(final RealServerView server) {
        return addressKey(Addresses.ipv4(server.addressLow()), server.port(), server.service().protocol());
    }

    /**
     * IPv4 address, port and protocol in one long: by those of a packet's destination its service is known, by those of
     * its source the connection that it is a reply of.
     */
    public static long addressKey(final int address, final int port, final int protocol) {
        return (long) address << 32 | (long) port << 16 | protocol;
    }

    private void place(final ServiceView service) {
        final long key = addressKey(service);
        int i = slot(key);
        while (slots[i] != null) {
            i = i + 1 & slotKeys.length - 1;
        }
        slots[i] = service;
        slotKeys[i] = key;
    }

    private int slot(final long key) {
        return (int) (key * factor >>> slotShift);
    }

    /**
     * A factor under which most services are in the first place that is looked at: how many places must be looked at
     * is a branch that no processor can foresee. Some are tried, fewer the more services there are.
     */
    private long factor(final List<ServiceView> services) {
        final int trials = Math.max(1, Math.min(MOST_TRIALS, KEYS_TRIED / Math.max(1, services.size())));
        final BitSet taken = new BitSet(slots.length);
        long best = GOLDEN;
        int fewest = Integer.MAX_VALUE;
        long candidate = GOLDEN;
        for (int i = 0; i < trials && fewest > 0; i++, candidate = candidate * GOLDEN + 2) {
            taken.clear();
            int displaced = 0;
            for (final ServiceView service : services) {
                final int place = (int) (addressKey(service) * candidate >>> slotShift);
                displaced += taken.get(place) ? 1 : 0;
                taken.set(place);
            }
            if (displaced < fewest) {
                fewest = displaced;
                best = candidate;
            }
        }
        return best;
    }

    private static long addressKey(final ServiceView service) {
        return addressKey(Addresses.ipv4(service.vipLow()), service.vport(), service.protocol());
    }

    /** The service of a packet's destination, or null. */
    public ServiceView service(final int protocol, final long high, final long low, final int port) {
        final int slot = exactSlot(protocol, high, low, port);
        if (slot >= 0 || !hasOthers) {
            return slot < 0 ? null : slots[slot];
        }
        final int other = others.exactSlot(protocol, high, low, port);
        return other < 0 ? null : slots[other];
    }

    /** The service that is known by this, or null if there is none. */
    public ServiceView service(final ServiceKey key) {
        final ServiceView other = others.service(key.endpoint());
        return other != null || key.anyPort() ? other
            : service(key.protocol(), key.vipHigh(), key.vipLow(), key.vport());
    }

    /** Whether any real server may turn to clients by itself, see {@link #caller}. */
    public boolean hasCallers() {
        return callers != null;
    }

    /**
     * The masqueraded real server of a service with the persistence engine, not one of all ports or a mark, that sends
     * from this address and port, or null if there is none.
     *
     * @param replyKey see {@link #addressKey} and {@link #wideReplyKey}.
     */
    public RealServerView caller(final long replyKey) {
        return callers.get(replyKey);
    }

    /** Whether there are services that {@link #serviceSlot} and {@link #wideServiceSlot} do not find. */
    public boolean hasOthers() {
        return hasOthers;
    }

    /**
     * The place, for {@link #serviceAt}, of a service of a firewall mark, of all ports, or of one port of which a rule
     * for marks may take packets.
     *
     * @param interfaceIndex the kernel's number of the interface by which the packet came, or
     *                       {@link MarkRule#ANY_INTERFACE} for one that is not known.
     * @return negative if there is none.
     */
    public int otherSlot(final int protocol, final long sourceHigh, final long sourceLow, final long high,
                         final long low, final int port, final int interfaceIndex) {
        return others.slot(protocol, sourceHigh, sourceLow, high, low, port, interfaceIndex);
    }

    /**
     * Whether a packet that a rule for marks takes goes to an address of this host, which can answer it itself.
     *
     * @param interfaceIndex the kernel's number of the interface by which the packet came.
     */
    public boolean isLocal(final int protocol, final long sourceHigh, final long sourceLow, final long high,
                           final long low, final int port, final int interfaceIndex) {
        return others.local(protocol, sourceHigh, sourceLow, high, low, port, interfaceIndex);
    }

    /**
     * Whether errors about packets to an address come from there, since the host takes them as its own: a VIP, or one
     * that a rule for marks is about. IPv6 errors never come from an address that is only routed to the host, as one of
     * a whole prefix is (net/ipv6/icmp.c looks at interfaces, net/ipv4/icmp.c at routes).
     */
    public boolean answersFrom(final long high, final long low) {
        return vips.holds(high, low) || others.isLocal(high, low);
    }

    /**
     * The service of a packet by all that services can be known by, or null.
     *
     * @param interfaceIndex as in {@link #otherSlot}.
     */
    public ServiceView service(final int protocol, final long sourceHigh, final long sourceLow, final long high,
                               final long low, final int port, final int interfaceIndex) {
        int slot = exactSlot(protocol, high, low, port);
        if (slot < 0 && hasOthers) {
            slot = others.slot(protocol, sourceHigh, sourceLow, high, low, port, interfaceIndex);
        }
        return slot < 0 ? null : slots[slot];
    }

    private int exactSlot(final int protocol, final long high, final long low, final int port) {
        return Addresses.isIpv4(high, low) ? serviceSlot(addressKey(Addresses.ipv4(low), port, protocol))
            : wideServiceSlot(protocol, high, low, port);
    }

    /** As {@link #serviceSlot}, of a destination in IPv6. */
    public int wideServiceSlot(final int protocol, final long high, final long low, final int port) {
        return wideSlots.number(high, low, port, protocol);
    }

    /**
     * What stands for the source of a reply among {@link #wideReplyKeys}; 0 if it is no real server's.
     *
     * @param protocol 0 for real servers of marks' services.
     * @param port     0 for real servers that have the port that was asked for.
     */
    public long wideReplyKey(final int protocol, final long high, final long low, final int port) {
        return Math.max(0, wideReplies.number(high, low, port, protocol));
    }

    /**
     * Where the service of a destination in IPv4 is, for {@link #serviceAt}.
     *
     * @param addressKey of the packet's destination, see {@link #addressKey}.
     * @return negative if there is none.
     */
    public int serviceSlot(final long addressKey) {
        final long[] keys = slotKeys;
        int i = slot(addressKey);
        while (keys[i & keys.length - 1] != addressKey) {
            if (keys[i & keys.length - 1] == 0) {
                return -1;
            }
            i++;
        }
        return i & keys.length - 1;
    }

    /** The service at a place that {@link #serviceSlot} or {@link #wideServiceSlot} of this view answered. */
    public ServiceView serviceAt(final int slot) {
        return slots[slot];
    }

    /** One more than that of the view before. */
    public long version() {
        return version;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    /** Services with data connections. */
    public DataServices data() {
        return data;
    }

    /** The service of one address and port whose data connections a packet to that address may be one of; or null. */
    public ServiceView dataService(final int protocol, final long high, final long low, final int controlPort) {
        final int slot = hasOthers ? others.exactSlot(protocol, high, low, controlPort) : -1;
        return slot >= 0 && slots[slot].key().hasData() ? slots[slot] : null;
    }

    /** Settings. */
    public Sysctls sysctls() {
        return sysctls;
    }

    /** Whether connections are to end since a real server was removed between an older view and this one. */
    public boolean expiresConnectionsSince(final View older) {
        if (!sysctls.on(Sysctl.EXPIRE_NODEST_CONN) || byNumber == older.byNumber) {
            return false;
        }
        for (int i = 0; i < byNumber.length; i++) {
            final RealServerView before = older.realServer(i);
            if (byNumber[i] != null && !byNumber[i].available() && (before == null || before.available())) {
                return true;
            }
        }
        return false;
    }

    /** One of the director's interfaces by its number. */
    public PortView port(final int number) {
        return ports[number];
    }

    /** The real server that a connection entry names, or null if the number is not in use. */
    public RealServerView realServer(final int number) {
        return number < byNumber.length ? byNumber[number] : null;
    }

    /** {@link #replyKey} of each real server by its number, 0 where there is none; not to be changed. */
    public long[] replyKeys() {
        return replyKeys;
    }

    /** {@link #wideReplyKey} of each real server by its number, 0 where there is none; not to be changed. */
    public long[] wideReplyKeys() {
        return wideReplyKeys;
    }

    /**
     * As {@link #wideReplyKey}, among {@link #keptReplyKeys}: of a real server that has a port, in a service of
     * several, whose packet comes from the port that a client asked for nevertheless.
     */
    public long keptReplyKey(final int protocol, final long high, final long low) {
        return Math.max(0, keptReplies.number(high, low, 0, protocol));
    }

    /** {@link #keptReplyKey} of each real server by its number, 0 where there is none; not to be changed. */
    public long[] keptReplyKeys() {
        return keptReplyKeys;
    }

    /**
     * The masqueraded real server that is to be told of a reply of no connection, or null: nat_icmp_send.
     *
     * @param replyKey {@link #addressKey} of the reply's source, in IPv6 its {@link #wideReplyKey}.
     */
    public RealServerView toldOfStrays(final long replyKey) {
        return told == null ? null : told.get(replyKey);
    }

    /** Services whose real servers are other than in the view before. */
    public List<ServiceView> changed() {
        return changed;
    }
}
