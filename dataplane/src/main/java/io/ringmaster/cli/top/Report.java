package io.ringmaster.cli.top;

import io.ringmaster.control.PacketFates.Fate;
import io.ringmaster.control.PacketFates.Load;
import io.ringmaster.stats.ServerCounters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What happened between two samples, as rates. Immutable.
 *
 * @param periodSec between them.
 * @param services  in the later one's order.
 * @param drops     that occurred at least once since the start, those of the period first, the most frequent first.
 * @param workers   one each.
 */
record Report(double periodSec, List<Service> services, List<Drop> drops, List<Worker> workers) {
    private static final double NS_PER_SEC = 1e9;
    /** What sockets count of packets that no worker ever saw. */
    private static final Set<String> LOST = Set.of("rx-dropped", "rx-ring-full");
    private static final int COUNTED = ServerCounters.OUT_BYTES - ServerCounters.CONNECTIONS + 1;

    /**
     * A row of the table.
     *
     * @param id       number of the service or real server.
     * @param rates    per second, of connections, in and out packets, in and out bytes.
     * @param active   connections now.
     * @param inactive connections now.
     * @param share    of its service's connections now, 0 to 1; of a service, 1.
     */
    record Row(int id, String name, String about, double[] rates, long active, long inactive, double share) {
        /** A rate by the counter's number of {@link ServerCounters}. */
        double rate(final int field) {
            return rates[field - ServerCounters.CONNECTIONS];
        }
    }

    /** A service and its real servers, in the order of the sample. */
    record Service(Row row, List<Row> servers) {
    }

    /** A reason for drops: its name, how many a second and since the start, what to do. */
    record Drop(String word, double rate, long total, String advice) {
    }

    /** A worker: share of the time that it worked, 0 to 1, and packets in a batch on average. */
    record Worker(double busy, double batch) {
    }

    /** What happened from one sample to the next. */
    static Report between(final Sample before, final Sample now) {
        final double periodSec = Math.max(1, now.atNs() - before.atNs()) / NS_PER_SEC;
        final Map<Integer, long[]> servicesBefore = new HashMap<>();
        final Map<Integer, long[]> serversBefore = new HashMap<>();
        for (final Sample.Service service : before.services()) {
            servicesBefore.put(service.endpoint(), service.counted());
            service.servers().forEach(server -> serversBefore.put(server.number(), server.counted()));
        }
        final List<Service> services = new ArrayList<>(now.services().size());
        for (final Sample.Service service : now.services()) {
            services.add(service(service, servicesBefore, serversBefore, periodSec));
        }
        return new Report(periodSec, services, drops(before, now, periodSec), workers(before, now));
    }

    private static Service service(final Sample.Service service, final Map<Integer, long[]> servicesBefore,
                                   final Map<Integer, long[]> serversBefore, final double periodSec) {
        long active = 0;
        long inactive = 0;
        for (final Sample.Server server : service.servers()) {
            active += server.active();
            inactive += server.inactive();
        }
        final long all = active + inactive;
        final List<Row> rows = new ArrayList<>(service.servers().size());
        for (final Sample.Server server : service.servers()) {
            rows.add(new Row(server.number(), server.name(), server.about(),
                rates(serversBefore.get(server.number()), server.counted(), periodSec), server.active(),
                server.inactive(), all == 0 ? 0 : (double) (server.active() + server.inactive()) / all));
        }
        return new Service(new Row(service.endpoint(), service.name(), service.about(),
            rates(servicesBefore.get(service.endpoint()), service.counted(), periodSec), active, inactive, 1), rows);
    }

    /** What was not there before has no rate yet. */
    private static double[] rates(final long[] before, final long[] now, final double periodSec) {
        final double[] rates = new double[COUNTED];
        for (int i = 0; before != null && i < COUNTED; i++) {
            // Numbers are given again: a smaller count is another one's.
            rates[i] = Math.max(0, now[i] - before[i]) / periodSec;
        }
        return rates;
    }

    private static List<Drop> drops(final Sample before, final Sample now, final double periodSec) {
        final Map<String, Long> earlier = new HashMap<>();
        before.fates().forEach(fate -> earlier.put(fate.group() + " " + fate.word(), fate.count()));
        final List<Drop> drops = new ArrayList<>();
        for (final Fate fate : now.fates()) {
            if (fate.count() > 0 && (fate.group().equals("dropped") || LOST.contains(fate.word()))) {
                final long past = earlier.getOrDefault(fate.group() + " " + fate.word(), 0L);
                drops.add(new Drop(fate.word(), Math.max(0, fate.count() - past) / periodSec,
                    fate.count(), fate.advice()));
            }
        }
        drops.sort((a, b) -> a.rate != b.rate ? Double.compare(b.rate, a.rate) : Long.compare(b.total, a.total));
        return drops;
    }

    private static List<Worker> workers(final Sample before, final Sample now) {
        final double periodNs = Math.max(1, now.atNs() - before.atNs());
        final List<Worker> workers = new ArrayList<>();
        for (int w = 0; w < Math.min(before.loads().size(), now.loads().size()); w++) {
            final Load past = before.loads().get(w);
            final Load load = now.loads().get(w);
            final long batches = load.batches() - past.batches();
            workers.add(new Worker(Math.clamp((load.busyNs() - past.busyNs()) / periodNs, 0, 1),
                batches <= 0 ? 0 : (double) (load.packets() - past.packets()) / batches));
        }
        return workers;
    }
}
