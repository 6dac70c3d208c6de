package io.ringmaster.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A forwarder of twenty lines over all four rings: what comes in goes out, and no frame is lost or doubled. */
final class FakeKernelSocketTest {
    private static final int FRAME_BYTES = 2048;
    private static final int FRAMES = 24;
    private static final int RING = 8;
    private final MemorySegment umem = Arena.ofAuto().allocate(FRAMES * FRAME_BYTES, FRAME_BYTES);
    private final FramePool pool = new FramePool(0, FRAME_BYTES, FRAMES);
    private final FakeKernelSocket socket = new FakeKernelSocket(umem, FRAME_BYTES, RING, -5);

    @Property(tries = 100)
    void forwardsEveryPacketItTookOnceAndInOrder(@ForAll final long seed) {
        final Random random = new Random(seed);
        final List<byte[]> in = new ArrayList<>();
        final List<byte[]> out = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            final byte[] packet = new byte[60 + random.nextInt(1700)];
            random.nextBytes(packet);
            if (socket.receive(packet)) {
                in.add(packet);
            }
            if (random.nextBoolean()) {
                cycle(random.nextInt(RING + 1));
            }
            out.addAll(socket.send(random.nextInt(3)));
            socket.complete(random.nextInt(3));
            assertEquals(FRAMES, pool.available() + socket.frames().cardinality(), "frames after step " + step);
        }
        while (out.size() < in.size()) {
            cycle(RING);
            out.addAll(socket.transmit(RING));
            socket.complete(RING);
        }
        for (int i = 0; i < in.size(); i++) {
            assertArrayEquals(in.get(i), out.get(i), "packet " + i);
        }
        assertTrue(in.size() > 50, () -> "only " + in.size() + " packets came in");
    }

    private void cycle(final int batch) {
        final int completed = socket.completion().peek(RING);
        for (int i = 0; i < completed; i++) {
            pool.give(socket.completion().address(i));
        }
        socket.completion().release(completed);
        final int n = socket.tx().reserve(socket.rx().peek(batch));
        for (int i = 0; i < n; i++) {
            socket.tx().set(i, socket.rx().address(i), socket.rx().length(i));
        }
        socket.rx().release(n);
        socket.tx().submit(n);
        final int fills = Math.min(socket.fill().reserve(RING), pool.available());
        for (int i = 0; i < fills; i++) {
            socket.fill().set(i, pool.take());
        }
        socket.fill().submit(fills);
    }

    @Test
    void losesPacketsAndSaysWhyWhenTheRingsAreDry() {
        assertFalse(socket.receive(new byte[60]));
        assertEquals(1, socket.fillRingEmpty());
        for (int i = 0; i < 2; i++) {
            cycle(0);
            for (int k = 0; k < RING; k++) {
                socket.receive(new byte[60]);
            }
        }
        assertEquals(RING, socket.rxRingFull());
    }

    @Test
    void findsAFrameThatIsInTwoPlaces() {
        socket.fill().reserve(2);
        socket.fill().set(0, 4096);
        socket.fill().set(1, 4096 + 100);
        socket.fill().submit(2);
        assertThrows(AssertionError.class, socket::frames);
    }

    @Test
    void findsAFrameThatIsSentTwice() {
        socket.tx().reserve(2);
        socket.tx().set(0, 4096, 60);
        socket.tx().set(1, 4096, 60);
        socket.tx().submit(2);
        assertThrows(AssertionError.class, () -> socket.send(2));
    }

    @Test
    void findsAPacketThatLeavesItsFrame() {
        socket.tx().reserve(1);
        socket.tx().set(0, 4096 + 2000, 49);
        socket.tx().submit(1);
        assertThrows(AssertionError.class, () -> socket.send(1));
    }
}
