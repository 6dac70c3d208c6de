package io.ringmaster.director;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What tests with real packets need; where CI=true they must have it. */
public final class Needs {
    private Needs() {
    }

    /** Root, for network namespaces and AF_XDP sockets. */
    public static void root() {
        final boolean able = Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"));
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(able, "network namespaces need root");
        }
        Assumptions.assumeTrue(able, "network namespaces need root");
    }
}
