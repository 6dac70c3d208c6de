package io.ringmaster.bench.fuzz;

import io.ringmaster.ring.FramePool;
import io.ringmaster.stats.WorkerCounters;
import java.lang.foreign.MemorySegment;

/** Plants a fault behind the worker's back, in a test that wants to see it found. */
interface Tamper {
    /** Plants nothing. */
    Tamper NONE = (memory, pool, counters, address, lengthBytes) -> { };

    /** The worker's cycle is over, nothing was looked at yet: where and how long the first packet was that came in. */
    void afterWork(MemorySegment memory, FramePool pool, WorkerCounters counters, long address, int lengthBytes);
}
