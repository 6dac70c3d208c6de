package io.ringmaster.control;

import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableFacts;
import io.ringmaster.connection.TableForm;
import io.ringmaster.stats.ServerCounters;
import java.util.Locale;
import java.util.Map;

/** What the control thread knows of the numbers in connections, for a check of the table of a form. Owned by it. */
final class RegisteredNumbers implements TableFacts {
    private static final int[] FIELDS = {ServerCounters.ACTIVE, ServerCounters.INACTIVE, ServerCounters.PERSISTENT,
        ServerCounters.CONNECTIONS};

    private final boolean wide;
    private final Registry registry;
    private final Map<ServiceId, VirtualService> services;
    private final ServerCounters counters;

    RegisteredNumbers(final TableForm form, final Registry registry, final Map<ServiceId, VirtualService> services,
                      final Dataplane dataplane) {
        this.wide = form == TableForm.WIDE;
        this.registry = registry;
        this.services = services;
        this.counters = dataplane.serverCounters();
    }

    @Override
    public int protocol(final int endpoint) {
        return registry.service(endpoint).map(ServiceId::protocol).orElse(UNKNOWN);
    }

    @Override
    public boolean knows(final int realServer) {
        return realServer == ConnectionValue.NO_SERVER || registry.server(realServer).isPresent();
    }

    @Override
    public boolean belongs(final int realServer, final int endpoint) {
        return realServer == ConnectionValue.NO_SERVER
            || registry.server(realServer).filter(server -> server.service().endpoint() == endpoint).isPresent();
    }

    @Override
    public int templateMask(final int endpoint) {
        return registry.service(endpoint).map(services::get).map(service -> service.settings().netmask()).orElse(-1);
    }

    @Override
    public boolean keptTemplates(final int realServer) {
        return registry.server(realServer).filter(server -> !server.everRemoved()).isPresent()
            && services.values().stream().filter(service -> service.endpoint() == registry.server(realServer)
                .orElseThrow().service().endpoint()).noneMatch(VirtualService::netmaskChanged);
    }

    @Override
    public long counted(final int realServer, final Count count) {
        // Connections of the other form are not in this table.
        return registry.server(realServer).filter(server -> server.service().wide() == wide).isPresent()
            ? counters.sum(realServer, FIELDS[count.ordinal()]) : NOT_COUNTED;
    }

    @Override
    public String name(final int realServer) {
        return registry.server(realServer).map(server -> "real server " + server.id().address() + ":"
            + server.id().port() + " of " + registry.service(server.service().endpoint()).map(service ->
                ServiceId.protocolWord(service.protocol()).toLowerCase(Locale.ROOT) + " " + service.address() + ":"
                    + service.port()).orElse("a deleted service")).orElse("real server number " + realServer);
    }
}
