package io.ringmaster.config;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.Tunnel;
import io.ringmaster.scheduler.SchedulerType;
import io.ringmaster.service.ForwardingMethod;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Function;

/** The words of a file's values, both ways. */
final class Words {
    static final String IPV6_MARK = " IPv6";
    static final List<String> METHODS = List.of("nat", "dr", "tun");
    static final List<String> TUNNELS = Arrays.stream(Tunnel.Type.values()).map(Tunnel.Type::word).toList();
    static final List<String> CHECKSUMS = Arrays.stream(Tunnel.Checksum.values()).map(Words::of).toList();
    private static final int MOST_PORT = 65_535;
    private static final int THIRD_FLAG = 32;

    private Words() {
    }

    static String of(final ForwardingMethod method) {
        return switch (method) {
            case MASQUERADING -> "nat";
            case TUNNELING -> "tun";
            case DIRECT_ROUTING, LOCAL -> "dr";
        };
    }

    static ForwardingMethod method(final String word) {
        return switch (word) {
            case "nat" -> ForwardingMethod.MASQUERADING;
            case "tun" -> ForwardingMethod.TUNNELING;
            default -> ForwardingMethod.DIRECT_ROUTING;
        };
    }

    static String of(final Tunnel.Checksum checksum) {
        return checksum.name().toLowerCase(Locale.ROOT);
    }

    /** The value that a word stands for, which is known to be one of theirs. */
    static <T> T of(final T[] values, final Function<T, String> word, final String wanted) {
        return Arrays.stream(values).filter(value -> word.apply(value).equals(wanted)).findFirst().orElseThrow();
    }

    static String of(final ServerId id) {
        return (id.address().ipv6() ? "[" + id.address() + "]" : id.address().toString()) + ":" + id.port();
    }

    /** The key that names a service. */
    static Key key(final ServiceId id) {
        return switch (id.protocol()) {
            case ServiceId.TCP -> Key.TCP;
            case ServiceId.UDP -> Key.UDP;
            case ServiceId.SCTP -> Key.SCTP;
            default -> Key.FWMARK;
        };
    }

    /** The value of that key. */
    static String name(final ServiceId id) {
        return id.marked() ? Integer.toUnsignedString(id.mark()) + (id.address().ipv6() ? IPV6_MARK : "")
            : of(new ServerId(id.address(), id.port()));
    }

    static String of(final ServiceId id) {
        return key(id).word() + " " + name(id);
    }

    static Optional<HostAddress> dotted(final String text) {
        return text.matches("[0-9]+(\\.[0-9]+){3}") ? HostAddress.parseIpv4(text) : Optional.empty();
    }

    /** ADDRESS:PORT, ADDRESS, [ADDRESS]:PORT or [ADDRESS]; empty if a text is none. */
    static Optional<ServerId> place(final String text, final int otherwise) {
        final boolean bracket = text.startsWith("[");
        final int end = bracket ? text.indexOf(']') : text.contains(":") ? text.indexOf(':') : text.length();
        if (end < 0) {
            return Optional.empty();
        }
        final String rest = text.substring(bracket ? end + 1 : end);
        final boolean fits = rest.isEmpty() || rest.matches(":[0-9]{1,5}")
            && Integer.parseInt(rest.substring(1)) <= MOST_PORT;
        final Optional<HostAddress> address = bracket ? HostAddress.parseIpv6(text.substring(1, end))
            : dotted(text.substring(0, end));
        return fits ? address.map(found -> new ServerId(found, rest.isEmpty() ? otherwise
            : Integer.parseInt(rest.substring(1)))) : Optional.empty();
    }

    static List<String> flagNames(final String scheduler) {
        return scheduler.equals("sh") || scheduler.equals("mh")
            ? List.of(scheduler + "-fallback", scheduler + "-port", "flag-3") : List.of("flag-1", "flag-2", "flag-3");
    }

    private static String flags(final ServiceSettings settings) {
        final StringJoiner list = new StringJoiner(",");
        final List<String> names = flagNames(settings.scheduler());
        for (int i = 0; i < names.size(); i++) {
            if ((settings.flags() & SchedulerType.FALLBACK << i) != 0) {
                list.add(names.get(i));
            }
        }
        return list.toString();
    }

    static Optional<Integer> flags(final String scheduler, final String text) {
        int flags = 0;
        for (final String flag : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            final int place = flagNames(scheduler).indexOf(flag.strip());
            if (place < 0) {
                return Optional.empty();
            }
            flags |= SchedulerType.FALLBACK << place;
        }
        return Optional.of(flags & (SchedulerType.FALLBACK | SchedulerType.PORT | THIRD_FLAG));
    }

    /** What is set of a service, without defaults, by key. */
    static Map<Key, String> of(final ServiceId id, final ServiceSettings settings) {
        final Map<Key, String> words = new LinkedHashMap<>();
        words.put(Key.SCHEDULER, settings.scheduler());
        put(words, Key.FLAGS, flags(settings), "");
        put(words, Key.PERSISTENT, Integer.toString(settings.persistSec()), "0");
        if (id.address().ipv6()) {
            put(words, Key.NETMASK, Integer.toString(settings.netmask()), "128");
        } else {
            put(words, Key.NETMASK, HostAddress.ipv4(settings.netmask()).toString(), "255.255.255.255");
        }
        put(words, Key.PERSISTENCE_ENGINE, settings.engine(), "");
        put(words, Key.ONE_PACKET, Boolean.toString(settings.onePacket()), "false");
        return words;
    }

    /** What is set of a real server, without defaults, by key. */
    static Map<Key, String> of(final ServerSettings settings) {
        final Map<Key, String> words = new LinkedHashMap<>();
        words.put(Key.METHOD, of(settings.method()));
        words.put(Key.WEIGHT, Integer.toString(settings.weight()));
        put(words, Key.UPPER, Integer.toString(settings.upper()), "0");
        put(words, Key.LOWER, Integer.toString(settings.lower()), "0");
        if (settings.method() == ForwardingMethod.TUNNELING) {
            put(words, Key.TUN_TYPE, settings.tunnel().type().word(), Tunnel.Type.IPIP.word());
            put(words, Key.TUN_PORT, Integer.toString(settings.tunnel().port()), "0");
            put(words, Key.TUN_CHECKSUM, of(settings.tunnel().checksum()), of(Tunnel.Checksum.NONE));
        }
        return words;
    }

    private static void put(final Map<Key, String> words, final Key key, final String value, final String byDefault) {
        if (!value.equals(byDefault)) {
            words.put(key, value);
        }
    }
}
