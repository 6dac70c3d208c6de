package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ringmaster.capture.Capture;
import io.ringmaster.capture.CaptureFilter;
import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.capture.CaptureRecord.Side;
import io.ringmaster.capture.Captures;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Holds a capture of everything against what arrived and left: every test of the packet path is one of captures with
 * {@code -Dringmaster.captured=true}.
 */
final class CaptureWatch {
    static final String PROPERTY = "ringmaster.captured";
    static final int RING_BYTES = 1 << 20;
    final Captures captures;
    private final Capture capture;
    private final Map<Long, Deque<byte[]>> arrived = new HashMap<>();
    private final Map<Long, Deque<byte[]>> told = new HashMap<>();

    CaptureWatch(final int workers, final int ports, final LongSupplier nowNs) {
        this.captures = new Captures(workers, IntStream.range(0, ports).mapToObj(port -> "port" + port).toList(), nowNs,
            RING_BYTES);
        this.capture = Boolean.getBoolean(PROPERTY)
            ? captures.begin(CaptureFilter.everything()).orElseThrow() : null;
    }

    private static Deque<byte[]> at(final Map<Long, Deque<byte[]>> places, final int worker, final int port) {
        return places.computeIfAbsent((long) worker << Integer.SIZE | port, _ -> new ArrayDeque<>());
    }

    void arrived(final int worker, final int port, final byte[] frame) {
        if (capture != null) {
            at(arrived, worker, port).add(frame.clone());
        }
    }

    /** A packet left: it must have been told before. */
    void left(final int worker, final int port, final byte[] frame) {
        if (capture == null) {
            return;
        }
        final byte[] expected = at(told, worker, port).poll();
        assertNotNull(expected, "a packet left that no capture saw");
        assertArrayEquals(expected, frame, "a capture saw something else leave");
    }

    /** Takes what was captured since the last call. */
    void poll() {
        if (capture != null) {
            capture.poll(this::onRecord, Integer.MAX_VALUE, Long.MAX_VALUE);
            assertEquals(0, capture.missed(0));
        }
    }

    private void onRecord(final MemorySegment memory, final long offset, final int lengthBytes) {
        final int worker = (int) ((CaptureRecord.number(memory, offset) - 1) % captures.workers());
        final int port = CaptureRecord.port(memory, offset);
        final byte[] bytes = memory.asSlice(offset + CaptureRecord.HEADER_BYTES,
            lengthBytes - CaptureRecord.HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
        assertEquals(bytes.length, CaptureRecord.wireBytes(memory, offset));
        if (CaptureRecord.side(memory, offset) == Side.BEFORE.ordinal()) {
            assertArrayEquals(at(arrived, worker, port).poll(), bytes, "as it came");
        } else if (CaptureRecord.side(memory, offset) == Side.AFTER.ordinal()) {
            at(told, worker, port).add(bytes);
        }
    }
}
