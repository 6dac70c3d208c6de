package io.ringmaster.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Requests made by several threads inside the client's namespace. */
final class ClientThreads {
    private ClientThreads() {
    }

    /** Does the work for every number below a count, so many at a time, and waits for the last. */
    static void run(final DemoNetwork network, final int count, final int parallel, final IntConsumer work) {
        final AtomicInteger next = new AtomicInteger();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < parallel; i++) {
            threads.add(Thread.ofPlatform().daemon().name("client-" + i).start(() ->
                network.in(network.client(), () -> {
                    for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                        work.accept(number);
                    }
                    return null;
                })));
        }
        try {
            for (final Thread thread : threads) {
                thread.join();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("Interrupted while clients were at work.", e);
        }
    }
}
