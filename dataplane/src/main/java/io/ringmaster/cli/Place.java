package io.ringmaster.cli;

import io.ringmaster.control.HostAddress;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An address with or without a port: 10.0.0.1, 10.0.0.1:80, fd00::1, [fd00::1]:80. Immutable.
 *
 * @param address of either family.
 * @param port    0 to 65,535, or {@link #ANY_PORT}.
 */
record Place(HostAddress address, int port) {
    /** No port was said. */
    static final int ANY_PORT = -1;
    private static final int MAX_PORT = 65_535;

    /** Whether an address and port are meant by this. */
    boolean matches(final HostAddress other, final int otherPort) {
        return address.equals(other) && (port == ANY_PORT || port == otherPort);
    }

    /** As it is written. */
    @Override
    public String toString() {
        return port == ANY_PORT ? address.toString() : text(address, port);
    }

    /** Address and port in the form of listings. */
    static String text(final HostAddress address, final int port) {
        return address.ipv6() ? "[" + address + "]:" + port : address + ":" + port;
    }

    /** Reads it; what is wrong is said in a sentence. */
    static Place parse(final String text) {
        final boolean bracketed = text.startsWith("[");
        final int closing = text.indexOf(']');
        final int lastColon = text.lastIndexOf(':');
        // Without brackets every colon of an IPv6 address is its own.
        final boolean port = bracketed ? closing > 0 && lastColon == closing + 1
            : lastColon >= 0 && text.indexOf(':') == lastColon;
        final String host = bracketed && closing > 0 ? text.substring(1, closing)
            : port ? text.substring(0, lastColon) : text;
        final boolean more = bracketed && closing >= 0 && !port && closing != text.length() - 1;
        final Optional<HostAddress> address = more ? Optional.empty()
            : bracketed ? HostAddress.parseIpv6(host) : dotted(host).or(() -> HostAddress.parseIpv6(host));
        if (address.isEmpty()) {
            throw new TypeConversionException("'" + text
                + "' is no address; write it like 10.0.0.1, 10.0.0.1:80, fd00::1 or [fd00::1]:80");
        }
        return new Place(address.get(), port ? port(text, text.substring(lastColon + 1)) : ANY_PORT);
    }

    /** In the whole form only: who looks something up means what he writes. */
    private static Optional<HostAddress> dotted(final String host) {
        return host.split("\\.", -1).length == 4 ? HostAddress.parseIpv4(host) : Optional.empty();
    }

    private static int port(final String text, final String digits) {
        final int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : MAX_PORT + 1;
        if (port > MAX_PORT) {
            throw new TypeConversionException("'" + digits + "' in '" + text + "' is no port: 0 to 65535");
        }
        return port;
    }

    /** For picocli. */
    static final class Reader implements ITypeConverter<Place> {
        @Override
        public Place convert(final String text) {
            return parse(text);
        }
    }
}
