package io.ringmaster.worker;

import static io.ringmaster.stats.Counter.BACK_NO_CONNECTION;
import static io.ringmaster.stats.Counter.SENT_TO_CLIENT;
import static io.ringmaster.stats.Counter.SENT_TO_REAL_SERVER;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.packet.SlowChecksum;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** SCTP: what the recordings leave out, which have one port on both sides and whole packets. */
class SctpTest {
    private static final int L4 = 34;
    private static final String VIP = "10.1.0.100:3868";
    private static final int DATA = 0;
    private static final int INIT = 1;
    private static final int INIT_ACK = 2;
    private static final int ABORT = 6;
    private static final int SHUTDOWN = 7;
    private static final int COOKIE_ECHO = 10;
    private static final int COOKIE_ACK = 11;
    private static final int SHUTDOWN_COMPLETE = 14;

    private static Story service(final String server) {
        return new Story("-A --sctp-service " + VIP + " -s rr", "-a --sctp-service " + VIP + " -r " + server);
    }

    /** A packet of chunks, each of eight bytes, with a right CRC32c. */
    private static byte[] sctp(final long fromMac, final String from, final String to, final int... chunks) {
        final byte[] frame = Frames.udp(fromMac, MAC_0, from, to, 4 + chunks.length * 8);
        frame[14 + 9] = (byte) 132;
        for (int i = 0; i < chunks.length; i++) {
            ByteBuffer.wrap(frame, L4 + 12 + i * 8, 4).put((byte) chunks[i]).put((byte) 0).putShort((short) 7);
        }
        ByteBuffer.wrap(frame).putInt(L4 + 4, 0x2222).putInt(L4 + 8, crc(frame));
        return header(frame);
    }

    private static byte[] header(final byte[] frame) {
        ByteBuffer.wrap(frame).putShort(14 + 10, (short) 0)
            .putShort(14 + 10, (short) SlowChecksum.of(Arrays.copyOfRange(with(frame, 14 + 10, 2), 14, L4)));
        return frame;
    }

    private static byte[] with(final byte[] frame, final int zeroAt, final int count) {
        final byte[] copy = frame.clone();
        Arrays.fill(copy, zeroAt, zeroAt + count, (byte) 0);
        return copy;
    }

    private static int crc(final byte[] frame) {
        final CRC32C crc = new CRC32C();
        crc.update(with(frame, L4 + 8, 4), L4, 14 + Frames.u16(frame, 16) - L4);
        return Integer.reverseBytes((int) crc.getValue());
    }

    private static byte[] fromClient(final int... chunks) {
        return sctp(CLIENT_ROUTER, "10.9.1.1:4000", VIP, chunks);
    }

    /** Sends a packet; the only one that comes out. */
    private static byte[] through(final Story story, final byte[] in, final Counter end) {
        final long before = story.director.count(end);
        assertTrue(story.director.decision(in).ordinal() < XdpReason.NO_SOCKET.ordinal());
        final List<TestDirector.Sent> out = story.director.send(0, in);
        assertEquals(before + 1, story.director.count(end), end::word);
        return out.isEmpty() ? null : out.getFirst().frame();
    }

    private static void state(final Story story, final String state) {
        story.connections(state + " 10.9.1.1:4000 10.1.0.100:3868 10.2.0.11:9999");
    }

    @Test
    void aServiceOfSeveralPortsLeavesTheTagAlone() {
        try (Story story = new Story("-A -f 1 -s rr", "-a -f 1 -r 10.2.0.11:9999 -m")
            .mark("add --destination 10.5.0.0/16 --protocol sctp --mark 1")) {
            final byte[] in = sctp(CLIENT_ROUTER, "10.9.1.1:4000", "10.5.0.1:3868", INIT);
            final byte[] out = through(story, in, SENT_TO_REAL_SERVER);
            assertEquals(9999, Frames.u16(out, L4 + 2));
            assertEquals(0x2222, ByteBuffer.wrap(out).getInt(L4 + 4));
            assertEquals(crc(out), ByteBuffer.wrap(out).getInt(L4 + 8));
        }
    }

