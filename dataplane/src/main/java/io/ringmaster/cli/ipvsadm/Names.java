package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Names of hosts and ports from /etc/hosts and /etc/services. DNS is never asked: a listing must not hang on a name
 * server that is down, nor a rule mean another address tomorrow. Owned by the control thread; files are read again when
 * they changed, a mebibyte of each at most.
 */
public final class Names {
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_PORT = 65_535;
    private static final HostAddress LOOPBACK = HostAddress.ipv4(0x7f00_0001);

    private final Path servicesFile;
    private final Path hostsFile;
    private long stamp = Long.MIN_VALUE;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, String> portNames = new HashMap<>();
    private final Map<String, HostAddress> addresses = new HashMap<>();
    private final Map<HostAddress, String> hostNames = new HashMap<>();

    /** Names from two files in the forms of services(5) and hosts(5); a missing one has no names. */
    public Names(final Path servicesFile, final Path hostsFile) {
        this.servicesFile = servicesFile;
        this.hostsFile = hostsFile;
    }

    /** The port of a service name for TCP, UDP or SCTP. */
    OptionalInt port(final String name, final int protocol) {
        final Integer port = ports.get(name + "/" + word(protocol));
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** The name of a port, or its digits. */
    String portName(final int port, final int protocol) {
        final String name = portNames.get(port + "/" + word(protocol));
        return name == null ? Integer.toString(port) : name;
    }

    /** The address of a host name, in which case does not matter (RFC 4343); or null. */
    HostAddress address(final String name) {
        return addresses.get(name.toLowerCase(Locale.ROOT));
    }

    /** The name of an address, or its digits. */
    String hostName(final HostAddress address) {
        final String name = hostNames.get(address);
        return name == null ? address.toString() : name;
    }

    private static String word(final int protocol) {
        return switch (protocol) {
            case ServiceId.UDP -> "udp";
            case ServiceId.SCTP -> "sctp";
            case ServiceId.TCP -> "tcp";
            default -> "";
        };
    }

    /** Reads the files again if they changed: to be called before a command asks for names. */
    void refresh() {
        final long now = modified(servicesFile) * 31 + modified(hostsFile);
        if (now == stamp) {
            return;
        }
        stamp = now;
        List.of(ports, portNames, addresses, hostNames).forEach(Map::clear);
        for (final List<String> fields : read(servicesFile)) {
            addService(fields);
        }
        for (final List<String> fields : read(hostsFile)) {
            addHost(fields);
        }
    }

    private static long modified(final Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (final IOException e) {
            return -1;
        }
    }

    private void addService(final List<String> fields) {
        if (fields.size() < 2 || !fields.get(1).matches("(0|[1-9]\\d{0,4})/[a-z]+")) {
            return;
        }
        final int slash = fields.get(1).indexOf('/');
        final int port = Integer.parseInt(fields.get(1).substring(0, slash));
        final String protocol = fields.get(1).substring(slash);
        if (port > MOST_PORT) {
            return;
        }
        portNames.putIfAbsent(port + protocol, fields.getFirst());
        for (int i = 0; i < fields.size(); i++) {
            if (i != 1) {
                ports.putIfAbsent(fields.get(i) + protocol, port);
            }
        }
    }

    private void addHost(final List<String> fields) {
        if (fields.size() < 2) {
            return;
        }
        final List<String> all = fields.subList(1, fields.size());
        final HostAddress ipv6 = HostAddress.parseIpv6(fields.getFirst()).orElse(null);
        if (ipv6 != null) {
            hostNames.putIfAbsent(ipv6, all.getFirst());
        }
        // The C library looks for IPv4 addresses here, and takes ::1 and ::ffff:10.1.0.1 for such.
        (ipv6 == null ? HostAddress.parseIpv4(fields.getFirst()) : asIpv4(ipv6)).ifPresent(address -> {
            hostNames.putIfAbsent(address, all.getFirst());
            all.forEach(name -> addresses.putIfAbsent(name.toLowerCase(Locale.ROOT), address));
        });
    }

    private static Optional<HostAddress> asIpv4(final HostAddress ipv6) {
        if (ipv6.mapped()) {
            return Optional.of(HostAddress.ipv4(ipv6.ipv4()));
        }
        return ipv6.high() == 0 && ipv6.low() == 1 ? Optional.of(LOOPBACK) : Optional.empty();
    }

    private static List<List<String>> read(final Path file) {
        final char[] text = new char[MOST_CHARACTERS];
        int length = 0;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int got = in.read(text, 0, text.length);
            while (got > 0) {
                length += got;
                got = in.read(text, length, text.length - length);
            }
        } catch (final IOException e) {
            // No file, no names: numbers are printed instead, as the C library does.
            return List.of();
        }
        return new String(text, 0, length).lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .map(line -> Arrays.asList(line.split("\\s+")))
            .toList();
    }
}
