package io.ringmaster.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What tests in network namespaces need; where CI=true they must have it. */
final class DemoSupport {
    private DemoSupport() {
    }

    static void needRoot() {
        final boolean able = Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"));
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(able, "network namespaces need root");
        }
        Assumptions.assumeTrue(able, "network namespaces need root");
    }
}
