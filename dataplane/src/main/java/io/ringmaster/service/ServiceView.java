package io.ringmaster.service;

import io.ringmaster.packet.Addresses;
import io.ringmaster.scheduler.Scheduler;

/**
 * One virtual service as workers see it. Immutable, but for the schedulers, each of which belongs to one worker.
 */
public final class ServiceView {
    /** Flag of a service whose datagrams are scheduled one by one: the kernel's IP_VS_SVC_F_ONEPACKET. */
    public static final int ONE_PACKET = 4;
    /** Flag of a service with the persistence engine sip; none of the kernel's. */
    public static final int CALL_ID = 1 << 16;
    /** Flag of a deleted service, which is there for connections that it left; none of the kernel's. */
    public static final int LEFT = 1 << 17;
    private final ServiceKey key;
    private final int flags;
    private final RealServerView[] servers;
    private final int[] schedulerTable;
    private final Scheduler[] schedulers;
    private final boolean wide;
    private final int persistSec;
    private final PersistTimes persistTimes;
    private final long persistMaskHigh;
    private final long persistMaskLow;

    /**
     * A service.
     *
     * @param key            protocol, VIP and port with the endpoint number that stands for them in entries.
     * @param flags          the kernel's bits: {@link #ONE_PACKET}; the scheduler's 8 (flag-1), 16 (-2), 32 (-3); and
     *                       {@link #CALL_ID}.
     * @param servers        in the kernel's order: the one added last comes first. Not copied; never changed after.
     * @param schedulerTable what {@link io.ringmaster.scheduler.SchedulerType#prepare} made of the servers.
     * @param schedulers     one for each worker.
     */
    public ServiceView(final ServiceKey key, final int flags, final RealServerView[] servers,
                       final int[] schedulerTable, final Scheduler[] schedulers) {
        this(key, flags, servers, schedulerTable, schedulers, 0, 0);
    }

    /**
     * A persistent service.
     *
     * @param persistSec  how long a client's real server is remembered after its last new connection; 0 for not at all.
     * @param persistMask the bits of a client's IPv4 address that make it another client, network order; of an IPv6
     *                    service the length of the prefix that does, 0 to 128.
     */
    public ServiceView(final ServiceKey key, final int flags, final RealServerView[] servers,
                       final int[] schedulerTable, final Scheduler[] schedulers, final int persistSec,
                       final int persistMask) {
        this(key, flags, servers, schedulerTable, schedulers, persistSec, PersistTimes.NONE.with(persistSec),
            persistMask);
    }

    /**
     * A service that is, or was, persistent.
     *
     * @param persistTimes what its templates were made with; the latest is persistSec, if that is not 0.
     */
    public ServiceView(final ServiceKey key, final int flags, final RealServerView[] servers,
                       final int[] schedulerTable, final Scheduler[] schedulers, final int persistSec,
                       final PersistTimes persistTimes, final int persistMask) {
        this.key = key;
        this.flags = flags;
        this.servers = servers;
        this.schedulerTable = schedulerTable;
        this.schedulers = schedulers;
        this.wide = key.wide();
        this.persistSec = persistSec;
        this.persistTimes = persistTimes;
        this.persistMaskHigh = key.ipv4() ? Addresses.IPV4_HIGH : Addresses.prefixHigh(persistMask);
        this.persistMaskLow = key.ipv4() ? Addresses.ipv4Low(persistMask) : Addresses.prefixLow(persistMask);
    }

    private ServiceView(final ServiceView of, final Scheduler scheduler) {
        this.key = of.key;
        this.flags = of.flags;
        this.servers = of.servers;
        this.schedulerTable = of.schedulerTable;
        this.schedulers = new Scheduler[] {scheduler};
        this.wide = of.wide;
        this.persistSec = of.persistSec;
        this.persistTimes = of.persistTimes;
        this.persistMaskHigh = of.persistMaskHigh;
        this.persistMaskLow = of.persistMaskLow;
    }

    /** The same service with another scheduler, for one worker only. */
    public ServiceView withScheduler(final Scheduler scheduler) {
        return new ServiceView(this, scheduler);
    }

    public ServiceKey key() {
        return key;
    }

    /** 1 to 65,535: stands for protocol, VIP and port in connection keys and in the service's counters. */
    public int endpoint() {
        return key.endpoint();
    }

    /** IP protocol number. */
    public int protocol() {
        return key.protocol();
    }

    public long vipHigh() {
        return key.vipHigh();
    }

    public long vipLow() {
        return key.vipLow();
    }

    public int vport() {
        return key.vport();
    }

    /** Whether each datagram is scheduled by itself and none makes a connection. */
    public boolean onePacket() {
        return (flags & ONE_PACKET) != 0;
    }

    /** Whether it has the persistence engine that tells clients' calls apart. */
    public boolean byCallId() {
        return (flags & CALL_ID) != 0;
    }

    /** Whether it was deleted, and only its connections are its own. */
    public boolean left() {
        return (flags & LEFT) != 0;
    }

    /** The kernel's bits (include/uapi/linux/ip_vs.h): {@link #ONE_PACKET}, the scheduler's 8, 16, 32; and our own. */
    public int flags() {
        return flags;
    }

    /** Seconds that a client's real server is remembered after its last new connection; 0 for not at all. */
    public int persistSec() {
        return persistSec;
    }

    /** How long templates live by the time of which they have the number. */
    public PersistTimes persistTimes() {
        return persistTimes;
    }

    /** The bits of a client's address that make it another client, high long of {@link Addresses}. */
    public long persistMaskHigh() {
        return persistMaskHigh;
    }

    /** The same, low long; of an IPv4 service with the bits that say IPv4. */
    public long persistMaskLow() {
        return persistMaskLow;
    }

    /** Whether its connections have wide keys. */
    public boolean wide() {
        return wide;
    }

    /** How many real servers there are, those of weight 0 included. */
    public int serverCount() {
        return servers.length;
    }

    /** The real server at a place of the kernel's order. */
    public RealServerView server(final int index) {
        return servers[index];
    }

    /** The look-up table of schedulers that have one (sh, mh); empty for the others. */
    public int[] schedulerTable() {
        return schedulerTable;
    }

    /** The scheduler of one worker; only that worker may call it. */
    public Scheduler scheduler(final int worker) {
        return schedulers[worker];
    }
}
