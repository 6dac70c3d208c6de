package io.ringmaster.transmit;

import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/** The hop that the director is: a packet's time to live, one less (RFC 1812 §5.3.1). Every method needs it first. */
public final class TimeToLive {
    private static final int LAST_HOP = 1;
    private static final int LONGEST = 255;

    private TimeToLive() {
    }

    /** Whether the packet may not go any further, so that its sender is owed a time exceeded. */
    public static boolean expires(final Packet packet) {
        return packet.timeToLive() <= LAST_HOP;
    }

    /** Puts one hop back that was taken off: the packet goes no further than this host. */
    public static void increment(final Packet packet) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        if (packet.version() == 6) {
            Ipv6.hopLimit(memory, network, Ipv6.hopLimit(memory, network) + 1 & LONGEST);
            return;
        }
        final int before = Ipv4.timeToLiveWord(memory, network);
        Ipv4.timeToLive(memory, network, (before >>> Byte.SIZE) + 1 & LONGEST);
        Ipv4.checksum(memory, network, Checksum.correct(Ipv4.checksum(memory, network),
            Checksum.correction16(before, Ipv4.timeToLiveWord(memory, network))));
    }

    /** Takes one hop off and corrects the header checksum; only for a packet that does not expire. */
    public static void decrement(final Packet packet) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        if (packet.version() == 6) {
            Ipv6.hopLimit(memory, network, Ipv6.hopLimit(memory, network) - 1);
            return;
        }
        final int oldWord = Ipv4.timeToLiveWord(memory, network);
        // The word is not read again: a load of more than what was just stored waits until the store has left the core.
        Ipv4.timeToLive(memory, network, (oldWord >>> Byte.SIZE) - 1);
        Ipv4.checksum(memory, network, Checksum.correct(Ipv4.checksum(memory, network), Ipv4.ONE_HOP_LESS));
    }
}
