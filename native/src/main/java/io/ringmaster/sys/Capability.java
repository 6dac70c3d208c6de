package io.ringmaster.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the kernel must have allowed a process that is not root (include/uapi/linux/capability.h). */
public enum Capability {
    /** Interfaces, XDP programs, routes and neighbours. */
    CAP_NET_ADMIN(12),
    /** AF_XDP and AF_PACKET sockets. */
    CAP_NET_RAW(13),
    /** Memory that stays in RAM without RLIMIT_MEMLOCK. */
    CAP_IPC_LOCK(14),
    /** Network namespaces of others, and all that has no capability of its own. */
    CAP_SYS_ADMIN(21),
    /** Raising a limit that was set for this process. */
    CAP_SYS_RESOURCE(24),
    /** BPF programs whose packet offsets vary, as those behind IP options do; CAP_SYS_ADMIN includes it. */
    CAP_PERFMON(38),
    /** BPF maps and programs; CAP_SYS_ADMIN includes it. */
    CAP_BPF(39);

    final int bit;

    Capability(final int bit) {
        this.bit = bit;
    }

    /** Whether the calling thread has it. */
    public boolean held() {
        return heldIn(effective());
    }

    boolean heldIn(final long effective) {
        final boolean own = (effective >>> bit & 1) != 0;
        return own || (this == CAP_BPF || this == CAP_PERFMON) && CAP_SYS_ADMIN.heldIn(effective);
    }

    /**
     * Refuses to go on without some of them.
     *
     * @param purpose what they are for: "To open AF_XDP sockets".
     * @throws IllegalStateException in one sentence that names those that are missing.
     */
    public static void require(final String purpose, final Capability... needed) {
        final String refusal = refusal(purpose, effective(), needed);
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
    }

    static String refusal(final String purpose, final long effective, final Capability... needed) {
        final String missing = Arrays.stream(needed)
            .filter(capability -> !capability.heldIn(effective))
            .map(Capability::name)
            .collect(Collectors.joining(", "));
        return missing.isEmpty() ? null : purpose + " this process needs " + missing
            + ", which it does not have; run it as root, or give it these (systemd: AmbientCapabilities=).";
    }

    private static long effective() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("/proc/thread-self/status has no line CapEff."));
        } catch (final IOException e) {
            throw new UncheckedIOException("Could not read this process's capabilities from /proc.", e);
        }
    }
}