    @Test
    void anErrorMakesAConnectionWithoutAState() {
        try (Story story = service("10.2.0.11:9999 -m").set("net.ipv4.vs.schedule_icmp=1")) {
            final byte[] answer = sctp(TestNetwork.serverMac(11), VIP, "10.9.1.1:4000", INIT_ACK);
            story.director.send(0, Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.1.1", "10.1.0.100", 3, 3, 0, answer));
            state(story, "NONE");
        }
    }

    @Test
    void anotherPortMakesTheChecksumAnew() {
        try (Story story = service("10.2.0.11:9999 -m")) {
            final byte[] out = through(story, fromClient(INIT), SENT_TO_REAL_SERVER);
            assertEquals(9999, Frames.u16(out, L4 + 2));
            assertEquals(crc(out), ByteBuffer.wrap(out).getInt(L4 + 8));
            assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(out, 14, L4)));
            state(story, "INIT1");
            final byte[] reply = through(story,
                sctp(TestNetwork.serverMac(11), "10.2.0.11:9999", "10.9.1.1:4000", INIT_ACK), SENT_TO_CLIENT);
            assertEquals(3868, Frames.u16(reply, L4));
            assertEquals(crc(reply), ByteBuffer.wrap(reply).getInt(L4 + 8));
            state(story, "C-SENT");
        }
    }

    @Test
    void theSamePortLeavesAWrongChecksumWrong() {
        try (Story story = service("10.2.0.11 -m")) {
            final byte[] in = fromClient(INIT);
            in[L4 + 9] ^= 1;
            final byte[] out = through(story, in, SENT_TO_REAL_SERVER);
            assertEquals(ByteBuffer.wrap(in).getInt(L4 + 8), ByteBuffer.wrap(out).getInt(L4 + 8));
        }
    }

    @Test
    void anAssociationLivesAndIsCounted() {
        try (Story story = service("10.2.0.11:9999 -m")) {
            through(story, fromClient(INIT), SENT_TO_REAL_SERVER);
            through(story, sctp(TestNetwork.serverMac(11), "10.2.0.11:9999", "10.9.1.1:4000", INIT_ACK),
                SENT_TO_CLIENT);
            through(story, fromClient(COOKIE_ECHO, DATA), SENT_TO_REAL_SERVER);
            state(story, "C-REPLIED");
            through(story, sctp(TestNetwork.serverMac(11), "10.2.0.11:9999", "10.9.1.1:4000", COOKIE_ACK),
                SENT_TO_CLIENT);
            state(story, "ESTABLISHED");
            assertEquals(1, story.director.server(1, ServerCounters.ACTIVE));
            story.elapse(890);
            state(story, "ESTABLISHED");
            through(story, fromClient(SHUTDOWN), SENT_TO_REAL_SERVER);
            state(story, "S-RECEIVED");
            assertEquals(0, story.director.server(1, ServerCounters.ACTIVE));
            assertEquals(1, story.director.server(1, ServerCounters.INACTIVE));
            story.director.assertTableClean();
            // 61 seconds, the deadline's eighth of one, and a whole pass of the sweep behind it.
            story.elapse(64).connections();
            assertEquals(0, story.director.server(1, ServerCounters.INACTIVE));
        }
    }

    @Test
    void anAbortBehindACookieCountsAndOneBehindDataDoesNot() {
        try (Story story = service("10.2.0.11:9999 -m")) {
            through(story, fromClient(INIT), SENT_TO_REAL_SERVER);
            through(story, fromClient(DATA, ABORT), SENT_TO_REAL_SERVER);
            state(story, "INIT1");
            through(story, fromClient(COOKIE_ECHO, ABORT), SENT_TO_REAL_SERVER);
            state(story, "CLOSED");
        }
    }

    @Test
    void anInitOnAClosedConnectionIsScheduledAnew() {
        try (Story story = new Story("-A --sctp-service " + VIP + " -s rr",
            "-a --sctp-service " + VIP + " -r 10.2.0.12 -g", "-a --sctp-service " + VIP + " -r 10.2.0.11 -g")) {
            through(story, fromClient(INIT), SENT_TO_REAL_SERVER);
            through(story, fromClient(INIT), SENT_TO_REAL_SERVER);
            story.connections("INIT 10.9.1.1:4000 10.1.0.100:3868 10.2.0.11:3868");
            through(story, fromClient(SHUTDOWN_COMPLETE), SENT_TO_REAL_SERVER);
            story.connections("CLOSED 10.9.1.1:4000 10.1.0.100:3868 10.2.0.11:3868");
            through(story, fromClient(INIT), SENT_TO_REAL_SERVER);
            story.connections("INIT1 10.9.1.1:4000 10.1.0.100:3868 10.2.0.12:3868");
        }
    }

    @Test
    void onlyAnInitOpensUnlessSloppy() {
        try (Story story = service("10.2.0.11:9999 -m")) {
            through(story, fromClient(DATA), BACK_NO_CONNECTION);
            story.set("net.ipv4.vs.sloppy_sctp=1");
            through(story, fromClient(DATA), SENT_TO_REAL_SERVER);
            state(story, "ESTABLISHED");
        }
    }

    @Test
    void aPacketThatEndsBeforeItsFirstChunkOpensNothing() {
        try (Story story = service("10.2.0.11 -g")) {
            final byte[] whole = fromClient(INIT);
            for (int bytes = 4; bytes < 16; bytes++) {
                final byte[] cut = Arrays.copyOf(whole, L4 + bytes);
                ByteBuffer.wrap(cut).putShort(16, (short) (20 + bytes));
                through(story, header(cut), Counter.DROP_CUT);
            }
            through(story, whole, SENT_TO_REAL_SERVER);
            final byte[] cut = Arrays.copyOf(whole, L4 + 12);
            ByteBuffer.wrap(cut).putShort(16, (short) 32);
            through(story, header(cut), SENT_TO_REAL_SERVER);
            story.elapse(3).connections("INIT1 10.9.1.1:4000 10.1.0.100:3868 10.2.0.11:3868").elapse(2).connections();
        }
    }

    @Test
    void anyChunksEndSomewhere() {
        final Random random = new Random(11);
        try (Story story = service("10.2.0.11:9999 -m")) {
            for (int i = 0; i < 20_000; i++) {
                final byte[] frame = random.nextBoolean() ? fromClient(random.nextInt(256), random.nextInt(16))
                    : sctp(TestNetwork.serverMac(11), "10.2.0.11:9999", "10.9.1.1:4000", random.nextInt(16));
                frame[L4 + 12 + random.nextInt(8)] = (byte) random.nextInt(256);
                story.director.send(0, frame);
                story.director.handedBack.clear();
            }
            assertTrue(story.director.count(SENT_TO_REAL_SERVER) > 0);
        }
    }
}
