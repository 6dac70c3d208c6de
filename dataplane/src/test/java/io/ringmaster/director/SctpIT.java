package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Udp;
import io.ringmaster.service.ForwardingMethod;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An SCTP association (RFC 9260) from INIT to SHUTDOWN COMPLETE through each forwarding method, over veth. Kernels
 * without the SCTP module have no socket for it, so both ends are frames made by hand; their checksums are the JDK's.
 */
class SctpIT {
    private static final int SCTP = 34;
    private static final int CHECKSUM = SCTP + 8;
    private static final int CHUNK = SCTP + 12;
    private static final int PORT = 3868;
    private static final int CLIENT_PORT = 40_000;
    private static final long SERVER_MAC = 0x0200_0000_0211L;
    private static final long DIRECTOR_MAC = 0x0200_0000_0201L;
    private static final long ROUTER_MAC = 0x0200_0000_02feL;
    private static final int CLIENT_TAG = 0x0c11_0c11;
    private static final int SERVER_TAG = 0x5e5e_5e5e;
    private static final int TRIES = 120;
    private static final int LONGEST_MS = 60_000;

    private static final int DATA = 0;
    private static final int INIT = 1;
    private static final int INIT_ACK = 2;
    private static final int SACK = 3;
    private static final int SHUTDOWN = 7;
    private static final int SHUTDOWN_ACK = 8;
    private static final int COOKIE_ECHO = 10;
    private static final int COOKIE_ACK = 11;
    private static final int SHUTDOWN_COMPLETE = 14;

    private static Lab lab;
    private RawClient client;
    private RawClient server;
    private RawFrames requests;
    private RawFrames replies;
    private ForwardingMethod method;
    private int realPort;

    @BeforeAll
    static void start() {
        lab = Lab.with(DemoNetwork.Options.defaults());
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void end() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        lab.assertSound();
        lab.clear();
    }

    @ParameterizedTest
    @CsvSource({"MASQUERADING, 3868", "MASQUERADING, 3870", "DIRECT_ROUTING, 3868", "TUNNELING, 3868"})
    void anAssociation(final ForwardingMethod by, final int port) {
        method = by;
        realPort = port;
        final String vip = lab.vip(method);
        final boolean masqueraded = method == ForwardingMethod.MASQUERADING;
        lab.director().ipvsadm("-A", "--sctp-service", vip + ":" + PORT, "-s", "rr");
        lab.director().ipvsadm("-a", "--sctp-service", vip + ":" + PORT, "-r", lab.network().rip(1) + ":" + port,
            method.option());
        client = new RawClient(lab.network());
        server = RawClient.onRealServer(lab.network(), 1);
        requests = client.frames(0, vip);
        replies = new RawFrames(SERVER_MAC, masqueraded ? lab.network().rip(1) : vip,
            masqueraded ? DIRECTOR_MAC : ROUTER_MAC, lab.network().clientAddress(0));

        ask(0, chunk(INIT, 16), INIT);
        answer(CLIENT_TAG, chunk(INIT_ACK, 24), INIT_ACK);
        ask(SERVER_TAG, chunk(COOKIE_ECHO, 8), COOKIE_ECHO);
        answer(CLIENT_TAG, chunk(COOKIE_ACK, 0), COOKIE_ACK);
        listed("ESTABLISHED");
        // Lengths that end within a word of the checksum are padded.
        for (int payloadBytes = 1; payloadBytes < 6; payloadBytes++) {
            ask(SERVER_TAG, chunk(DATA, 12 + payloadBytes), DATA);
            answer(CLIENT_TAG, chunk(SACK, 12), SACK);
            answer(CLIENT_TAG, chunk(DATA, 1_000 + payloadBytes), DATA);
            ask(SERVER_TAG, chunk(SACK, 12), SACK);
        }
        ask(SERVER_TAG, chunk(SHUTDOWN, 4), SHUTDOWN);
        answer(CLIENT_TAG, chunk(SHUTDOWN_ACK, 0), SHUTDOWN_ACK);
        ask(SERVER_TAG, chunk(SHUTDOWN_COMPLETE, 0), SHUTDOWN_COMPLETE);
        listed("CLOSED");
    }

    private static byte[] chunk(final int type, final int valueBytes) {
        final ByteBuffer chunk = ByteBuffer.allocate(4 + valueBytes + 3 & ~3);
        chunk.put((byte) type).put((byte) (type == DATA ? 3 : 0)).putShort((short) (4 + valueBytes));
        for (int i = 0; i < valueBytes; i++) {
            chunk.put((byte) (type * 31 + i));
        }
        return chunk.array();
    }

    /**
     * From the client until it reaches the real server: the first one has its neighbour asked for, and is lost. Others
     * are sent once, or a copy of one could be taken for the next.
     */
    private void ask(final int tag, final byte[] chunks, final int type) {
        MemorySegment arrived = null;
        for (int i = 0; i < (type == INIT ? TRIES : 1) && arrived == null; i++) {
            client.send(requests.sctp(CLIENT_PORT, PORT, tag, chunks));
            arrived = server.answer(frame -> isSctp(frame, lab.network().clientAddress(0), type),
                type == INIT ? 500 : LONGEST_MS);
        }
        assertArrived(arrived, CLIENT_PORT, realPort, chunks);
    }

    private void answer(final int tag, final byte[] chunks, final int type) {
        server.send(replies.sctp(realPort, CLIENT_PORT, tag, chunks));
        assertArrived(client.answer(frame -> isSctp(frame, lab.vip(method), type)), PORT, CLIENT_PORT, chunks);
    }

    private static boolean isSctp(final MemorySegment frame, final String from, final int type) {
        return RawClient.isFrom(frame, Ipv4.PROTOCOL_SCTP, from) && frame.byteSize() > CHUNK
            && BigEndian.u8(frame, CHUNK) == type;
    }

    private static void assertArrived(final MemorySegment frame, final int from, final int to, final byte[] chunks) {
        assertNotNull(frame, () -> "it never arrived\n" + lab.director().said());
        assertEquals(from, Udp.sourcePort(frame, SCTP));
        assertEquals(to, Udp.destinationPort(frame, SCTP));
        assertEquals(RawFrames.sctpChecksum(frame), BigEndian.i32(frame, CHECKSUM), "CRC32c");
        assertEquals(MemorySegment.ofArray(chunks).mismatch(frame.asSlice(CHUNK, chunks.length)), -1);
    }

    private static void listed(final String state) {
        final String connections = lab.director().ipvsadm("-Lnc");
        assertTrue(connections.lines().anyMatch(line -> line.startsWith("SCTP") && line.contains(" " + state + " ")),
            connections);
    }
}
