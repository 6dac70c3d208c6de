package io.ringmaster.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What each scheduler must choose, by the rules that were found to hold of the kernel and nothing of the code under
 * test: plain numbers, no table is kept between two choices. Real servers stand in the kernel's order, the last one
 * added first; the first of equals wins.
 */
final class SchedulerModel {
    private static final int BUCKETS = 256;
    private static final int GOLDEN_RATIO = 0x61C88647;
    private static final int ENTRIES = 4093;

    private final String scheduler;
    private final Map<String, Server> known = new HashMap<>();
    private final List<Server> list = new ArrayList<>();
    private final Map<Integer, Server> remembered = new HashMap<>();
    /** Of a destination, the one added last first. */
    private final Map<Integer, List<Server>> sets = new HashMap<>();
    private int last = -1;
    private int level;

    /** A real server; its connections stay its own while it is not in the list. */
    static final class Server {
        private final String address;
        private int weight;
        private int lastWeight;
        private int upper;
        private int lower;
        private int active;
        private int inactive;
        private boolean overloaded;

        private Server(final String address) {
            this.address = address;
        }

        String address() {
            return address;
        }

        int weight() {
            return weight;
        }

        private void thresholds(final int newUpper, final int newLower) {
            overloaded &= newUpper != 0 && newUpper <= upper;
            upper = newUpper;
            lower = newLower;
        }

        private boolean usable() {
            return weight > 0 && !overloaded;
        }

        private int load() {
            return active * 256 + inactive;
        }

        void opened() {
            active++;
            overloaded |= upper != 0 && active + inactive >= upper;
        }

        void closed() {
            active--;
            inactive++;
        }

        void ended(final boolean wasActive) {
            active -= wasActive ? 1 : 0;
            inactive -= wasActive ? 0 : 1;
            final int all = active + inactive;
            overloaded &= lower != 0 ? all >= lower : 4 * all >= 3 * upper;
        }
    }

    SchedulerModel(final String scheduler) {
        this.scheduler = scheduler;
    }

    List<Server> list() {
        return list;
    }

    void set(final String address, final int weight, final int upper, final int lower) {
        final Server server = known.computeIfAbsent(address, Server::new);
        if (!list.contains(server)) {
            list.addFirst(server);
            last += last < 0 ? 0 : 1;
            server.lastWeight = 0;
        }
        server.weight = weight;
        server.lastWeight = weight == 0 ? server.lastWeight : weight;
        server.thresholds(upper, lower);
        changed();
    }

    void remove(final String address) {
        final Server gone = known.get(address);
        final int place = list.indexOf(gone);
        list.remove(gone);
        if (scheduler.equals("rr") && place <= last) {
            last--;
        }
        changed();
    }

    /** Of wrr: its level lives on. Of rr: the place of the last choice moves with it. */
    private void changed() {
        if (scheduler.equals("wrr")) {
            last = -1;
            final int step = step();
            final int highest = highest();
            if (level > highest || level == 0) {
                level = highest;
            } else if (step > 1) {
                level = level / step * step + 1;
            }
        }
    }

    private int step() {
        int divisor = 0;
        for (final Server server : list) {
            divisor = greatest(divisor, server.weight);
        }
        return Math.max(1, divisor);
    }

    private static int greatest(final int a, final int b) {
        return b == 0 ? a : greatest(b, a % b);
    }

    private int highest() {
        return list.stream().mapToInt(server -> server.weight).max().orElse(0) - (step() - 1);
    }

    /** The real server of a new connection, or null. */
    Server choose(final int client, final int destination) {
        return switch (scheduler) {
            case "rr" -> turn(Server::usable);
            case "wrr" -> weightedTurn();
            case "lc" -> least(Server::usable, Server::load);
            case "wlc" -> least(Server::usable, SchedulerModel::loadOfWeight);
            case "sed" -> least(Server::usable, SchedulerModel::delay);
            case "nq" -> {
                final Server idle = least(server -> server.usable() && server.active == 0, server -> 0);
                yield idle != null ? idle : least(Server::usable, SchedulerModel::delay);
            }
            case "fo" -> least(Server::usable, server -> -server.weight);
            case "ovf" -> least(server -> server.usable() && server.active <= server.weight, server -> -server.weight);
            case "sh" -> usable(list.isEmpty() ? null : bySource(client * GOLDEN_RATIO >>> 24));
            case "dh" -> usable(list.isEmpty() ? null
                : list.get((destination * GOLDEN_RATIO >>> 24) % list.size()));
            case "mh" -> usable(maglev(client));
            case "lblc" -> local(destination);
            case "lblcr" -> replicated(destination);
            default -> throw new IllegalArgumentException(scheduler);
        };
    }

    private static Server usable(final Server server) {
        return server != null && server.usable() ? server : null;
    }

    private static double delay(final Server server) {
        return (server.active + 1.0) / server.weight;
    }

    private Server least(final Predicate<Server> of, final ToDoubleFunction<Server> what) {
        return least(list, of, what);
    }

