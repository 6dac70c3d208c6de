package io.ringmaster.control;

import io.ringmaster.service.AddressPrefix;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.PortRange;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/** A rule for firewall marks as the words of a command, and back. */
public final class MarkWords {
    private static final Map<String, Integer> PROTOCOLS = new TreeMap<>(Map.of("tcp", ServiceId.TCP, "udp",
        ServiceId.UDP, "sctp", ServiceId.SCTP));
    private static final int MAPPED_BITS = 96;
    private static final int MOST_RANGES = 64;
    private static final long MOST_MARK = 0xffff_ffffL;
    private static final String UNCHANGED = "; nothing was changed.";

    private AddressPrefix destination;
    private AddressPrefix source;
    private String interfaceName = "";
    private int interfaceIndex = MarkRule.ANY_INTERFACE;
    private int protocol = MarkRule.ANY_PROTOCOL;
    private List<PortRange> ports = List.of(PortRange.ALL);
    private int mark;

    private MarkWords() {
    }

    /**
     * The rule that some words are.
     *
     * @throws RefusedException in a sentence, if they are none.
     */
    public static MarkRule read(final List<String> words) {
        final MarkWords reader = new MarkWords();
        for (int i = 0; i < words.size(); i++) {
            final int equals = words.get(i).indexOf('=');
            final String option = equals < 0 ? words.get(i) : words.get(i).substring(0, equals);
            if (equals < 0 && i + 1 == words.size()) {
                throw refused("A value is missing behind " + option);
            }
            reader.take(option, equals < 0 ? words.get(++i) : words.get(i).substring(equals + 1));
        }
        return reader.rule();
    }

    private void take(final String option, final String value) {
        switch (option) {
            case "--destination", "-d" -> destination = prefix(value);
            case "--source", "-s" -> source = prefix(value);
            case "--interface", "-i" -> takeInterface(value);
            case "--protocol", "-p" -> protocol = Optional.ofNullable(PROTOCOLS.get(value)).orElseThrow(() ->
                refused("'" + value + "' is no protocol of virtual services; they are tcp, udp and sctp"));
            case "--port" -> ports = ports(value);
            case "--mark", "-m" -> mark = mark(value);
            default -> throw refused("A rule for firewall marks has no " + option + ": it takes --destination, "
                + "--source, --interface, --protocol, --port and --mark");
        }
    }

    private MarkRule rule() {
        if (mark == 0 || destination == null) {
            throw refused("A rule for firewall marks needs --destination and --mark");
        }
        if (source != null && source.ipv4() != destination.ipv4()) {
            throw refused("--source and --destination are of different families");
        }
        if (protocol == MarkRule.ANY_PROTOCOL && !ports.equals(List.of(PortRange.ALL))) {
            throw refused("--port needs --protocol, since ports of one are not those of another");
        }
        return new MarkRule(destination, source == null ? AddressPrefix.all(!destination.ipv4()) : source,
            interfaceIndex, interfaceName, protocol, ports, mark, false);
    }

