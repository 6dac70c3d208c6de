package io.ringmaster.explain;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.stats.Counter;
import java.util.List;

/**
 * What became of a packet in a rehearsal. Immutable.
 *
 * @param end        the counter of its end.
 * @param events     what else was counted.
 * @param sent       what left, by which interface: the packet, its fragments, or an ICMP error in answer.
 * @param handedBack what the kernel would get, as often as in fragments; empty for nothing.
 * @param server     number of the real server that it was counted for, in either direction; 0 for none.
 * @param entries    connections and templates of its ends afterwards.
 */
public record Course(Counter end, List<Counter> events, List<Sent> sent, List<byte[]> handedBack, int server,
                     List<Entry> entries) {
    /** That of a packet for whose connection there is no room. */
    static Course full(final List<Entry> entries) {
        return new Course(Counter.DROP_TABLE_FULL, List.of(Counter.PACKETS_RECEIVED), List.of(), List.of(),
            ConnectionValue.NO_SERVER, entries);
    }

    /** A frame that leaves by an interface of a number. */
    public record Sent(int port, byte[] frame) {
    }
}