    private static Server least(final List<Server> servers, final Predicate<Server> of,
                                final ToDoubleFunction<Server> what) {
        Server best = null;
        for (final Server server : servers) {
            if (of.test(server) && (best == null || what.applyAsDouble(server) < what.applyAsDouble(best))) {
                best = server;
            }
        }
        return best;
    }

    private Server turn(final Predicate<Server> of) {
        for (int i = 1; i <= list.size(); i++) {
            final int place = Math.floorMod(last + i, list.size());
            if (of.test(list.get(place))) {
                last = place;
                return list.get(place);
            }
        }
        return null;
    }

    private Server weightedTurn() {
        if (list.stream().noneMatch(Server::usable)) {
            return null;
        }
        for (;;) {
            while (++last < list.size()) {
                if (list.get(last).usable() && list.get(last).weight >= level) {
                    return list.get(last);
                }
            }
            last = -1;
            level -= step();
            level = level <= 0 ? highest() : level;
        }
    }

    private Server bySource(final int bucket) {
        int place = 0;
        int inRow = 0;
        for (int i = 0; i < bucket % BUCKETS; i++) {
            if (++inRow >= list.get(place).weight) {
                place = (place + 1) % list.size();
                inRow = 0;
            }
        }
        return list.get(place);
    }

    private Server local(final int destination) {
        Server server = remembered.get(destination);
        if (server == null || !list.contains(server) || server.weight == 0 || hasIdlePeer(server)) {
            server = least(Server::usable, SchedulerModel::loadOfWeight);
            if (server != null) {
                remembered.put(destination, server);
            }
        }
        return server;
    }

    /** Whether it has more than its weight says while another has less than half of what that one's says. */
    private boolean hasIdlePeer(final Server server) {
        return server.active > server.weight && list.stream().anyMatch(each -> 2 * each.active < each.weight);
    }

    private static double loadOfWeight(final Server server) {
        return (double) server.load() / server.weight;
    }

    /** A set is never cleaned up here: that takes a day. */
    private Server replicated(final int destination) {
        final List<Server> set = sets.computeIfAbsent(destination, unknown -> new ArrayList<>());
        final Server known = least(set, server -> server.usable() && list.contains(server),
            SchedulerModel::loadOfWeight);
        if (known != null && !hasIdlePeer(known)) {
            return known;
        }
        final Server server = least(Server::usable, SchedulerModel::loadOfWeight);
        if (server != null && !set.contains(server)) {
            set.addFirst(server);
        }
        return server;
    }

    /**
     * How probable each choice of twos is (ip_vs_twos.c): two are drawn, each by a number from 0 to the sum of all
     * weights, inclusive, so that the first has one chance more; the second one drawn counts if it carries less for its
     * weight. Empty if there is none to be chosen.
     */
    Map<Server, Double> chances() {
        final List<Server> usable = list.stream().filter(Server::usable).toList();
        final double all = 1 + usable.stream().mapToInt(Server::weight).sum();
        final Map<Server, Double> chances = new HashMap<>();
        for (final Server first : usable) {
            for (final Server second : usable) {
                final boolean less = second.weight * first.load() > first.weight * second.load();
                chances.merge(less ? second : first, drawn(usable, first) / all * (drawn(usable, second) / all),
                    Double::sum);
            }
        }
        return chances;
    }

    private static int drawn(final List<Server> usable, final Server server) {
        return server.weight + (server == usable.getFirst() ? 1 : 0);
    }

    /** The real server of this address. */
    Server server(final String address) {
        return known.get(address);
    }

    private Server maglev(final int client) {
        final int divisor = list.stream().mapToInt(server -> server.lastWeight).reduce(0, SchedulerModel::greatest);
        if (divisor == 0) {
            return null;
        }
        int shift = 0;
        while (list.stream().mapToInt(server -> server.lastWeight).max().orElse(0) / divisor >> shift > 63) {
            shift++;
        }
        final Server[] entries = new Server[ENTRIES];
        final long[] position = new long[list.size()];
        for (int filled = 0, place = 0; filled < ENTRIES; place = (place + 1) % list.size()) {
            final Server server = list.get(place);
            final int key = SmallSipHash.ip(server.address) + 80;
            final long offset = SmallSipHash.of(key, 2_654_435_761L) % ENTRIES;
            final long skip = SmallSipHash.of(key, 2_654_446_892L) % (ENTRIES - 1) + 1;
            final int turns = server.lastWeight == 0 ? 0 : Math.max(1, server.lastWeight / divisor >> shift);
            for (int turn = 0; turn < turns && filled < ENTRIES; turn++, filled++) {
                while (entries[(int) ((offset + position[place] * skip) % ENTRIES)] != null) {
                    position[place]++;
                }
                entries[(int) ((offset + position[place] * skip) % ENTRIES)] = server;
            }
        }
        return entries[(int) (SmallSipHash.of(client, 2_654_435_761L) % ENTRIES)];
    }
}
