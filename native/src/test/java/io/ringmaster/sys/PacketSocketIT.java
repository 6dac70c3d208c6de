package io.ringmaster.sys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacketSocketIT {
    private static final int EXPERIMENT = 0x88b5; // an EtherType for local use
    private static final int WAIT_MS = 60_000;
    private TestNamespace space;

    @BeforeEach
    void twoEndsOfAWire() {
        space = TestNamespace.make();
        space.ip("link add left type veth peer name right");
        space.ip("link set left up");
        space.ip("link set right up");
        space.awaitRunning("left");
        space.awaitRunning("right");
    }

    @AfterEach
    void remove() {
        space.close();
    }

    @Test
    void whatIsSentAtOneEndArrivesAtTheOther() {
        try (PacketSocket left = open("left", EXPERIMENT, true);
             PacketSocket right = open("right", EXPERIMENT, true).receiveBuffer(4 << 20)) {
            for (final int length : new int[]{60, 61, 1514}) {
                final byte[] sent = frame(length);
                left.send(sent);
                assertArrayEquals(sent, right.receive(WAIT_MS));
                assertEquals(PacketSocket.BROADCAST, right.packetType());
                assertEquals(index("right"), right.interfaceIndex());
                final long apartNs = System.currentTimeMillis() * 1_000_000 - right.timestampNs();
                assertTrue(Math.abs(apartNs) < WAIT_MS * 1_000_000L, "stamped " + apartNs + " ns ago");
            }
            left.send(frame(1000));
            final byte[] small = new byte[100];
            assertEquals(1000, right.receive(small, WAIT_MS), "the true length of what did not fit");
            assertArrayEquals(Arrays.copyOf(frame(1000), 100), small);
            assertEquals(0, right.lost());
        }
    }

    @Test
    void theTimeIsKept() {
        try (PacketSocket right = open("right", EXPERIMENT, true)) {
            final long startNs = System.nanoTime();
            assertNull(right.receive(0));
            assertNull(right.receive(50));
            final long tookMs = (System.nanoTime() - startNs) / 1_000_000;
            assertTrue(tookMs >= 50 && tookMs < WAIT_MS, tookMs + " ms");
        }
    }

    @Test
    void outgoingFramesAreSeenOrLeftOut() {
        try (PacketSocket sender = open("left", EXPERIMENT, true);
             PacketSocket all = open("left", PacketSocket.ALL, false);
             PacketSocket incoming = open("left", PacketSocket.ALL, true)) {
            sender.send(frame(60));
            assertTrue(awaitExperiment(all));
            assertEquals(PacketSocket.OUTGOING, all.packetType());
            assertTrue(!awaitExperiment(incoming));
        }
    }

    @Test
    void anUnknownInterfaceAndATooLongFrameAreToldInASentence() {
        assertEquals("Could not find interface nowhere: No such device (ENODEV). \"ip link\" lists them.",
            assertThrows(SystemCallException.class, () -> open("nowhere", PacketSocket.ALL, true)).getMessage());
        try (PacketSocket left = open("left", EXPERIMENT, true)) {
            assertEquals(Errno.EMSGSIZE,
                assertThrows(SystemCallException.class, () -> left.send(frame(2000))).errno());
        }
    }

    private static boolean awaitExperiment(final PacketSocket socket) {
        for (byte[] got = socket.receive(300); got != null; got = socket.receive(300)) {
            if ((got[12] & 0xff) == EXPERIMENT >> 8 && (got[13] & 0xff) == (EXPERIMENT & 0xff)) {
                return true;
            }
        }
        return false;
    }

    private PacketSocket open(final String name, final int protocol, final boolean ignoreOutgoing) {
        return NetworkNamespace.call(space.name(), () -> PacketSocket.open(name, protocol, ignoreOutgoing));
    }

    private int index(final String name) {
        return NetworkNamespace.call(space.name(), () -> Libc.interfaceIndex(name));
    }

    private static byte[] frame(final int length) {
        final byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i < 6 ? 0xff : i);
        }
        frame[6] = 2;
        frame[12] = (byte) (EXPERIMENT >> 8);
        frame[13] = (byte) EXPERIMENT;
        return frame;
    }
}
