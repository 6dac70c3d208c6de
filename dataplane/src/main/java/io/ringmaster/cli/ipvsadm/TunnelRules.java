package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.Tunnel;
import io.ringmaster.service.ForwardingMethod;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which tunnel options go with which type. */
final class TunnelRules {
    private static final List<Option> CHECKSUMS = List.of(Option.TUN_NOCSUM, Option.TUN_CSUM, Option.TUN_REMCSUM);

    private TunnelRules() {
    }

    /** Judges the tunnel options of a real server, the lowest option first. */
    static void check(final CommandLine line) throws UsageException {
        final Set<Option> given = EnumSet.range(Option.TUN_TYPE, Option.TUN_REMCSUM);
        given.retainAll(line.options);
        if (line.method != ForwardingMethod.TUNNELING) {
            if (!given.isEmpty()) {
                throw UsageException.wrong("Tunnel options conflict with forward method");
            }
            return;
        }
        final Tunnel.Type type = line.tunnelType;
        if (type == Tunnel.Type.GUE && !given.contains(Option.TUN_PORT)) {
            throw UsageException.wrong("You need to supply the 'tun-port' option for the 'gue' tunnel type");
        }
        Option first = null;
        for (final Option option : given) {
            if (option == Option.TUN_PORT && type != Tunnel.Type.GUE
                || CHECKSUMS.contains(option) && type == Tunnel.Type.IPIP
                || option == Option.TUN_REMCSUM && type == Tunnel.Type.GRE) {
                throw UsageException.wrong("Illegal '%s' option with the '%s' tunnel type", option.word(),
                    type.word());
            }
            if (CHECKSUMS.contains(option)) {
                if (first != null) {
                    throw UsageException.wrong("The option '%s' conflicts with the '%s' option in the '%s' tunnel type",
                        option.word(), first.word(), type.word());
                }
                first = option;
            }
        }
    }
}
