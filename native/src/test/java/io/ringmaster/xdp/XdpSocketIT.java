package io.ringmaster.xdp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringmaster.sys.Errno;
import io.ringmaster.sys.PacketSocket;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XdpSocketIT {
    private static final int RX_DROPPED = 0;
    private static final int TX_INVALID = 2;
    private TwoWires wires;
    private Umem umem;

    @BeforeEach
    void makeWires() {
        wires = new TwoWires();
        umem = Umem.allocate(1024, 2048);
    }

    @AfterEach
    void remove() {
        umem.close();
        wires.close();
    }

    @Test
    void oneKickSends32FramesAndTheNextTheRest() {
        try (XdpSocketSet set = wires.open(umem, wires.places("a0"), 32);
             PacketSocket a = wires.listen("a1")) {
            final XdpSocket socket = set.sockets().getFirst();
            submit64(socket);
            assertEquals(Errno.EAGAIN, socket.kickTransmit());
            assertEquals(32, socket.tx().unconsumed());
            assertTrue(socket.tx().needsWakeup());
            assertEquals(0, socket.kickTransmit());
            assertEquals(0, socket.tx().unconsumed());
            assertAll64Arrived(a);
            assertEquals(64, TwoWires.completed(socket, 64));
        }
    }

    @Test
    void aRaisedBudgetSendsAllAtOnceWhereTheKernelHasIt() {
        try (XdpSocketSet set = wires.open(umem, wires.places("a0"), 64);
             PacketSocket a = wires.listen("a1")) {
            final boolean raised = set.outcome().contains("of up to 64 frames a kick");
            final XdpSocket socket = set.sockets().getFirst();
            submit64(socket);
            assertEquals(raised ? 0 : Errno.EAGAIN, socket.kickTransmit());
            assertEquals(raised ? 0 : 32, socket.tx().unconsumed());
            socket.kickTransmit();
            assertAll64Arrived(a);
        }
    }

    @Test
    void aFrameTooLongForTheInterfaceIsConsumedWithEbusyAndLost() {
        try (XdpSocketSet set = wires.open(umem, wires.places("a0"), 32);
             PacketSocket a = wires.listen("a1")) {
            final XdpSocket socket = set.sockets().getFirst();
            TwoWires.submit(socket, umem, 0, TwoWires.frame(1534, 0));
            assertEquals(Errno.EBUSY, socket.kickTransmit());
            assertEquals(0, socket.tx().unconsumed());
            assertNull(a.receive(100));
            assertEquals(1, TwoWires.completed(socket, 1), "but its frame comes back");
        }
    }

    @Test
    void aDescriptorOutsideTheMemoryIsCounted() {
        try (XdpSocketSet set = wires.open(umem, wires.places("a0"), 32)) {
            final XdpSocket socket = set.sockets().getFirst();
            final long[] counters = new long[6];
            socket.statistics(counters);
            assertArrayEquals(new long[6], counters);
            socket.tx().reserve(1);
            socket.tx().set(0, umem.memory().byteSize(), 60);
            socket.tx().submit(1);
            socket.kickTransmit();
            socket.statistics(counters);
            assertEquals(1, counters[TX_INVALID]);
            socket.close();
            socket.statistics(counters);
            assertArrayEquals(new long[6], counters, "a closed socket counts nothing");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void receivedFramesOfOneInterfaceLeaveByTheOtherWithoutACopy(final boolean nativeMode) {
        try (XdpSocketSet set = wires.open(umem, wires.places("a0", "b0"), 64);
             RedirectProgram program = wires.redirect("a0", nativeMode);
             PacketSocket a = wires.listen("a1");
             PacketSocket b = wires.listen("b1")) {
            for (int queue = 0; queue < TwoWires.QUEUES; queue++) {
                program.set(set.sockets().get(queue));
                fill(set.sockets().get(queue), 64L * queue);
            }
            for (int i = 0; i < 20; i++) {
                final byte[] frame = TwoWires.frame(60 + 70 * i, i);
                a.send(frame);
                assertTrue(forwardOne(set), "frame " + i + " is received");
                assertArrayEquals(frame, b.receive(TwoWires.PATIENCE_MS), "frame " + i);
            }
        }
    }

    @Test
    void aFrameLongerThanAChunkLeavesRoomForIsOnlySeenInTheStatistics() {
        wires.ip("link set a0 mtu 1900");
        wires.ip("link set a1 mtu 1900");
        try (XdpSocketSet set = wires.open(umem, wires.places("a0"), 64);
             RedirectProgram program = wires.redirect("a0", true);
             PacketSocket a = wires.listen("a1")) {
            long dropped = 0;
            for (final XdpSocket socket : set.sockets()) {
                program.set(socket);
                fill(socket, 64L * socket.queue());
            }
            a.send(TwoWires.frame(umem.longestPacketBytes() + 1, 0));
            a.send(TwoWires.frame(umem.longestPacketBytes(), 0));
            assertEquals(umem.longestPacketBytes(), awaitLength(set));
            for (final XdpSocket socket : set.sockets()) {
                final long[] counters = new long[6];
                socket.statistics(counters);
                dropped += counters[RX_DROPPED];
            }
            assertEquals(1, dropped);
        }
    }

    @Test
    void kicksAndStatisticsAllocateNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (XdpSocketSet set = wires.open(umem, wires.places("a0"), 32)) {
            final XdpSocket socket = set.sockets().getFirst();
            final long[] counters = new long[6];
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20 && least > 0; round++) { // the first ones are not compiled yet
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 20_000; i++) {
                    socket.kickTransmit();
                    socket.kickReceive();
                    socket.statistics(counters);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least, "bytes allocated by 60,000 calls");
        }
    }

    @Test
    void aLateUseOfTheRingsThrowsInsteadOfKillingTheProcess() {
        final XdpSocketSet set = wires.open(umem, wires.places("a0"), 32);
        set.close();
        set.close();
        assertThrows(IllegalStateException.class, () -> set.sockets().getFirst().rx().peek(1));
    }

    private void submit64(final XdpSocket socket) {
        for (int i = 0; i < 64; i++) {
            TwoWires.submit(socket, umem, 2048L * i, TwoWires.frame(60, i));
        }
    }

    private static void assertAll64Arrived(final PacketSocket peer) {
        for (int i = 0; i < 64; i++) {
            assertArrayEquals(TwoWires.frame(60, i), peer.receive(TwoWires.PATIENCE_MS), "frame " + i);
        }
        assertNull(peer.receive(0));
    }

    private void fill(final XdpSocket socket, final long firstFrame) {
        assertEquals(64, socket.fill().reserve(64));
        for (int i = 0; i < 64; i++) {
            socket.fill().set(i, (firstFrame + i) * umem.frameBytes());
        }
        socket.fill().submit(64);
        assertEquals(0, socket.kickReceive());
    }

    /** Sends the next test frame received on a0 out of b0 from where it lies; other frames are left aside. */
    private boolean forwardOne(final XdpSocketSet set) {
        final XdpSocket out = set.sockets().get(2);
        return awaitFrame(set, (address, length) -> {
            out.tx().reserve(1);
            out.tx().set(0, address, length);
            out.tx().submit(1);
            assertEquals(0, out.kickTransmit());
        });
    }

    private int awaitLength(final XdpSocketSet set) {
        final int[] seen = new int[1];
        awaitFrame(set, (address, length) -> seen[0] = length);
        return seen[0];
    }

    private interface Received {
        void frame(long address, int length);
    }

    private boolean awaitFrame(final XdpSocketSet set, final Received received) {
        final long deadlineNs = System.nanoTime() + TwoWires.PATIENCE_MS * 1_000_000L;
        while (System.nanoTime() < deadlineNs) {
            for (int queue = 0; queue < TwoWires.QUEUES; queue++) {
                final XdpSocket in = set.sockets().get(queue);
                final int n = in.rx().peek(1);
                if (n == 0) {
                    continue;
                }
                final long address = in.rx().address(0);
                final int length = in.rx().length(0);
                in.rx().release(1);
                // Interfaces that come up send packets of their own.
                if (umem.memory().get(JAVA_BYTE, address + 12) == (byte) (TwoWires.EXPERIMENT >> 8)) {
                    received.frame(address, length);
                    return true;
                }
            }
        }
        return false;
    }
}
