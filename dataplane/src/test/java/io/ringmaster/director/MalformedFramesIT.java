package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames that no honest sender makes, from the wire: each ends in a counter, and the director goes on. */
class MalformedFramesIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int IP = Ethernet.HEADER_BYTES;
    private static final int TRANSPORT = IP + Ipv4.HEADER_BYTES;
    private static final int PAUSE_EVERY = 50;
    private static final long SEED = 20_261_123L;
    private static Lab lab;
    private static RawClient client;

    private Counters before;
    private int sent;

    @BeforeAll
    static void makeLab() {
        lab = Lab.with(new DemoNetwork.Options(1, 4, 1, 1600), "--xdp", "native");
        client = RawClient.onTheDirectorsCable(lab.network());
        lab.service("-t", NAT, "rr", 1);
        lab.service("-u", NAT, "rr", 1);
    }

    @AfterAll
    static void closeLab() {
        if (client != null) {
            client.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void remember() {
        before = Counters.of(lab.director());
        sent = 0;
    }

    /** Every frame that XDP gave to a socket came to exactly one end, and ordinary traffic is answered. */
    @AfterEach
    void countersAddUp() {
        assertAllLookedAt();
        assertEquals(List.of(), lab.http(NAT).get(3, 1, number -> 3_000).failures());
        assertEquals(List.of(), lab.udp(NAT).echo(3, 1, number -> 1 + number).failures());
        // The workers publish what they did at the end of a cycle, a moment after the packet is on the wire.
        assertTrue(RunningDirector.await(() -> {
            final Counters now = Counters.of(lab.director());
            final long lost = sum(now, "socket of", "rx-dropped") + sum(now, "socket of", "rx-ring-full");
            return now.ended() == now.of(Counter.PACKETS_RECEIVED)
                && sum(now, "XDP program/redirected", "") == now.of(Counter.PACKETS_RECEIVED) + lost;
        }), () -> Counters.of(lab.director()).toString());
        assertEquals(0, Counters.of(lab.director()).of(Counter.DROP_HAND_BACK_FAILED));
        assertTrue(lab.director().process().isAlive());
        lab.assertSound();
    }

    /** A veth ring has 256 places, and what does not fit is lost: so senders wait. */
    private void assertAllLookedAt() {
        assertTrue(RunningDirector.await(() -> sum(Counters.of(lab.director()), "XDP program", "")
            >= sum(before, "XDP program", "") + sent), () -> sent + " frames were sent since " + before + ", now "
            + Counters.of(lab.director()));
    }

    private static long sum(final Counters counters, final String prefix, final String suffix) {
        return counters.byGroupAndReason().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix) && entry.getKey().endsWith(suffix))
            .mapToLong(Map.Entry::getValue).sum();
    }

    private void send(final byte[] frame) {
        client.send(frame);
        sent++;
        if (sent % PAUSE_EVERY == 0) {
            assertAllLookedAt();
        }
    }

    private static List<byte[]> goodFrames() {
        final RawFrames frames = client.frames(2, lab.vip(NAT));
        return List.of(frames.tcp(30_000, 80, Tcp.SYN), frames.tcp(30_001, 80, Tcp.ACK), frames.udp(30_002, 80),
            frames.portUnreachable(Ipv4.PROTOCOL_TCP, 80, 30_003),
            frames.portUnreachable(Ipv4.PROTOCOL_UDP, 80, 30_003));
    }

    private static byte[] changed(final byte[] frame, final int offset, final int value) {
        final byte[] copy = frame.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    private static byte[] damaged(final byte[] frame, final int offset) {
        return changed(frame, offset, ~frame[offset]);
    }

    private static byte[] withRightChecksum(final byte[] frame) {
        Ipv4.writeChecksum(MemorySegment.ofArray(frame), IP);
        return frame;
    }

    @Test
    void everyTruncation() {
        for (final byte[] frame : goodFrames()) {
            for (int length = Ethernet.HEADER_BYTES; length <= frame.length; length++) {
                send(Arrays.copyOf(frame, length));
                // The same cut, but with an IP length that agrees with it.
                if (length > TRANSPORT) {
                    final byte[] shorter = Arrays.copyOf(frame, length);
                    BigEndian.u16(MemorySegment.ofArray(shorter), IP + 2, length - IP);
                    send(withRightChecksum(shorter));
                }
            }
        }
    }

    @Test
    void lengthsThatLie() {
        for (final byte[] frame : goodFrames()) {
            for (int ihl = 0; ihl < 16; ihl++) {
                send(changed(frame, IP, 0x40 | ihl));
                if (ihl >= 5 && ihl * 4 <= frame.length - IP) {
                    send(withRightChecksum(changed(frame, IP, 0x40 | ihl)));
                }
                if (TRANSPORT + 12 < frame.length) {
                    send(changed(frame, TRANSPORT + 12, ihl << 4));
                }
            }
            for (final int total : new int[] {0, 1, 19, 20, 21, 27, 28, 39, 40, frame.length - IP + 1, 65_535}) {
                final byte[] lying = frame.clone();
                BigEndian.u16(MemorySegment.ofArray(lying), IP + 2, total);
                send(withRightChecksum(lying));
                final byte[] udp = frame.clone();
                BigEndian.u16(MemorySegment.ofArray(udp), TRANSPORT + 4, total);
                send(udp);
            }
        }
    }

    @Test
    void badChecksums() {
        final RawFrames frames = client.frames(2, lab.vip(NAT));
        send(damaged(frames.tcp(30_010, 80, Tcp.SYN), IP + 10));
        send(damaged(frames.udp(30_010, 80), IP + 10));
        assertTrue(RunningDirector.await(() -> Counters.of(lab.director()).of(Counter.DROP_BAD_CHECKSUM)
            >= before.of(Counter.DROP_BAD_CHECKSUM) + 2), () -> Counters.of(lab.director()).toString());
        // A wrong TCP or UDP checksum is not the director's to judge: the real server drops it.
        send(damaged(frames.tcp(30_011, 80, Tcp.SYN), TRANSPORT + 16));
        send(damaged(frames.udp(30_011, 80), TRANSPORT + 6));
    }

    @Test
    void taggedFragmentedAndOtherVersions() {
        final Counters start = Counters.of(lab.director());
        for (final byte[] frame : goodFrames()) {
            for (final int tag : new int[] {0x8100, 0x88a8}) {
                final byte[] tagged = new byte[frame.length + 4];
                System.arraycopy(frame, 0, tagged, 0, 12);
                BigEndian.u16(MemorySegment.ofArray(tagged), 12, tag);
                BigEndian.u16(MemorySegment.ofArray(tagged), 14, 5);
                System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
                send(tagged);
            }
            for (final int word : new int[] {Ipv4.MORE_FRAGMENTS, 1, Ipv4.MORE_FRAGMENTS | 100, 0x1fff, 0x8000}) {
                final byte[] fragment = frame.clone();
                Ipv4.fragmentWord(MemorySegment.ofArray(fragment), IP, word);
                send(withRightChecksum(fragment));
            }
            for (final int version : new int[] {0, 5, 6, 15}) {
                send(withRightChecksum(changed(frame, IP, version << 4 | 5)));
            }
        }
        assertTrue(RunningDirector.await(() -> {
            final Counters now = Counters.of(lab.director());
            // Of datagrams and segments to the service; errors in fragments stay with the kernel.
            return now.xdp("redirected-fragment") - start.xdp("redirected-fragment") >= 4 * 3
                && now.xdp("passed-fragment") - start.xdp("passed-fragment") >= 4 * 2;
        }), () -> Counters.of(lab.director()).toString());
    }

    @Test
    void sourcesThatNobodyHas() {
        for (final String source : List.of("0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", lab.vip(NAT),
            "240.0.0.1", DemoNetwork.DIRECTOR_FRONT)) {
            final RawFrames frames = new RawFrames(RawClient.CLIENT_MAC, source, RawClient.DIRECTOR_MAC, lab.vip(NAT));
            send(frames.tcp(30_020, 80, Tcp.SYN));
            send(frames.udp(30_020, 80));
            send(frames.tcp(30_020, 80, Tcp.ACK));
        }
        // Its own MAC as sender, and port 0.
        send(new RawFrames(RawClient.DIRECTOR_MAC, lab.vip(NAT), RawClient.DIRECTOR_MAC, lab.vip(NAT)).udp(80, 80));
        send(client.frames(2, lab.vip(NAT)).tcp(0, 80, Tcp.SYN));
        send(client.frames(2, lab.vip(NAT)).udp(0, 80));
    }

    @Test
    void randomBytes() {
        final Random random = new Random(SEED);
        final List<byte[]> good = goodFrames();
        for (int i = 0; i < 3_000; i++) {
            final byte[] frame = good.get(random.nextInt(good.size())).clone();
            final byte[] noise = new byte[Ethernet.HEADER_BYTES + random.nextInt(1_400)];
            random.nextBytes(noise);
            if (i % 3 == 0) {
                // Nothing right but the MACs and the type: almost all of it stays with the kernel.
                System.arraycopy(frame, 0, noise, 0, Ethernet.HEADER_BYTES);
                send(noise);
            } else {
                // A few bytes of a good frame changed, behind a right IP checksum: these get far.
                for (int n = random.nextInt(4); n >= 0; n--) {
                    frame[IP + random.nextInt(frame.length - IP)] = (byte) random.nextInt();
                }
                frame[IP] = 0x45;
                send(i % 3 == 1 ? withRightChecksum(frame) : frame);
            }
        }
    }
}
