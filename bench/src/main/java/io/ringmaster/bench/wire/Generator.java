package io.ringmaster.bench.wire;

import io.ringmaster.sys.CpuAffinity;
import io.ringmaster.sys.Errno;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.SystemCallException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends packets as fast as one core can until it is closed: a thread of its own, pinned. On the same core the kernel
 * takes them from the cable at its other end, so that the load slows down where that takes long.
 */
public final class Generator implements AutoCloseable {
    /** Sent by one system call: some seconds of work, since each costs the load a pause of some 10 ms. */
    private static final int PACKETS_PER_CALL = 1 << 22;
    /** Far more than a call goes on once it is told to end. */
    private static final long PATIENCE_MS = 5_000;

    private final LoadedWires wires;
    private final int core;
    private final Thread thread = new Thread(this::run, "generator");
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile RuntimeException failure;

    private Generator(final LoadedWires wires, final int core) {
        this.wires = wires;
        this.core = core;
    }

    /**
     * Starts sending.
     *
     * @throws io.ringmaster.bench.report.BenchException if the wires are taken down.
     */
    public static Generator start(final LoadedWires wires, final int core) {
        final Generator generator = new Generator(wires, core);
        generator.thread.setDaemon(true);
        wires.use(generator);
        return generator;
    }

    void begin() {
        wires.load().allow();
        thread.start();
    }

    private void run() {
        try {
            CpuAffinity.pinThisThread(core);
            NetworkNamespace.run(wires.wires().generator(), this::send);
        } catch (final RuntimeException e) {
            failure = e;
        }
    }

    private void send() {
        while (!ending.get()) {
            final int error = wires.load().generate(wires.out(), PACKETS_PER_CALL);
            if (error != 0 && error != Errno.EINTR) {
                throw new SystemCallException("generate packets", error);
            }
        }
    }

    /** Stops and waits until nothing more is sent; any thread. */
    void end() {
        ending.set(true);
        wires.load().stop();
        try {
            thread.join(PATIENCE_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops and waits until nothing more is sent; throws what went wrong meanwhile. */
    @Override
    public void close() {
        wires.endGenerator();
        if (failure != null) {
            throw failure;
        }
    }
}
