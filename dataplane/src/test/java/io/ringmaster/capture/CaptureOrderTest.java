package io.ringmaster.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** In which order records of several workers are read. The test plays the workers. */
class CaptureOrderTest {
    private static final int RING_BYTES = 1 << 12;
    private final MemorySegment record = Arena.ofAuto().allocate(CaptureRecord.HEADER_BYTES, Long.BYTES);

    private static Capture of(final int workers) {
        return new Captures(workers, List.of("front"), () -> 0, RING_BYTES).begin(CaptureFilter.everything())
            .orElseThrow();
    }

    private boolean offer(final Capture capture, final int worker, final long timeNs) {
        CaptureRecord.side(record, CaptureRecord.Side.BEFORE, timeNs, 0, 0);
        return capture.offer(worker, record, CaptureRecord.HEADER_BYTES, 0);
    }

    private static List<Long> taken(final Capture capture, final int most, final long settledNs) {
        final List<Long> times = new ArrayList<>();
        assertEquals(capture.poll((memory, offset, lengthBytes) -> times.add(CaptureRecord.timeNs(memory, offset)),
            most, settledNs), times.size());
        return times;
    }

    @Test
    void whatIsYoungWaitsForAWorkerThatHasToldNothing() {
        final Capture capture = of(2);
        offer(capture, 0, 100);
        offer(capture, 0, 300);
        assertEquals(List.of(), taken(capture, 10, 99));
        offer(capture, 1, 200);
        assertEquals(List.of(100L, 200L), taken(capture, 10, 99), "300 waits for worker 1");
        assertEquals(List.of(300L), taken(capture, 10, 300));
        assertEquals(List.of(), taken(capture, 10, Long.MAX_VALUE));
    }

    @Test
    void thoseOfOneWorkerWaitForNobody() {
        final Capture capture = of(1);
        offer(capture, 0, 100);
        offer(capture, 0, 200);
        assertEquals(List.of(100L), taken(capture, 1, 0));
        assertEquals(List.of(200L), taken(capture, 10, 0));
    }

    /** Each worker's times grow; rings are full now and then, and go round many times. */
    @Property(tries = 50)
    void allThatWasOfferedComesInTheOrderOfTimes(@ForAll final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final int workers = 1 + random.nextInt(4);
        final Capture capture = of(workers);
        final List<Long> offered = new ArrayList<>();
        final List<Long> read = new ArrayList<>();
        for (long timeNs = 1; timeNs <= 2000; timeNs++) {
            if (offer(capture, random.nextInt(workers), timeNs)) {
                offered.add(timeNs);
            }
            if (random.nextInt(10) == 0) {
                read.addAll(taken(capture, random.nextInt(1, 40), timeNs));
            }
        }
        for (List<Long> rest = taken(capture, 7, Long.MAX_VALUE); !rest.isEmpty();
            rest = taken(capture, 7, Long.MAX_VALUE)) {
            read.addAll(rest);
        }
        assertEquals(offered, read, () -> "seed " + seed);
    }
}
