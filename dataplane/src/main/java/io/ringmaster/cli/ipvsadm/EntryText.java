package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.VirtualService;
import java.util.StringJoiner;

/** Addresses, ports and settings as ipvsadm's listings and rules write them. */
final class EntryText {
    /** What ipvsadm has room for: long names lose their ends, and their ports. */
    private static final int LONGEST_LISTED = 59;

    private final Names names;
    private final boolean numeric;
    private final int longest;

    private EntryText(final Names names, final boolean numeric, final int longest) {
        this.names = names;
        this.numeric = numeric;
        this.longest = longest;
    }

    /** Texts of listings, with names or numeric. */
    EntryText(final Names names, final boolean numeric) {
        this(names, numeric, LONGEST_LISTED);
    }

    /** Texts of rules: the same in full length, so that what is saved can be restored. */
    static EntryText ofRules(final Names names, final boolean numeric) {
        return new EntryText(names, numeric, Integer.MAX_VALUE);
    }

    /** host:port; IPv6 addresses in brackets. */
    String place(final HostAddress address, final int port, final int protocol) {
        final StringBuilder out = new StringBuilder();
        place(out, address, port, protocol);
        return out.toString();
    }

    /** Appends the same. */
    void place(final StringBuilder out, final HostAddress address, final int port, final int protocol) {
        final int start = out.length();
        out.append(address.ipv6() ? "[" : "");
        if (numeric) {
            address.appendTo(out);
        } else {
            out.append(names.hostName(address));
        }
        out.append(address.ipv6() ? "]:" : ":");
        if (numeric) {
            out.append(port);
        } else {
            out.append(names.portName(port, protocol));
            out.setLength(start + Math.min(out.length() - start, longest));
        }
    }

    /** The service's field of listings: protocol and address. */
    String service(final ServiceId id) {
        if (id.marked()) {
            return "FWM  " + id.mark() + (id.address().ipv6() ? " IPv6" : "");
        }
        return String.format("%-4s %s", id.word(), place(id.address(), id.port(), id.protocol()));
    }

    /** The option that names the service in rules. */
    String serviceOption(final ServiceId id) {
        if (id.marked()) {
            return "-f " + id.mark() + (id.address().ipv6() ? " -6" : "");
        }
        final String option = switch (id.protocol()) {
            case ServiceId.TCP -> "-t ";
            case ServiceId.UDP -> "-u ";
            default -> "--sctp-service ";
        };
        return option + place(id.address(), id.port(), id.protocol());
    }

    /** Scheduler flags by their names, comma-separated; empty for none. */
    static String flags(final ServiceSettings settings) {
        final StringJoiner list = new StringJoiner(",");
        final boolean hash = hash(settings);
        if ((settings.flags() & 8) != 0) {
            list.add(hash ? settings.scheduler() + "-fallback" : "flag-1");
        }
        if ((settings.flags() & 16) != 0) {
            list.add(hash ? settings.scheduler() + "-port" : "flag-2");
        }
        if ((settings.flags() & 32) != 0) {
            list.add("flag-3");
        }
        return list.toString();
    }

    /** The same as listings show it, in parentheses: the third flag means nothing to sh and mh, and is not named. */
    static String listedFlags(final ServiceSettings settings) {
        final String all = flags(settings);
        if (all.isEmpty()) {
            return "";
        }
        return " (" + (hash(settings) ? all.replaceFirst(",?flag-3$", "") : all) + ")";
    }

    private static boolean hash(final ServiceSettings settings) {
        return settings.scheduler().equals("sh") || settings.scheduler().equals("mh");
    }

    /** The mask of a persistent service; empty if it is that of single clients. */
    static String mask(final VirtualService service) {
        final int mask = service.settings().netmask();
        if (service.id().address().ipv6()) {
            return mask == ServiceSettings.SINGLE_IPV6 ? "" : Integer.toString(mask);
        }
        return mask == ServiceSettings.SINGLE_IPV4 ? "" : HostAddress.ipv4(mask).toString();
    }
}
