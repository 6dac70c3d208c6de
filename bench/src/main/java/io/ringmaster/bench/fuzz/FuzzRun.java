package io.ringmaster.bench.fuzz;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import io.ringmaster.bench.report.Progress;
import io.ringmaster.packet.AccessWatch;
import io.ringmaster.packet.CheckedAccess;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** All threads of a run, and what they found. Owned by the thread that made it; hunters have theirs. */
final class FuzzRun {
    private static final int KINDS_MAX = 20;
    private static final int PORTS_MAX = 2;
    private static final long WAIT_MS = 200;

    private final FuzzPlan plan;
    private final List<Recording> recordings;
    private final Progress progress;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private final Map<String, Path> found = new LinkedHashMap<>();
    private final long[] counts = new long[Counter.values().length];
    private volatile boolean over;
    private volatile RuntimeException failed;
    private long tookNs;

    FuzzRun(final FuzzPlan plan, final List<Recording> recordings, final Progress progress) {
        this.plan = plan;
        this.recordings = recordings;
        this.progress = progress;
    }

    /** Runs until there were enough frames. */
    void run() {
        final long startNs = System.nanoTime();
        final long bytes = (long) Director.framesFor(PORTS_MAX) * FrameStore.FRAME_BYTES;
        try (Arena arena = Arena.ofShared()) {
            final MemorySegment all = arena.allocate(bytes * plan.threads(), FrameStore.FRAME_BYTES);
            final FrameStore[] stores = new FrameStore[plan.threads()];
            Arrays.setAll(stores, i -> new FrameStore(all.asSlice(i * bytes, bytes)));
            CheckedAccess.watch(watch(all.address(), bytes, stores));
            final List<Thread> threads = new ArrayList<>();
            for (final FrameStore store : stores) {
                threads.add(Thread.ofPlatform().name("fuzz-" + threads.size()).daemon()
                    .start(() -> hunt(new Hunter(store, recordings, plan))));
            }
            wait(threads, startNs);
        } finally {
            CheckedAccess.watch(null);
        }
        progress.end();
        tookNs = System.nanoTime() - startNs;
        if (failed != null) {
            throw failed;
        }
    }

    /** Plays a case; its fault, or null. */
    static Fault replay(final CaseFile.Case given, final Tamper tamper) {
        final long bytes = (long) Director.framesFor(PORTS_MAX) * FrameStore.FRAME_BYTES;
        try (Arena arena = Arena.ofShared()) {
            final FrameStore store = new FrameStore(arena.allocate(bytes, FrameStore.FRAME_BYTES));
            CheckedAccess.watch(store);
            return new Hunter(store, List.of(), new FuzzPlan(1, 0, 0, 1, Path.of("."), tamper))
                .run(given.shape(), actions -> CaseFile.play(given.lines(), actions), false);
        } finally {
            CheckedAccess.watch(null);
        }
    }

    private static AccessWatch watch(final long base, final long bytes, final FrameStore... stores) {
        return new AccessWatch() {
            @Override
            public void reads(final long address, final int count) {
                final long store = (address - base) / bytes;
                if (address >= base && store < stores.length) {
                    stores[(int) store].reads(address, count);
                }
            }

            @Override
            public void writes(final long address, final int count) {
                final long store = (address - base) / bytes;
                if (address >= base && store < stores.length) {
                    stores[(int) store].writes(address, count);
                }
            }
        };
    }

    private void wait(final List<Thread> threads, final long startNs) {
        try {
            for (final Thread thread : threads) {
                while (!thread.join(Duration.ofMillis(WAIT_MS))) {
                    final long sec = (System.nanoTime() - startNs) / 1_000_000_000L;
                    over |= plan.seconds() > 0 && sec >= plan.seconds() || Cleanup.ending();
                    progress.show(String.format("%,d million frames, %,d a second, %d kinds of fault;",
                        frames.get() / 1_000_000, frames.get() / Math.max(1, sec), kinds()),
                        frames.get(), plan.frames());
                }
            }
        } catch (final InterruptedException e) {
            over = true;
            Thread.currentThread().interrupt();
        }
    }

    private void hunt(final Hunter hunter) {
        try {
            while (!over && frames.get() < plan.frames()) {
                final long number = next.getAndIncrement();
                final long before = hunter.counts()[Counter.PACKETS_RECEIVED.ordinal()];
                final Hunter.Found one = hunter.play(number);
                frames.addAndGet(hunter.counts()[Counter.PACKETS_RECEIVED.ordinal()] - before);
                if (one != null) {
                    note(one);
                }
            }
        } catch (final RuntimeException e) {
            failed = e;
            over = true;
        }
        add(hunter.counts());
    }

    private synchronized void add(final long... more) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += more[i];
        }
    }

    private synchronized int kinds() {
        return found.size();
    }

    private synchronized void note(final Hunter.Found one) {
        if (found.containsKey(one.fault().kind())) {
            return;
        }
        final Path file = plan.cases().resolve("fuzz-" + plan.seed() + "-" + (found.size() + 1) + ".case");
        found.put(one.fault().kind(), file);
        progress.end();
        System.out.println("fault:    " + one.fault().getMessage() + " (" + one.where() + ")");
        try {
            CaseFile.write(file, one.shape(), one.fault().getMessage() + " (" + one.where() + ")", one.lines());
            System.out.println("          ringmaster bench fuzz --replay " + file + " (" + one.lines().size()
                + " steps)");
        } catch (final IOException e) {
            throw new BenchException("The case could not be written to " + file + " (" + e.getMessage() + ").", e);
        }
        over |= found.size() >= KINDS_MAX;
    }

    /** Frames that reached the worker. */
    long frames() {
        return frames.get();
    }

    /** Lives of directors. */
    long episodes() {
        return next.get();
    }

    /** How long it took. */
    double seconds() {
        return tookNs / 1e9;
    }

    /** Kinds of fault and the files of their cases, in the order they were found. */
    Map<String, Path> found() {
        return found;
    }

    /** How often something happened to a packet, over all directors. */
    long count(final Counter counter) {
        return counts[counter.ordinal()];
    }
}
