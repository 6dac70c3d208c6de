package io.ringmaster.director;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the machine has memory for what is asked of it, found out before it is taken: the kernel's answer is OOM. */
final class FreeMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

    private FreeMemory() {
    }

    /**
     * Refuses what cannot be had.
     *
     * @param bytes   to be taken, and written to at once.
     * @param purpose what for: "a table for 1000000 connections".
     * @param advice  what to do then.
     * @throws IllegalArgumentException in one sentence.
     */
    static void require(final long bytes, final String purpose, final String advice) {
        requireWithin(availableBytes(), bytes, purpose, advice);
    }

    static void requireWithin(final long availableBytes, final long bytes, final String purpose, final String advice) {
        if (bytes > availableBytes) {
            throw new IllegalArgumentException("There is no memory for " + purpose + ": it takes " + (bytes >> 20)
                + " MiB, and " + (availableBytes >> 20) + " MiB are free; " + advice + ".");
        }
    }

    /** What can be taken without swapping (proc(5), MemAvailable), in bytes; no limit if the kernel does not say. */
    private static long availableBytes() {
        try (var lines = Files.lines(MEMINFO)) {
            return lines.filter(line -> line.startsWith(AVAILABLE))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst().orElse(Long.MAX_VALUE);
        } catch (final IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
