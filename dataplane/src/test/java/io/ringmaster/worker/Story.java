package io.ringmaster.worker;

import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A director and what is said of it packet by packet: each packet in, the packets out as {@link Frames#text}, and the
 * one counter of its end. Every checksum of every packet out is made anew by the slow way and must hold.
 */
final class Story implements AutoCloseable {
    static final String CLIENT = "10.9.1.1:4000";
    static final String VIP = "10.1.0.100:80";
    static final String RIP = "10.2.0.11:80";
    static final long RS = TestNetwork.serverMac(11);

    final TestDirector director;

    Story(final TestDirector.Shape shape, final String... rules) {
        director = new TestDirector(shape).rules(rules);
    }

    Story(final String... rules) {
        this(TestDirector.Shape.DEFAULT, rules);
    }

    /** A service of one real server, by a forwarding method. */
    static Story of(final String method) {
        return new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " " + method);
    }

    static byte[] fromClient(final int flags) {
        return Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT, VIP, flags, 0);
    }

    static byte[] fromClient(final String client, final int flags) {
        return Frames.tcp(CLIENT_ROUTER, MAC_0, client, VIP, flags, 0);
    }

    static byte[] fromClient(final int flags, final int payloadBytes) {
        return Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT, VIP, flags, payloadBytes);
    }

    static byte[] fromServer(final int flags) {
        return Frames.tcp(RS, MAC_0, RIP, CLIENT, flags, 0);
    }

    static byte[] fromServer(final int flags, final int payloadBytes) {
        return Frames.tcp(RS, MAC_0, RIP, CLIENT, flags, payloadBytes);
    }

    /** A packet in on port 0, what comes out, and what it is counted as. */
    Story then(final byte[] in, final Counter end, final String... out) {
        return then(0, in, end, out);
    }

    /** A packet in on a port, what comes out, and what it is counted as. */
    Story then(final int port, final byte[] in, final Counter end, final String... out) {
        final Map<Counter, Long> before = ends();
        final int back = director.handedBack.size();
        final List<String> texts = new ArrayList<>();
        for (final TestDirector.Sent sent : director.send(port, in)) {
            texts.add(Frames.text(sent.frame()));
            assertTrue(Frames.holds(sent.frame()), () -> "checksums of " + Frames.text(sent.frame()));
        }
        final Map<Counter, Long> after = ends();
        before.merge(end, 1L, Long::sum);
        assertEquals(before, after);
        assertEquals(List.of(out), texts);
        assertEquals(end.kind() == Counter.Kind.HANDED_BACK ? 1 : 0, director.handedBack.size() - back);
        if (end.kind() == Counter.Kind.HANDED_BACK) {
            assertArrayEquals(in, director.handedBack.getLast(), "as it came");
        }
        return this;
    }

    /** Commands of ipvsadm. */
    Story rules(final String... lines) {
        director.rules(lines);
        return this;
    }

    /** Commands of {@code ringmaster mark}. */
    Story mark(final String... lines) {
        for (final String line : lines) {
            director.mark(line);
        }
        return this;
    }

    /** Settings. */
    Story set(final String words) {
        director.sysctl(words);
        return this;
    }

    /** What -Lnc shows, in short. */
    Story connections(final String... lines) {
        assertEquals(List.of(lines), director.connections());
        return this;
    }

    Story elapse(final long seconds) {
        director.elapse(seconds * 1000);
        return this;
    }

    private Map<Counter, Long> ends() {
        final Map<Counter, Long> ends = new EnumMap<>(Counter.class);
        for (final Counter counter : Counter.values()) {
            if (counter.kind() != Counter.Kind.EVENT && director.count(counter) > 0) {
                ends.put(counter, director.count(counter));
            }
        }
        return ends;
    }

    @Override
    public void close() {
        director.close();
    }
}