    private static AddressPrefix prefix(final String text) {
        final int slash = text.indexOf('/');
        final String host = slash < 0 ? text : text.substring(0, slash);
        final HostAddress address = HostAddress.parseIpv6(host).or(() -> dotted(host)).orElseThrow(() ->
            refused("'" + text + "' is no address and no prefix such as 10.5.0.0/16"));
        if (address.mapped()) {
            throw refused(text + " is an IPv4 address in an IPv6 form that no packet has (RFC 4291, 2.5.5.2): write it "
                + "as " + HostAddress.ipv4(address.ipv4()));
        }
        final int longest = address.ipv6() ? 128 : 32;
        final String length = slash < 0 ? Integer.toString(longest) : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > longest) {
            throw refused("'" + text + "' has no length of 0 to " + longest + " behind its slash");
        }
        final int bits = Integer.parseInt(length) + (address.ipv6() ? 0 : MAPPED_BITS);
        final AddressPrefix whole = new AddressPrefix(address.high(), address.low(), bits);
        // As netfilter does: what is behind the prefix does not count.
        return new AddressPrefix(whole.high() & whole.maskHigh(), whole.low() & whole.maskLow(), bits);
    }

    private static Optional<HostAddress> dotted(final String text) {
        return text.matches("[0-9]+(\\.[0-9]+){3}") ? HostAddress.parseIpv4(text) : Optional.empty();
    }

    private void takeInterface(final String name) {
        try {
            final NetworkInterface found = NetworkInterface.getByName(name);
            if (found == null) {
                throw refused("There is no interface '" + name + "'");
            }
            interfaceName = name;
            interfaceIndex = found.getIndex();
        } catch (final SocketException e) {
            throw refused("The kernel did not tell about interface '" + name + "' (" + e.getMessage() + ")");
        }
    }

    private static List<PortRange> ports(final String text) {
        final List<PortRange> ranges = new ArrayList<>();
        for (final String part : text.split(",", -1)) {
            if (!part.matches("[0-9]{1,5}([-:][0-9]{1,5})?")) {
                throw refused("'" + part + "' in --port is no port and no range of ports such as 8000-8999");
            }
            final String[] ends = part.split("[-:]");
            final int first = Integer.parseInt(ends[0]);
            final int last = Integer.parseInt(ends[ends.length - 1]);
            if (first > last || last > PortRange.ALL.last()) {
                throw refused("'" + part + "' in --port is no range of ports from 0 to 65535, the lower one first");
            }
            ranges.add(new PortRange(first, last));
        }
        if (ranges.size() > MOST_RANGES) {
            throw refused("--port has " + ranges.size() + " ranges; a rule takes " + MOST_RANGES);
        }
        return ranges;
    }

    private static int mark(final String text) {
        final boolean hex = text.startsWith("0x");
        final String digits = hex ? text.substring(2) : text;
        if (!digits.matches(hex ? "[0-9a-fA-F]{1,8}" : "[0-9]{1,10}")) {
            throw refused("'" + text + "' is no mark; it is a number from 1 to " + MOST_MARK);
        }
        final long mark = Long.parseLong(digits, hex ? 16 : 10);
        if (mark == 0 || mark > MOST_MARK) {
            throw refused("'" + text + "' is no mark; it is a number from 1 to " + MOST_MARK);
        }
        return (int) mark;
    }

    private static RefusedException refused(final String why) {
        return new RefusedException(why + UNCHANGED);
    }

    /** A rule as the words that add it. */
    public static String text(final MarkRule rule) {
        final StringJoiner words = new StringJoiner(" ");
        words.add("--destination " + text(rule.destination()));
        if (!rule.source().equals(AddressPrefix.all(rule.ipv6()))) {
            words.add("--source " + text(rule.source()));
        }
        if (!rule.interfaceName().isEmpty()) {
            words.add("--interface " + rule.interfaceName());
        }
        if (rule.protocol() != MarkRule.ANY_PROTOCOL) {
            words.add("--protocol " + protocol(rule));
        }
        if (!rule.ports().equals(List.of(PortRange.ALL))) {
            words.add("--port " + ports(rule));
        }
        return words.add("--mark " + Integer.toUnsignedString(rule.mark())).toString();
    }

    /** The ports of a rule: 80,443,8000-8999. */
    public static String ports(final MarkRule rule) {
        final StringJoiner list = new StringJoiner(",");
        rule.ports().forEach(range -> list.add(range.toString()));
        return list.toString();
    }

    /** The protocol of a rule: tcp, udp, sctp, or empty for any. */
    public static String protocol(final MarkRule rule) {
        return PROTOCOLS.entrySet().stream().filter(each -> each.getValue() == rule.protocol()).map(Map.Entry::getKey)
            .findFirst().orElse("");
    }

    /** A prefix as people write it. */
    public static String text(final AddressPrefix prefix) {
        return new HostAddress(!prefix.ipv4(), prefix.high(), prefix.low()) + "/" + prefix.length();
    }
}
