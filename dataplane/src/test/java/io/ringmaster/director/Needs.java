package io.ringmaster.director;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What tests with real packets need; where CI=true they must have it. */
public final class Needs {
    private Needs() {
    }

    /** A program, by its path; what installs it is named for a person. */
    public static void program(final String path, final String debianPackage) {
        final boolean there = Files.isExecutable(Path.of(path));
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(there, path + " is missing: apt-get install " + debianPackage);
        }
        Assumptions.assumeTrue(there, path + " is missing: apt-get install " + debianPackage);
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
