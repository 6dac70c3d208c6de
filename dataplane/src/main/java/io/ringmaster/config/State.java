package io.ringmaster.config;

import io.ringmaster.control.RealServer;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.VirtualService;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.Sysctl;
import io.ringmaster.service.Sysctls;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that can be set of a running director. Immutable by custom: whoever made one changes its maps no more.
 *
 * @param globals  what is not of one service; empty for rules of ipvsadm, which say nothing about it.
 * @param services in the order in which they were added.
 * @param start    how a director is to be started; empty for a file that does not say, and for what a director has.
 */
public record State(Optional<Globals> globals, Map<ServiceId, Service> services, Optional<Start> start) {
    /** Levels of defence that the director itself raises from 1 to 2 and lowers again. */
    private static final long RAISED = 2;

    /**
     * What is not of one service.
     *
     * @param timeouts of connections.
     * @param sysctls  settings with other values than their defaults.
     * @param marks    rules for firewall marks, in the order in which they were added.
     */
    public record Globals(SetTimeouts timeouts, Map<Sysctl, Long> sysctls, List<MarkRule> marks) {
        /** Those of a director that was just started. */
        public static final Globals DEFAULTS = new Globals(SetTimeouts.DEFAULTS, Map.of(), List.of());
    }

    /**
     * A virtual service.
     *
     * @param settings of its own.
     * @param servers  its real servers in the order in which they were added.
     */
    public record Service(ServiceSettings settings, Map<ServerId, ServerSettings> servers) {
    }

    /** What says nothing about the start. */
    public State(final Optional<Globals> globals, final Map<ServiceId, Service> services) {
        this(globals, services, Optional.empty());
    }

    /** Whether only the start is spoken of: what the director has is not this file's business. */
    public boolean onlyStart() {
        return start.isPresent() && globals.isEmpty() && services.isEmpty();
    }

    /** What a director has; on its control thread. */
    public static State of(final ServiceTable table) {
        final Map<ServiceId, Service> services = new LinkedHashMap<>();
        for (final VirtualService service : table.services()) {
            final Map<ServerId, ServerSettings> servers = new LinkedHashMap<>();
            for (final RealServer server : service.servers().reversed()) {
                servers.put(server.id(), server.settings());
            }
            services.put(service.id(), new Service(service.settings(), servers));
        }
        final List<MarkRule> marks = table.marks().stream().map(rule -> rule.withLocal(false)).toList();
        return new State(Optional.of(new Globals(SetTimeouts.of(table.timeouts()), changed(table.sysctls()), marks)),
            services);
    }

    private static Map<Sysctl, Long> changed(final Sysctls sysctls) {
        final Map<Sysctl, Long> changed = new EnumMap<>(Sysctl.class);
        for (final Sysctl setting : Sysctl.values()) {
            final long value = asWanted(setting, sysctls.value(setting));
            if (value != setting.byDefault()) {
                changed.put(setting, value);
            }
        }
        return changed;
    }

    /** What a person wants when a setting reads so: 2 of a defence is 1 in need. */
    static long asWanted(final Sysctl setting, final long value) {
        final boolean defence = setting == Sysctl.DROP_ENTRY || setting == Sysctl.DROP_PACKET
            || setting == Sysctl.SECURE_TCP;
        return defence && value == RAISED ? 1 : value;
    }
}
