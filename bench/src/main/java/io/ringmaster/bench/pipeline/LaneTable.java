package io.ringmaster.bench.pipeline;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.TableForm;
import io.ringmaster.service.View;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.sys.Mapping;
import io.ringmaster.transmit.ClientHops;
import java.util.List;

/** What the workers of a run share, as those of a director do. Closed after them. */
final class LaneTable implements AutoCloseable {
    private final Mapping memory;
    private final ConnectionTable table;
    /** Of IPv6, which these runs have none of. */
    private final ConnectionTable wide;
    private final ServerCounters servers;
    private final ServerCounters services;
    private final ClientHops hops = new ClientHops();
    private final View view;

    LaneTable(final Plan plan, final View view) {
        this.memory = Mapping.allocate(ConnectionTable.memoryBytes(plan.capacity()), true);
        this.table = ConnectionTable.over(List.of(memory.segment()), plan.capacity(), plan.workers(), 0);
        this.wide = ConnectionTable.allocate(TableForm.WIDE, 1, plan.workers(), 0);
        this.servers = new ServerCounters(plan.workers());
        this.services = new ServerCounters(plan.workers());
        this.view = view;
    }

    ConnectionTable connections() {
        return table;
    }

    ConnectionTable wideConnections() {
        return wide;
    }

    ServerCounters servers() {
        return servers;
    }

    ServerCounters services() {
        return services;
    }

    ClientHops hops() {
        return hops;
    }

    View view() {
        return view;
    }

    /** What stands behind the table. */
    Mapping.Pages pages() {
        return memory.pages();
    }

    /** Active and inactive connections that the real servers carry. */
    long carried() {
        long sum = 0;
        for (int number = 1; number <= Traffic.SERVICES * Traffic.SERVERS_PER_SERVICE; number++) {
            sum += servers.sum(number, ServerCounters.ACTIVE) + servers.sum(number, ServerCounters.INACTIVE);
        }
        return sum;
    }

    @Override
    public void close() {
        table.close();
        wide.close();
        memory.close();
    }
}
