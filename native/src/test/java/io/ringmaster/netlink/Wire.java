package io.ringmaster.netlink;

import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Two namespaces joined by a veth: "here" has a0 (10.0.0.1/24, 2001:db8::1/64), "there" has b0 (.2, ::2). */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_SEC = 60;
    private final TestNamespace here = TestNamespace.make();
    private final TestNamespace there = TestNamespace.make();

    Wire() {
        here.ip("link set lo up");
        here.ip("link add a0 numtxqueues 2 numrxqueues 2 type veth peer name b0 netns " + there.name()
            + " numtxqueues 2 numrxqueues 2");
        withoutDuplicateDetection(here, "a0");
        withoutDuplicateDetection(there, "b0");
        here.ip("addr add 10.0.0.1/24 dev a0");
        here.ip("addr add 2001:db8::1/64 dev a0 nodad");
        there.ip("addr add 10.0.0.2/24 dev b0");
        there.ip("addr add 2001:db8::2/64 dev b0 nodad");
        there.ip("link set b0 up");
        here.ip("link set a0 up");
        settle(here, "a0");
        settle(there, "b0");
    }

    /** Which goes on for two seconds after an interface came up. */
    private static void withoutDuplicateDetection(final TestNamespace space, final String name) {
        NetworkNamespace.run(space.name(), () -> {
            try {
                Files.writeString(Path.of("/proc/sys/net/ipv6/conf", name, "accept_dad"), "0");
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Waits until the kernel has done what it does a moment after an interface came up, and told everybody of it. */
    private static void settle(final TestNamespace space, final String name) {
        try {
            if (!within(() -> isSettled(space, name))) {
                throw new IllegalStateException(name + " does not come up");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The cable is known to be plugged in, and all addresses are in use, that of the link, too. */
    private static boolean isSettled(final TestNamespace space, final String name) {
        final String shown = run(List.of("ip", "-n", space.name(), "addr", "show", "dev", name), "");
        return shown.contains(" state UP ") && shown.contains(" scope link") && !shown.contains("tentative");
    }

    TestNamespace here() {
        return here;
    }

    TestNamespace there() {
        return there;
    }

    RouteNetlink netlink() {
        return NetworkNamespace.call(here.name(), RouteNetlink::open);
    }

    RouteMonitor monitor(final int receiveBufferBytes) {
        return NetworkNamespace.call(here.name(), () -> RouteMonitor.open(receiveBufferBytes));
    }

    /** What ip prints as JSON in "here". */
    List<Map<String, Object>> json(final String words) {
        final List<String> command = new ArrayList<>(List.of("ip", "-n", here.name(), "-j"));
        command.addAll(List.of(words.split(" ")));
        return Json.objects(run(command, ""));
    }

    /** Many ip commands in one process. */
    void batch(final String lines) {
        run(List.of("ip", "-n", here.name(), "-batch", "-"), lines);
    }

    private static String run(final List<String> command, final String input) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes());
            }
            final String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output.strip());
            }
            return output;
        } catch (final IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for something, with much patience; the caller asserts it afterwards. */
    static boolean within(final BooleanSupplier condition) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SEC);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    @Override
    public void close() {
        try {
            here.close();
        } finally {
            there.close();
        }
    }
}
