package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.CLIENT;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.stats.Counter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Frames that nobody should send: none leads to an exception or gets lost without a counter (the harness asserts the
 * latter after each cycle), and what is broken never reaches a real server.
 */
class MalformedFramesTest {
    private static final int IP = Frames.IP;
    private TestDirector director;

    @BeforeEach
    void rules() {
        director = new TestDirector().rules("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " -m",
            "-A -u 10.1.0.100:53 -s rr", "-a -u 10.1.0.100:53 -r 10.2.0.11:53 -i", "-A -t 10.1.0.101:80 -s rr",
            "-a -t 10.1.0.101:80 -r 10.2.0.12:80 -g");
        director.send(0, fromClient(SYN));
    }

    @AfterEach
    void close() {
        director.close();
    }

    private static List<byte[]> examples() {
        final byte[] segment = fromClient(SYN, 20);
        final byte[] tunneled = Frames.udp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.100:53", 20);
        return List.of(segment, fromServer(ACK, 20), tunneled,
            Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.1", "10.1.0.100", 3, 4, 1300,
                Frames.tcp(MAC_0, CLIENT_ROUTER, VIP, CLIENT, ACK, 20)),
            Frames.icmp(TestNetwork.serverMac(11), MAC_0, "10.2.0.11", "10.9.1.1", 3, 3, 0,
                Frames.tcp(MAC_0, CLIENT_ROUTER, CLIENT, RIP, ACK, 20)));
    }

    @Test
    void everyTruncationOfTheFrame() {
        for (final byte[] whole : examples()) {
            for (int length = 0; length < whole.length; length++) {
                final long before = director.count(Counter.DROP_TRUNCATED);
                final byte[] cut = Arrays.copyOf(whole, length);
                assertEquals(List.of(), director.send(0, cut), () -> cut.length + " of " + whole.length);
                final boolean ethernetType = length >= 14;
                assertTrue(director.count(Counter.DROP_TRUNCATED) == before + 1 || !ethernetType,
                    () -> cut.length + " of " + whole.length);
            }
        }
    }

    @Test
    void everyTruncationOfTheDatagram() {
        for (final byte[] whole : examples()) {
            for (int length = 0; length < whole.length - IP; length++) {
                final byte[] cut = Arrays.copyOf(whole, IP + length);
                if (cut.length >= IP + 20) {
                    cut[IP + 2] = 0;
                    cut[IP + 3] = (byte) length;
                    header(cut);
                }
                director.send(0, cut);
                final boolean transportCut = length < 20 + switch (whole[IP + 9]) {
                    case 6 -> 20;
                    case 17 -> 8;
                    default -> 8 + 20 + 4;
                };
                if (transportCut) {
                    assertEquals(0, director.takeSent().size(), () -> cut.length + " of " + whole.length);
                }
            }
        }
    }

    @Test
    void wrongLengthsAndVersions() {
        drops(header(with(fromClient(SYN), 0, 0x65)), Counter.DROP_BAD_HEADER);
        drops(header(with(fromClient(SYN), 0, 0x44)), Counter.DROP_BAD_HEADER);
        drops(header(with(fromClient(SYN), 3, 19)), Counter.DROP_BAD_HEADER);
        drops(header(with(fromClient(SYN), 3, 41)), Counter.DROP_TRUNCATED);
        drops(with(fromClient(SYN), 10, 0x77), Counter.DROP_BAD_CHECKSUM);
        drops(header(with(fromClient(SYN), 12, 127)), Counter.DROP_MARTIAN_SOURCE);
        drops(header(with(fromClient(SYN), 12, 224)), Counter.DROP_MARTIAN_SOURCE);
    }

    @Test
    void formsThatAreTheKernels() {
        drops(header(with(fromClient(SYN), 6, 0x20)), Counter.FRAGMENT_JOINED);
        drops(header(with(fromClient(SYN), 7, 3)), Counter.FRAGMENT_JOINED);
        drops(header(with(fromClient(SYN), 9, 47)), Counter.BACK_UNREADABLE);
        final byte[] tagged = new byte[58];
        System.arraycopy(fromClient(SYN), 0, tagged, 0, 12);
        tagged[12] = (byte) 0x81;
        System.arraycopy(fromClient(SYN), 12, tagged, 16, 42);
        tagged[17] = 6;
        drops(tagged, Counter.BACK_UNREADABLE);
        final byte[] arp = Arrays.copyOf(fromClient(SYN), 42);
        arp[13] = 6;
        drops(arp, Counter.BACK_UNREADABLE);
    }

    @Test
    void ipv6ByItsTypeOnly() {
        final byte[] ipv6 = fromClient(SYN);
        ipv6[12] = (byte) 0x86;
        ipv6[13] = (byte) 0xdd;
        drops(ipv6, Counter.DROP_BAD_HEADER);
    }

    @Test
    void paddingIsNoPartOfThePacket() {
        final byte[] padded = Arrays.copyOf(fromClient(ACK), 60);
        Arrays.fill(padded, 54, 60, (byte) 0xee);
        final byte[] out = director.send(0, padded).getFirst().frame();
        assertTrue(Frames.holds(out));
        assertEquals("000001>02000b ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.11:80", Frames.text(out));
    }

    @Test
    void randomBytes() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        try {
            for (int i = 0; i < 20_000; i++) {
                final byte[] frame = new byte[random.nextInt(1500)];
                random.nextBytes(frame);
                director.arrive(0, 0, frame);
                if (i % 50 == 49) {
                    director.cycle();
                }
            }
            director.cycle();
            assertEquals(List.of(), director.takeSent());
        } catch (final AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Good packets with a few bytes changed and the IP checksum right again, so that they get far. */
    @Test
    void changedBytes() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<byte[]> examples = examples();
        try {
            for (int i = 0; i < 50_000; i++) {
                final byte[] frame = examples.get(random.nextInt(examples.size())).clone();
                for (int change = random.nextInt(4); change >= 0; change--) {
                    frame[IP + random.nextInt(frame.length - IP)] = (byte) random.nextInt();
                }
                if (random.nextInt(8) > 0 && (frame[IP] & 0xf) >= 5) {
                    header(frame);
                }
                director.arrive(0, 0, frame);
                if (i % 50 == 49) {
                    director.cycle();
                    director.takeSent();
                }
            }
        } catch (final AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private void drops(final byte[] frame, final Counter reason) {
        final long before = director.count(reason);
        assertEquals(List.of(), director.send(0, frame));
        assertEquals(before + 1, director.count(reason), reason::word);
    }

    private static byte[] with(final byte[] frame, final int offset, final int value) {
        frame[IP + offset] = (byte) value;
        return frame;
    }

    /** Makes the header's checksum right, as long as its length says so and lies in the frame. */
    private static byte[] header(final byte[] frame) {
        final int end = Math.min(frame.length, IP + (frame[IP] & 0xf) * 4);
        frame[IP + 10] = 0;
        frame[IP + 11] = 0;
        final int sum = io.ringmaster.packet.SlowChecksum.of(Arrays.copyOfRange(frame, IP, end));
        frame[IP + 10] = (byte) (sum >> 8);
        frame[IP + 11] = (byte) sum;
        return frame;
    }
}
