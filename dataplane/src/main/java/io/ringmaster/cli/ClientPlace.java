package io.ringmaster.cli;

import io.ringmaster.control.HostAddress;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.AddressPrefix;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Clients: 10.0.0.1, 10.0.0.1:40000, 10.0.0.0/8, fd00::/64, [fd00::1]:40000. Immutable.
 *
 * @param addresses of them.
 * @param port      theirs, or {@link Place#ANY_PORT}.
 */
record ClientPlace(AddressPrefix addresses, int port) {
    private static final int ADDRESS_BITS = 128;
    private static final int IPV4_BITS = 32;

    private static ClientPlace parse(final String text) {
        final int slash = text.indexOf('/');
        final Place place = Place.parse(slash < 0 ? text : text.substring(0, slash));
        final HostAddress address = place.address();
        final int longest = address.ipv6() ? ADDRESS_BITS : IPV4_BITS;
        final String digits = slash < 0 ? Integer.toString(longest) : text.substring(slash + 1);
        final int length = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : longest + 1;
        if (length > longest || slash >= 0 && place.port() != Place.ANY_PORT) {
            throw new TypeConversionException("'" + text + "' is no client; write it like 10.0.0.1, 10.0.0.1:40000 or "
                + "10.0.0.0/8");
        }
        final int bits = length + ADDRESS_BITS - longest;
        return new ClientPlace(new AddressPrefix(address.high() & Addresses.prefixHigh(bits),
            address.low() & Addresses.prefixLow(bits), bits), place.port());
    }

    /** For picocli. */
    static final class Reader implements ITypeConverter<ClientPlace> {
        @Override
        public ClientPlace convert(final String text) {
            return parse(text);
        }
    }
}
