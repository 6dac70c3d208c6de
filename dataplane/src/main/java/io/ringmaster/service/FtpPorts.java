package io.ringmaster.service;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;

/** The ports of a service at which FTP's control connections are listened to. Immutable. */
public final class FtpPorts {
    /** No port. */
    public static final FtpPorts NONE = new FtpPorts(new int[0]);

    private final int[] ports;

    private FtpPorts(final int[] ports) {
        this.ports = ports;
    }

    /** These ports, 2 to 65,535. */
    public static FtpPorts of(final Collection<Integer> ports) {
        return ports.isEmpty() ? NONE : new FtpPorts(ports.stream().mapToInt(Integer::intValue).sorted().toArray());
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return ports.length == 0;
    }

    /** Whether a port is one of them. */
    public boolean has(final int port) {
        for (final int each : ports) {
            if (each == port) {
                return true;
            }
        }
        return false;
    }

    /** All of them in order. */
    IntStream stream() {
        return Arrays.stream(ports);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final FtpPorts others && Arrays.equals(ports, others.ports);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ports);
    }

    @Override
    public String toString() {
        return Arrays.toString(ports);
    }
}
