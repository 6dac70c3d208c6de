package io.ringmaster.cli;

import io.ringmaster.control.RealServer;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The real servers that one drain is about: one address in several services. Control thread, except the record. */
final class DrainedServers {
    private DrainedServers() {
    }

    /**
     * A real server of a service.
     *
     * @param service the service.
     * @param server  RIP and rport.
     */
    record Target(ServiceId service, ServerId server) {
        @Override
        public String toString() {
            return Place.text(server.address(), server.port()) + " of " + WantedService.text(service);
        }

        Optional<RealServer> in(final ServiceTable table) {
            return table.service(service).flatMap(found ->
                found.servers().stream().filter(one -> one.id().equals(server)).findFirst());
        }
    }

    /**
     * What connections they have.
     *
     * @param active    active ones.
     * @param inactive  inactive ones.
     * @param templates of persistent clients, who come back to their real server whatever its weight is.
     * @param missing   how many of the real servers are not there any more.
     * @param weighted  how many have a weight again.
     */
    record Left(long active, long inactive, long templates, int missing, int weighted) {
        long all() {
            return active + inactive + templates;
        }
    }

    /** The real servers meant, or a refusal. */
    static List<Target> find(final ServiceTable table, final Place place, final List<WantedService> services) {
        final List<Target> targets = new ArrayList<>();
        for (final VirtualService service : table.services()) {
            if (WantedService.any(services, service.id())) {
                service.servers().stream().filter(server -> place.matches(server.id().address(), server.id().port()))
                    .forEach(server -> targets.add(new Target(service.id(), server.id())));
            }
        }
        if (targets.isEmpty()) {
            throw new RefusedException((services.isEmpty() ? "No virtual service has" : "The virtual services meant by "
                + "--service have no") + " real server " + place + "; 'ringmaster ipvsadm -Ln' lists them all.");
        }
        return targets;
    }

    /** What all of them have left. */
    static Left left(final ServiceTable table, final List<Target> targets) {
        long active = 0;
        long inactive = 0;
        long templates = 0;
        int missing = 0;
        int weighted = 0;
        for (final Target target : targets) {
            final Optional<RealServer> server = target.in(table);
            if (server.isEmpty()) {
                missing++;
                continue;
            }
            active += server.get().statistics().active();
            inactive += server.get().statistics().inactive();
            templates += server.get().statistics().persistent();
            weighted += server.get().settings().weight() == 0 ? 0 : 1;
        }
        return new Left(active, inactive, templates, missing, weighted);
    }

    /** Sets the weights of all to 0; the services that then have nobody for new clients. */
    static List<ServiceId> quiesce(final ServiceTable table, final List<Target> targets) {
        final List<ServiceId> without = new ArrayList<>();
        table.together(() -> targets.forEach(target -> target.in(table)
            .filter(server -> server.settings().weight() != 0)
            .ifPresent(server -> table.editServer(target.service(), target.server(),
                server.settings().withWeight(0)))));
        targets.stream().map(Target::service).distinct()
            .filter(id -> table.service(id).orElseThrow().servers().stream()
                .allMatch(server -> server.settings().weight() == 0))
            .forEach(without::add);
        return without;
    }
}
