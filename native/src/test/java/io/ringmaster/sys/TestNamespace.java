package io.ringmaster.sys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A network namespace of one test, with a name of its own; removed with all its interfaces by close(). */
public final class TestNamespace implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);
    private final String name;

    private TestNamespace(final String name) {
        this.name = name;
    }

    /** A new one with its loopback down; skips the test where that is not allowed, unless CI=true. */
    public static TestNamespace make() {
        final String name = "rmx" + ProcessHandle.current().pid() + "n" + COUNTER.incrementAndGet();
        try {
            run(List.of("ip", "netns", "add", name));
        } catch (final IllegalStateException e) {
            requireHere(false, "network namespaces need root and iproute2: " + e.getMessage());
        }
        return new TestNamespace(name);
    }

    /** Skips a test that cannot run on this machine; on CI it fails instead. */
    public static void requireHere(final boolean possible, final String why) {
        if (!possible && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("This test must run where CI=true: " + why);
        }
        Assumptions.assumeTrue(possible, why);
    }

    public String name() {
        return name;
    }

    /** Runs {@code ip} with words inside this namespace. */
    public void ip(final String words) {
        final List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(words.split(" ")));
        run(command);
    }

    /**
     * Waits until an interface that was set up takes packets: the kernel sees a moment later that its cable is plugged
     * in at the other end, and throws away what is sent before.
     */
    public void awaitRunning(final String interfaceName) {
        final long startNs = System.nanoTime();
        while (!run(List.of("ip", "-n", name, "link", "show", "dev", interfaceName)).contains(" state UP ")) {
            if (System.nanoTime() - startNs > LONGEST_NS) {
                throw new IllegalStateException(interfaceName + " has had no carrier for a minute");
            }
        }
    }

    private static String run(final List<String> command) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output.strip());
            }
            return output;
        } catch (final IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        run(List.of("ip", "netns", "del", name));
    }
}
