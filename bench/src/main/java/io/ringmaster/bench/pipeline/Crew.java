package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.sys.CpuAffinity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** The threads of the workers, each on its own core: the first is the caller, the others wait here for work. */
final class Crew implements AutoCloseable {
    private final List<ExecutorService> others = new ArrayList<>();

    Crew(final Plan plan) {
        for (int worker = 1; worker < plan.workers(); worker++) {
            final int cpu = plan.cpuOf(worker);
            final ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("worker-" + worker).factory());
            others.add(thread);
            if (cpu >= 0) {
                thread.execute(() -> CpuAffinity.pinThisThread(cpu));
            }
        }
    }

    /**
     * Work for some workers, in two steps: no one begins the second before all have done the first.
     *
     * @param who a bit for each worker.
     */
    List<Pass> run(final int who, final IntConsumer prepare, final IntFunction<Pass> work) {
        final AtomicInteger waitFor = new AtomicInteger(Integer.bitCount(who));
        final List<Future<Pass>> running = new ArrayList<>();
        for (int worker = 1; worker <= others.size(); worker++) {
            if ((who >> worker & 1) != 0) {
                final int number = worker;
                running.add(others.get(worker - 1).submit(() -> run(number, waitFor, prepare, work)));
            }
        }
        final List<Pass> passes = new ArrayList<>();
        if ((who & 1) != 0) {
            passes.add(run(0, waitFor, prepare, work));
        }
        for (final Future<Pass> other : running) {
            passes.add(result(other));
        }
        return passes;
    }

    private static Pass run(final int worker, final AtomicInteger waitFor, final IntConsumer prepare,
                            final IntFunction<Pass> work) {
        try {
            prepare.accept(worker);
        } finally {
            waitFor.decrementAndGet();
        }
        while (waitFor.get() > 0) {
            Thread.onSpinWait();
        }
        return work.apply(worker);
    }

    private static Pass result(final Future<Pass> running) {
        try {
            return running.get();
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof final RuntimeException cause) {
                throw cause;
            }
            throw new BenchException("A worker failed: " + e.getCause() + ".", e);
        } catch (final InterruptedException e) {
            throw new BenchException("Interrupted in the middle of the run.", e);
        }
    }

    @Override
    public void close() {
        others.forEach(ExecutorService::shutdown);
    }
}
