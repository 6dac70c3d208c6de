package io.ringmaster.scheduler;

import io.ringmaster.packet.Addresses;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;

/** What lblc and lblcr share: real servers that are remembered while they come and go, and when one has too much. */
final class Locality {
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int PORT_SHIFT = 32;

    private Locality() {
    }

    /**
     * A real server in one long, by RIP and rport as the kernel knows it again: its number can be another one's when it
     * comes back. Of IPv4 ones no two have the same; of IPv6 ones, whose 144 bits are mixed, two in 2⁶⁴.
     */
    static long name(final RealServerView server) {
        final long high = server.addressHigh();
        final long low = server.addressLow();
        return Addresses.isIpv4(high, low)
            ? (long) server.port() << PORT_SHIFT | Integer.toUnsignedLong(Addresses.ipv4(low))
            : ((high * MIX ^ low) + server.port()) * MIX;
    }

    /** The place of a real server in the service's list, or -1 if it is not there any more. */
    static int placeOf(final ServiceView service, final long name) {
        for (int i = 0; i < service.serverCount(); i++) {
            if (name(service.server(i)) == name) {
                return i;
            }
        }
        return Scheduler.NONE;
    }

    /** More active connections than its weight, while some real server has not even half of its own. */
    static boolean crowded(final ServiceView service, final int place, final ServerLoad load) {
        final RealServerView server = service.server(place);
        if (load.active(server.number()) <= server.weight()) {
            return false;
        }
        for (int i = 0; i < service.serverCount(); i++) {
            final RealServerView other = service.server(i);
            if (load.active(other.number()) * 2 < other.weight()) {
                return true;
            }
        }
        return false;
    }
}
