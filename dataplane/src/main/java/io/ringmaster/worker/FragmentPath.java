package io.ringmaster.worker;

import io.ringmaster.fragment.Reassembly;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.service.PortView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.TimeToLive;
import java.lang.foreign.Arena;

/**
 * Fragments: each is joined to what has come of its datagram, and the one that completes it takes the way of the whole
 * datagram, which leaves in fragments again, none larger than the largest it came in. Owned by one worker.
 */
final class FragmentPath {
    private static final long MS_NS = 1_000_000;

    private final Exits exits;
    private final PacketPath path;
    private final IcmpPath icmp;
    private final Reassembly reassembly;
    private View view;
    private long nowMs;

    FragmentPath(final Exits exits, final PacketPath path, final IcmpPath icmp, final Arena arena) {
        this.exits = exits;
        this.path = path;
        this.icmp = icmp;
        this.reassembly = new Reassembly(arena);
        icmp.wholesLieIn(reassembly.whole().memory());
    }

    void useView(final View newView) {
        this.view = newView;
    }

    void begin(final long batchNowNs) {
        nowMs = batchNowNs / MS_NS;
    }

    /** Takes in a fragment and sends its datagram on if that is whole. */
    void join(final Packet fragment) {
        if (fragment.version() == 4 && !hasPorts(fragment.protocol())) {
            exits.handBack(fragment, Counter.BACK_UNREADABLE);
            return;
        }
        final Reassembly.Answer answer = reassembly.take(fragment, nowMs);
        exits.count(Counter.DATAGRAMS_GAVE_WAY, reassembly.takeGaveWay());
        switch (answer) {
            case WAITING -> exits.drop(fragment, Counter.FRAGMENT_JOINED);
            case COMPLETE -> {
                exits.free(fragment);
                path.forwardWhole(reassembly.whole());
            }
            case DUPLICATE -> exits.drop(fragment, Counter.DROP_FRAGMENT_DUPLICATE);
            case OVERLAP -> exits.drop(fragment, Counter.DROP_FRAGMENT_OVERLAP);
            case MALFORMED, CONTRADICTED -> exits.drop(fragment, Counter.DROP_FRAGMENT_MALFORMED);
            case ODD_LENGTH -> icmp.wrongLength(fragment, sourceHigh(fragment), sourceLow(fragment));
            case TOO_MANY -> exits.drop(fragment, Counter.DROP_FRAGMENT_TINY);
        }
    }

    private static boolean hasPorts(final int protocol) {
        return protocol == Ipv4.PROTOCOL_TCP || protocol == Ipv4.PROTOCOL_UDP || protocol == Ipv4.PROTOCOL_SCTP;
    }

    /** Whether {@link #expire} has something to do. */
    boolean expires(final long nowNs) {
        return reassembly.expires(nowNs / MS_NS);
    }

    /** Forgets datagrams that took too long; whoever sent the first fragment is told, as the kernel does it. */
    void expire() {
        while (reassembly.expireOne(nowMs)) {
            exits.count(Counter.DATAGRAMS_EXPIRED);
            final Packet first = reassembly.firstOfExpired();
            if (first != null) {
                if (first.version() == 4 && !TimeToLive.expires(first)
                    && !view.answersFrom(first.destinationHigh(), first.destinationLow())) {
                    // The kernel was about to route it.
                    TimeToLive.decrement(first);
                }
                icmp.reassemblyTimeExceeded(first, sourceHigh(first), sourceLow(first));
            }
        }
    }

    /** Where an error about a fragment comes from: what it went to, if that is ours, or the interface. */
    private long sourceHigh(final Packet fragment) {
        if (view.answersFrom(fragment.destinationHigh(), fragment.destinationLow())) {
            return fragment.destinationHigh();
        }
        final PortView port = view.port(fragment.port());
        return port.answersFromHigh(fragment.sourceHigh(), fragment.sourceLow());
    }

    private long sourceLow(final Packet fragment) {
        if (view.answersFrom(fragment.destinationHigh(), fragment.destinationLow())) {
            return fragment.destinationLow();
        }
        final PortView port = view.port(fragment.port());
        return port.answersFromLow(fragment.sourceHigh(), fragment.sourceLow());
    }
}
