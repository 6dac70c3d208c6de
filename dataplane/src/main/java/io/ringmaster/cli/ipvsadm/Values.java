package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values of options in the forms that ipvsadm's C functions take. */
final class Values {
    private static final long LONGEST_TIMEOUT_SEC = 31L * 24 * 60 * 60;
    private static final int PORTS = 65_535;
    private static final int SAFE_DIGITS = 18;
    private static final Pattern PLAIN_IPV4 = Pattern.compile("((0|[1-9][0-9]*)(\\.(?!$)|$)){4}");
    private static final Pattern NUMBER = Pattern.compile(
        "[ \\t\\n\\x0b\\f\\r]*(?<sign>[+-]?)(?=[0-9])0*(?<digits>[0-9]*)");

    private Values() {
    }

    /** A decimal number in the ways of strtol(3): leading blanks and a sign are taken. Empty outside its range. */
    static OptionalLong number(final String text, final long least, final long most) {
        final Matcher found = NUMBER.matcher(text);
        if (!found.matches()) {
            return OptionalLong.empty();
        }
        final long number = number(found);
        return number < least || number > most ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** What was found; the largest or smallest there is for one that is beyond. */
    private static long number(final Matcher found) {
        final boolean negative = found.group("sign").equals("-");
        final String digits = found.group("digits");
        if (digits.length() > SAFE_DIGITS) {
            return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        final long number = digits.isEmpty() ? 0 : Long.parseLong(digits);
        return negative ? -number : number;
    }

    /** A number, or ipvsadm's complaint about it. */
    static int number(final String text, final int least, final int most, final String complaint)
        throws UsageException {
        return (int) number(text, least, most).orElseThrow(() -> UsageException.wrong("%s", complaint));
    }

    /** A time-out in seconds, 31 days at most. */
    static int timeoutSec(final String text, final int least) throws UsageException {
        return (int) number(text, least, LONGEST_TIMEOUT_SEC)
            .orElseThrow(() -> UsageException.wrong("invalid timeout value `%s' specified", text));
    }

    /** A firewall mark, 1 to 4,294,967,295, as its 32 bits. */
    static int mark(final String text) throws UsageException {
        return (int) number(text, 1, 0xffff_ffffL)
            .orElseThrow(() -> UsageException.wrong("invalid fwmark value `%s' specified", text));
    }

    /** What atoi(3) makes of a text: the lower 32 bits of its leading digits, 0 without. */
    static int leadingNumber(final String text) {
        final Matcher found = NUMBER.matcher(text);
        return found.lookingAt() ? (int) number(found) : 0;
    }

    /** The bits of scheduler flags, judged for the scheduler. */
    static int schedulerFlags(final String scheduler, final String text) throws UsageException {
        int flags = 0;
        for (final String flag : text.split(",", -1)) {
            if (flag.isEmpty()) {
                continue;
            }
            flags |= switch (flag) {
                case "flag-1" -> 8;
                case "flag-2" -> 16;
                case "flag-3" -> 32;
                case "sh-fallback", "sh-port", "mh-fallback", "mh-port" -> {
                    if (!flag.startsWith(scheduler + "-")) {
                        throw UsageException.wrong("incompatible scheduler flag `%s'", flag);
                    }
                    yield flag.endsWith("fallback") ? 8 : 16;
                }
                default -> throw UsageException.wrong("invalid scheduler flag `%s'", flag);
            };
        }
        return flags;
    }

    /** An IPv4 address as inet_aton(3) reads it: what stands behind a blank does not matter. */
    static Optional<HostAddress> ipv4(final String text) {
        int end = 0;
        while (end < text.length() && " \t\n\u000b\f\r".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return HostAddress.parseIpv4(text.substring(0, end));
    }

    /** An IPv4 address as inet_pton(3) reads it: four decimal numbers without leading zeros. */
    static Optional<HostAddress> plainIpv4(final String text) {
        return PLAIN_IPV4.matcher(text).matches() ? HostAddress.parseIpv4(text) : Optional.empty();
    }

    /**
     * Host and port in the forms host, host:port, v6, [v6]:port.
     *
     * @param protocol whose port names are meant; 0 for none.
     * @return the port empty where none was given; null if it is none of the forms.
     */
    static HostAndPort hostAndPort(final String text, final int protocol, final Names names) {
        String host = text;
        String port = null;
        if (text.matches("[0-9]*")) {
            // inet_aton(3) would take a bare number, and a forgotten address would go unnoticed.
            return null;
        }
        if (text.startsWith("[")) {
            final int end = text.indexOf(']');
            if (end < 0 || end + 1 >= text.length() || text.charAt(end + 1) != ':') {
                return null;
            }
            host = text.substring(1, end);
            port = text.substring(end + 2);
        }
        HostAddress address = HostAddress.parseIpv6(host).orElse(null);
        if (address == null) {
            final int colon = host.lastIndexOf(':');
            port = colon < 0 ? null : host.substring(colon + 1);
            host = colon < 0 ? host : host.substring(0, colon);
            address = ipv4(host).orElse(null);
            address = address == null ? names.address(host) : address;
        }
        if (address == null || port == null) {
            return address == null ? null : new HostAndPort(address, OptionalInt.empty());
        }
        final OptionalLong digits = number(port, 0, PORTS);
        final OptionalInt number = digits.isPresent() ? OptionalInt.of((int) digits.getAsLong())
            : names.port(port, protocol);
        return number.isEmpty() ? null : new HostAndPort(address, number);
    }

    /** An address with or without a port. */
    record HostAndPort(HostAddress address, OptionalInt port) {
    }
}
