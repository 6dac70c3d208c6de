package io.ringmaster.control;

/**
 * What can be set of a virtual service; -E replaces all of it. Immutable.
 *
 * @param scheduler  its name, as ipvsadm's -s takes it.
 * @param flags      scheduler flags, the kernel's bits 8, 16 and 32.
 * @param persistSec time-out of persistence, 0 for none.
 * @param netmask    granularity of persistence: the 32 bits of the mask for IPv4, the prefix length for IPv6.
 * @param engine     name of the persistence engine, empty for none.
 * @param onePacket  one-packet scheduling.
 */
public record ServiceSettings(String scheduler, int flags, int persistSec, int netmask, String engine,
                              boolean onePacket) {
    /** The mask of single IPv4 clients. */
    public static final int SINGLE_IPV4 = -1;
    /** The prefix length of single IPv6 clients. */
    public static final int SINGLE_IPV6 = 128;

    /** An ordinary service: no flags, no persistence. */
    public static ServiceSettings of(final String scheduler) {
        return new ServiceSettings(scheduler, 0, 0, SINGLE_IPV4, "", false);
    }

    /** Whether clients come back to their real server. */
    public boolean persistent() {
        return persistSec != 0;
    }
}
