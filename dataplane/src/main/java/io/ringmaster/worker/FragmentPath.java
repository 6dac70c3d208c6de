package io.ringmaster.worker;

import io.ringmaster.fragment.Reassembly;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.stats.Counter;

/**
 * Fragments: each is joined to what has come of its datagram, and the one that completes it takes the way of the whole
 * datagram, which leaves in fragments again, none larger than the largest it came in. Owned by one worker.
 */
final class FragmentPath {
    private static final long MS_NS = 1_000_000;

    private final Exits exits;
    private final PacketPath path;
    private final Reassembly reassembly = new Reassembly();
    private long nowMs;

    FragmentPath(final Exits exits, final PacketPath path) {
        this.exits = exits;
        this.path = path;
    }

    void begin(final long batchNowNs) {
        nowMs = batchNowNs / MS_NS;
    }

    /** Takes in a fragment and sends its datagram on if that is whole. */
    void join(final Packet fragment) {
        final int protocol = fragment.protocol();
        if (fragment.version() == 6 || protocol != Ipv4.PROTOCOL_TCP && protocol != Ipv4.PROTOCOL_UDP
            && protocol != Ipv4.PROTOCOL_SCTP) {
            exits.handBack(fragment, Counter.BACK_UNREADABLE);
            return;
        }
        final Reassembly.Answer answer = reassembly.take(fragment, nowMs);
        exits.count(Counter.DATAGRAMS_EXPIRED, reassembly.takeExpired());
        exits.count(Counter.DATAGRAMS_GAVE_WAY, reassembly.takeGaveWay());
        switch (answer) {
            case WAITING -> exits.drop(fragment, Counter.FRAGMENT_JOINED);
            case COMPLETE -> {
                exits.free(fragment);
                path.forwardWhole(reassembly.whole());
            }
            case DUPLICATE -> exits.drop(fragment, Counter.DROP_FRAGMENT_DUPLICATE);
            case OVERLAP -> exits.drop(fragment, Counter.DROP_FRAGMENT_OVERLAP);
            case MALFORMED -> exits.drop(fragment, Counter.DROP_FRAGMENT_MALFORMED);
            case TOO_MANY -> exits.drop(fragment, Counter.DROP_FRAGMENT_TINY);
        }
    }
}
