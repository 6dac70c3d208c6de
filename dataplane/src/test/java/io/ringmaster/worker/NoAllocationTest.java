package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringmaster.stats.Counter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A million packets of every kind through a worker, whatever the scheduler, and nothing is allocated. The fake
 * kernel's side does allocate, so only {@code doWork} is measured.
 */
class NoAllocationTest {
    private static final int PACKETS = 1_000_000;
    private static final int BATCH = 64;
    /** Places of those frames whose client's port changes. */
    private static final Set<Integer> OPENING = Set.of(0, 4, 5);
    /**
     * Cycles in which something may be allocated, of 15,625: the JVM makes the string constants of a class on the
     * thread that asks for a method of it to be compiled, once for each class. Whatever packets do comes in a thousand
     * cycles at least.
     */
    private static final int TOLERATED_CYCLES = 20;

    @ParameterizedTest
    @CsvSource({"rr, wlc, wrr, sh, mh", "rr -p 5 -M 255.255.255.0, lblcr, lblc, dh, twos"})
    void aMillionPackets(final String first, final String second, final String third, final String fourth,
                         final String fifth) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
        try (TestDirector director = new TestDirector(TestDirector.Shape.DEFAULT.capacity(65_536))) {
            director.rules("-A -t 10.1.0.100:80 -s " + first, "-a -t 10.1.0.100:80 -r 10.2.0.11:80 -m",
                "-A -u 10.1.0.100:53 -s " + second, "-a -u 10.1.0.100:53 -r 10.2.0.12:53 -m",
                "-A -t 10.1.0.101:80 -s " + third, "-a -t 10.1.0.101:80 -r 10.2.0.12:80 -g",
                "-A -t 10.1.0.102:80 -s " + fourth, "-a -t 10.1.0.102:80 -r 10.2.0.13:80 -i",
                "-A -t 10.1.0.103:80 -s " + fifth, "-a -t 10.1.0.103:80 -r 10.2.0.99:80 -g",
                "-A -u 10.1.0.103:53 -s lc");
            final List<byte[]> frames = frames();
            play(director, frames, PACKETS / 5, threads);
            final int cycles = play(director, frames, PACKETS, threads);
            assertTrue(cycles <= TOLERATED_CYCLES, "something was allocated in " + cycles + " cycles");
            for (final Counter counter : List.of(Counter.SENT_TO_REAL_SERVER, Counter.SENT_TO_CLIENT,
                Counter.SENT_ICMP_ERROR, Counter.SENT_ICMP_RELAYED, Counter.BACK_NO_CONNECTION, Counter.BACK_UNREADABLE,
                Counter.DROP_TRUNCATED, Counter.DROP_NEIGHBOUR_UNRESOLVED, Counter.CONNECTIONS_CREATED,
                Counter.CONNECTIONS_ENDED)) {
                assertTrue(director.count(counter) > 1000, () -> counter + " " + director.count(counter));
            }
            assertEquals(PACKETS + PACKETS / 5, director.count(Counter.PACKETS_RECEIVED));
        }
    }

    /** The number of cycles in which something was allocated. */
    private static int play(final TestDirector director, final List<byte[]> frames, final int packets,
                             final ThreadMXBean threads) {
        int cycles = 0;
        int port = 1024;
        for (int sent = 0; sent < packets; sent += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                final int which = (sent + i) % frames.size();
                final byte[] frame = frames.get(which);
                if (OPENING.contains(which) && i % 8 == 0) {
                    // Another client's port now and then: a new connection, with a checksum that nobody looks at.
                    port = port == 65_535 ? 1024 : port + 1;
                    frame[Frames.IP + 20] = (byte) (port >> 8);
                    frame[Frames.IP + 21] = (byte) port;
                }
                director.arrive(0, 0, frame);
            }
            director.jump(5);
            final long before = threads.getCurrentThreadAllocatedBytes();
            director.agents.getFirst().doWork();
            cycles += threads.getCurrentThreadAllocatedBytes() > before ? 1 : 0;
            director.afterWork(0);
            director.takeSent();
            director.handedBack.clear();
        }
        return cycles;
    }

    private static List<byte[]> frames() {
        final String client = "10.9.1.1:4000";
        final byte[] tooShort = new byte[30];
        tooShort[12] = 8;
        final byte[] arp = new byte[42];
        arp[12] = 8;
        arp[13] = 6;
        return List.of(
            Frames.tcp(CLIENT_ROUTER, MAC_0, client, "10.1.0.100:80", SYN, 0),
            Frames.tcp(TestNetwork.serverMac(11), MAC_0, "10.2.0.11:80", "10.9.1.2:4000", SYN | ACK, 0),
            Frames.tcp(CLIENT_ROUTER, MAC_0, "10.9.1.2:4000", "10.1.0.100:80", SYN, 100),
            Frames.udp(CLIENT_ROUTER, MAC_0, client, "10.1.0.100:53", 50),
            Frames.tcp(CLIENT_ROUTER, MAC_0, client, "10.1.0.101:80", SYN, 0),
            Frames.tcp(CLIENT_ROUTER, MAC_0, client, "10.1.0.102:80", SYN, 0),
            Frames.tcp(CLIENT_ROUTER, MAC_0, "10.9.3.1:4000", "10.1.0.100:80", ACK, 0),
            Frames.tcp(CLIENT_ROUTER, MAC_0, client, "10.1.0.103:80", SYN, 0),
            Frames.timeToLive(Frames.tcp(CLIENT_ROUTER, MAC_0, "10.9.1.2:4000", "10.1.0.100:80", SYN, 0), 1),
            Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.254", "10.1.0.100", 3, 3, 0,
                Frames.tcp(MAC_0, CLIENT_ROUTER, "10.1.0.100:80", "10.9.1.2:4000", ACK, 20)),
            Frames.udp(CLIENT_ROUTER, MAC_0, client, "10.1.0.103:53", 50), tooShort, arp);
    }
}
