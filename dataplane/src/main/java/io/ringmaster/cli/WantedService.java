package io.ringmaster.cli;

import io.ringmaster.control.ServiceId;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The virtual services that one word means: 10.0.0.1:80 of any protocol, 10.0.0.1:53/udp, 10.0.0.1 of any port, or
 * mark:7. Immutable.
 *
 * @param place    VIP and port; null for a mark.
 * @param protocol IP protocol number, 0 for any.
 * @param mark     firewall mark, 0 for none.
 */
record WantedService(Place place, int protocol, int mark) {
    private static final String MARK = "mark:";

    /** Whether a service is meant. */
    boolean matches(final ServiceId service) {
        if (service.marked() || mark != 0) {
            return service.mark() == mark;
        }
        return place.matches(service.address(), service.port()) && (protocol == 0 || protocol == service.protocol());
    }

    /** Whether a service is meant by one of these; all are if there are none. */
    static boolean any(final List<WantedService> wanted, final ServiceId service) {
        return wanted.isEmpty() || wanted.stream().anyMatch(one -> one.matches(service));
    }

    /** The service in words, like "TCP 10.0.0.1:80" or "mark 7". */
    static String text(final ServiceId service) {
        if (service.marked()) {
            return "mark " + Integer.toUnsignedString(service.mark()) + (service.address().ipv6() ? " (IPv6)" : "");
        }
        return service.word() + " " + Place.text(service.address(), service.port());
    }

    private static WantedService parse(final String text) {
        if (text.startsWith(MARK)) {
            try {
                final int mark = Integer.parseUnsignedInt(text.substring(MARK.length()));
                if (mark != 0) {
                    return new WantedService(null, 0, mark);
                }
            } catch (final NumberFormatException e) {
                // Told below, as is a mark of 0.
            }
            throw new TypeConversionException("'" + text + "' is no firewall mark; write it like mark:7");
        }
        final int slash = text.indexOf('/');
        return new WantedService(Place.parse(slash < 0 ? text : text.substring(0, slash)),
            slash < 0 ? 0 : protocol(text, text.substring(slash + 1)), 0);
    }

    private static int protocol(final String text, final String word) {
        return switch (word) {
            case "tcp" -> ServiceId.TCP;
            case "udp" -> ServiceId.UDP;
            case "sctp" -> ServiceId.SCTP;
            default -> throw new TypeConversionException("'" + word + "' in '" + text
                + "' is no protocol of services: tcp, udp or sctp");
        };
    }

    /** For picocli. */
    static final class Reader implements ITypeConverter<WantedService> {
        @Override
        public WantedService convert(final String text) {
            return parse(text);
        }
    }
}
