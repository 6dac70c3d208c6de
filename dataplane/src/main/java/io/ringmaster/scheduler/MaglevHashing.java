package io.ringmaster.scheduler;

import io.ringmaster.packet.Packet;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.stats.ServerLoad;
import java.util.Arrays;

/**
 * {@code mh}: Maglev's consistent hashing (Eisenbud et al., NSDI 2016, §3.4) with the kernel's sizes, keys and weights
 * (ip_vs_mh.c): when a real server comes or goes, nearly all clients keep theirs. Quiescing one leaves the table as it
 * is, since it is filled by the last weights that were not 0. Has no state.
 */
final class MaglevHashing implements Scheduler {
    /** CONFIG_IP_VS_MH_TAB_INDEX = 12, the kernel's default. */
    private static final int ENTRIES = 4093;
    /** Half of that index: a real server takes fewer than 2⁶ entries in one turn. */
    private static final int TURN_BITS = 6;
    private static final long OFFSET_KEY = 2_654_435_761L;
    private static final long SKIP_KEY = 2_654_446_892L;

    @Override
    public void serversChanged(final ServiceView service) {
        // The table comes with the view.
    }

    @Override
    public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
        final int client = Usable.clientKey(packet, service.flags());
        final int home = entry(client);
        final int place = service.schedulerTable()[home];
        if (place == NONE || Usable.usable(service.server(place), load)) {
            return place;
        }
        final boolean fallback = (service.flags() & SchedulerType.FALLBACK) != 0;
        return fallback && Usable.anyUsable(service, load) ? fallBack(service, client, home, load) : NONE;
    }

    private static int fallBack(final ServiceView service, final int client, final int home, final ServerLoad load) {
        for (int i = 0; i < ENTRIES; i++) {
            final int place = service.schedulerTable()[entry((home + i) % ENTRIES + client)];
            if (Usable.usable(service.server(place), load)) {
                return place;
            }
        }
        return NONE;
    }

    private static int entry(final int value) {
        return modulo(SipHash.hash(value, OFFSET_KEY), ENTRIES);
    }

    private static int modulo(final int unsigned, final int divisor) {
        return (int) (Integer.toUnsignedLong(unsigned) % divisor);
    }

    /** Each real server in its turn takes the next free entries of its own permutation. */
    static int[] table(final RealServerView[] servers, final int flags) {
        final int[] entries = new int[ENTRIES];
        Arrays.fill(entries, NONE);
        final int[] turns = turns(servers);
        int turnsOfAll = 0;
        for (final int each : turns) {
            turnsOfAll += each;
        }
        if (turnsOfAll == 0) {
            return entries;
        }
        final int[] position = new int[servers.length];
        final int[] skip = new int[servers.length];
        for (int i = 0; i < servers.length; i++) {
            final int key = folded(servers[i]) + servers[i].port();
            position[i] = modulo(SipHash.hash(key, OFFSET_KEY), ENTRIES);
            skip[i] = modulo(SipHash.hash(key, SKIP_KEY), ENTRIES - 1) + 1;
        }
        int filled = 0;
        int place = 0;
        while (filled < ENTRIES) {
            for (int turn = 0; turn < turns[place] && filled < ENTRIES; turn++, filled++) {
                while (entries[position[place]] != NONE) {
                    position[place] = (position[place] + skip[place]) % ENTRIES;
                }
                entries[position[place]] = place;
            }
            place = (place + 1) % servers.length;
        }
        return entries;
    }

    /** A real server's address in 32 bits: of one of IPv6 in a service of IPv4 the kernel takes the first word only. */
    private static int folded(final RealServerView server) {
        return server.service().ipv4() && !server.ipv4() ? (int) (server.addressHigh() >>> Integer.SIZE)
            : Usable.fold(server.addressHigh(), server.addressLow());
    }

    /** Entries that each real server takes in one turn; 0 for one that never had a weight. */
    private static int[] turns(final RealServerView[] servers) {
        int divisor = 0;
        int highest = 0;
        for (final RealServerView server : servers) {
            divisor = Divisor.greatest(divisor, server.lastWeight());
            highest = Math.max(highest, server.lastWeight());
        }
        final int[] turns = new int[servers.length];
        if (divisor == 0) {
            return turns;
        }
        final int bits = Integer.SIZE - Integer.numberOfLeadingZeros(highest / divisor);
        final int shift = Math.max(0, bits - TURN_BITS);
        for (int i = 0; i < servers.length; i++) {
            final int weight = servers[i].lastWeight();
            turns[i] = weight == 0 ? 0 : Math.max(1, weight / divisor >> shift);
        }
        return turns;
    }
}
