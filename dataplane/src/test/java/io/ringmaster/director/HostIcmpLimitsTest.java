package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.service.IcmpLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's limits of ICMP errors, read and followed. */
class HostIcmpLimitsTest {
    private static final long SECOND_NS = 1_000_000_000L;
    @TempDir
    private Path folder;

    private void set(final String name, final String value) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), value + "\n");
    }

    @Test
    void whatIsNotThereIsAsLinuxHasIt() throws IOException {
        final HostIcmpLimits limits = new HostIcmpLimits(folder);
        assertEquals(Optional.empty(), limits.look(0));
        set("ipv4/icmp_ratelimit", "250");
        assertEquals(Optional.of(new IcmpLimits(1_000, 50, 250, 0x1818, 1_000)), limits.look(SECOND_NS));
    }

    @Test
    void allAreFollowedOnceASecond() throws IOException {
        final HostIcmpLimits limits = new HostIcmpLimits(folder);
        set("ipv4/icmp_msgs_per_sec", "200");
        set("ipv4/icmp_msgs_burst", "7");
        set("ipv4/icmp_ratelimit", "0");
        set("ipv4/icmp_ratemask", "8");
        set("ipv6/icmp/ratelimit", "90");
        assertEquals(Optional.of(new IcmpLimits(200, 7, 0, 8, 90)), limits.look(0));
        set("ipv6/icmp/ratelimit", "0");
        assertEquals(Optional.empty(), limits.look(SECOND_NS - 1));
        assertEquals(Optional.of(new IcmpLimits(200, 7, 0, 8, 0)), limits.look(SECOND_NS));
        assertEquals(Optional.empty(), limits.look(2 * SECOND_NS));
    }

    @Test
    void whatMakesNoSenseIsAsLinuxHasIt() throws IOException {
        set("ipv4/icmp_ratelimit", "often");
        set("ipv4/icmp_msgs_burst", "-5");
        assertEquals(Optional.of(new IcmpLimits(1_000, 1, 1_000, 0x1818, 1_000)), new HostIcmpLimits(folder).look(0));
    }

    /** As a program sees them that reads each with one call: the kernel does not give such a number in two. */
    @Test
    void thoseOfThisHostAreReadWhole() throws IOException {
        final IcmpLimits host = new IcmpLimits(cat("ipv4/icmp_msgs_per_sec"), cat("ipv4/icmp_msgs_burst"),
            cat("ipv4/icmp_ratelimit"), cat("ipv4/icmp_ratemask"), cat("ipv6/icmp/ratelimit"));
        assertEquals(host, new HostIcmpLimits().look(0).orElse(IcmpLimits.LINUX));
    }

    private static int cat(final String name) throws IOException {
        final Process cat = new ProcessBuilder("cat", "/proc/sys/net/" + name).start();
        return Integer.parseInt(new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
