package io.ringmaster.control;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.service.ServiceKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which packets the XDP program is to take from the kernel: opened after all workers know what to do with them, closed
 * before the first one forgets it. Owned by the control thread.
 */
final class Openings {
    private final Dataplane dataplane;
    private final Map<Opening, Integer> wanted = new HashMap<>();
    private final Map<Opening, Long> waiting = new LinkedHashMap<>();
    private final Set<Opening> unwanted = new LinkedHashSet<>();

    Openings(final Dataplane dataplane) {
        this.dataplane = dataplane;
    }

    /** One reason more for an opening; it happens once all workers applied the version. */
    void want(final Opening opening, final long version) {
        if (opening.fragments() != null) {
            want(opening.fragments(), version);
        }
        if (wanted.merge(opening, 1, Integer::sum) == 1 && !unwanted.remove(opening)) {
            waiting.put(opening, version);
        }
    }

    /** One reason less; with the last one it is closed at the next {@link #closeUnwanted}. */
    void drop(final Opening opening) {
        if (opening.fragments() != null) {
            drop(opening.fragments());
        }
        if (wanted.merge(opening, -1, (a, b) -> a + b == 0 ? null : a + b) == null
            && waiting.remove(opening) == null) {
            unwanted.add(opening);
        }
    }

    /** Closes what nobody wants any more: before the view that forgets it is published. */
    void closeUnwanted() {
        for (final Iterator<Opening> i = unwanted.iterator(); i.hasNext();) {
            final Opening next = i.next();
            i.remove();
            next.close(dataplane);
        }
    }

    /** Opens what waited for a version that is applied now; tells how many. */
    int settle() {
        if (waiting.isEmpty()) {
            return 0;
        }
        final long applied = dataplane.appliedVersion();
        int opened = 0;
        for (final Iterator<Map.Entry<Opening, Long>> i = waiting.entrySet().iterator(); i.hasNext();) {
            final Map.Entry<Opening, Long> next = i.next();
            if (next.getValue() <= applied) {
                i.remove();
                next.getKey().open(dataplane);
                opened++;
            }
        }
        return opened;
    }

    /** Whether everything wanted by a version is open. */
    boolean settled(final long version) {
        // They wait in the order they were wanted, so the first one waits for the lowest version.
        return waiting.isEmpty() || waiting.values().iterator().next() > version;
    }

    /** One kind of packets. */
    sealed interface Opening {
        void open(Dataplane dataplane);

        void close(Dataplane dataplane);

        /** Fragments have no ports but the first: those that may be of such packets; null if none are. */
        default Opening fragments() {
            return null;
        }
    }

    /** Fragments to a service's address, or from that of a masqueraded real server. */
    record Fragments(boolean ofReplies, long high, long low) implements Opening {
        @Override
        public void open(final Dataplane dataplane) {
            dataplane.openFragments(ofReplies, high, low);
        }

        @Override
        public void close(final Dataplane dataplane) {
            dataplane.closeFragments(ofReplies, high, low);
        }
    }

    /** Packets to a virtual service. */
    record ToService(ServiceKey key) implements Opening {
        @Override
        public void open(final Dataplane dataplane) {
            dataplane.openService(key);
        }

        @Override
        public void close(final Dataplane dataplane) {
            dataplane.closeService(key);
        }

        @Override
        public Opening fragments() {
            return new Fragments(false, key.vipHigh(), key.vipLow());
        }
    }

    /** Packets from a masqueraded real server. */
    record Replies(int protocol, long high, long low, int port) implements Opening {
        @Override
        public void open(final Dataplane dataplane) {
            dataplane.openReplies(protocol, high, low, port);
        }

        @Override
        public void close(final Dataplane dataplane) {
            dataplane.closeReplies(protocol, high, low, port);
        }

        @Override
        public Opening fragments() {
            return new Fragments(true, high, low);
        }
    }

    /**
     * Packets of data connections.
     *
     * @param ofReplies whether those from this address, else those to it.
     * @param lasting   whether those of all ports that data connections may have, else of such as are in use.
     */
    record Data(boolean ofReplies, boolean lasting, long high, long low) implements Opening {
        @Override
        public void open(final Dataplane dataplane) {
            dataplane.openData(ofReplies, lasting, high, low);
        }

        @Override
        public void close(final Dataplane dataplane) {
            dataplane.closeData(ofReplies, lasting, high, low);
        }
    }

    /** Packets of a firewall mark. */
    record Marked(MarkFilter filter) implements Opening {
        @Override
        public void open(final Dataplane dataplane) {
            dataplane.openMark(filter);
        }

        @Override
        public void close(final Dataplane dataplane) {
            dataplane.closeMark(filter);
        }
    }

    /** ICMP errors about tunnel packets. */
    record TunnelErrors(long high, long low) implements Opening {
        @Override
        public void open(final Dataplane dataplane) {
            dataplane.openTunnel(high, low);
        }

        @Override
        public void close(final Dataplane dataplane) {
            dataplane.closeTunnel(high, low);
        }
    }
}
