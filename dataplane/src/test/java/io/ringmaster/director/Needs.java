package io.ringmaster.director;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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

    /** A program that is part of no JDK, by its name and that of its Debian package. */
    public static void program(final String name, final String debianPackage) {
        final boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        final String need = "this needs " + name + " (Debian: apt install " + debianPackage + ")";
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(there, need);
        }
        Assumptions.assumeTrue(there, need);
    }
}
