package io.ringmaster.control;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.NextHop;
import io.ringmaster.service.PortRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The rules that give packets firewall marks, in the order in which they were added, and the filters of the XDP program
 * for those whose mark a service has. Owned by the control thread.
 */
final class Marks {
    private final NextHops nextHops;
    private final List<MarkRule> rules = new ArrayList<>();
    private Set<MarkFilter> filters = Set.of();

    Marks(final NextHops nextHops) {
        this.nextHops = nextHops;
    }

    /** All rules. */
    List<MarkRule> rules() {
        return List.copyOf(rules);
    }

    /** Adds a rule of which nobody has asked whether it is local. */
    void add(final MarkRule rule) {
        if (place(rule) >= 0) {
            throw new RefusedException("There is such a rule already; nothing was changed.");
        }
        final int ranges = rules.stream().mapToInt(other -> other.ports().size()).sum() + rule.ports().size();
        if (ranges > MarkFilter.MOST) {
            throw new RefusedException("All rules together would have " + ranges + " ranges of ports, and "
                + MarkFilter.MOST + " are possible; nothing was changed. Delete rules or give wider ranges.");
        }
        rules.add(rule.withLocal(isLocal(rule)));
    }

    /** Deletes a rule by the words that added it. */
    void delete(final MarkRule rule) {
        final int place = place(rule);
        if (place < 0) {
            throw new RefusedException("There is no such rule; nothing was changed. ringmaster mark list shows all.");
        }
        rules.remove(place);
    }

    private int place(final MarkRule rule) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).withLocal(false).equals(rule)) {
                return i;
            }
        }
        return -1;
    }

    /** Asks again what the host takes as its own; whether that has changed. */
    boolean refresh() {
        final List<MarkRule> now = rules.stream().map(rule -> rule.withLocal(isLocal(rule))).toList();
        final boolean changed = !now.equals(rules);
        Collections.copy(rules, now);
        return changed;
    }

    /** A route of the whole world is no address of this host, although the kernel takes 0.0.0.0 as such. */
    private boolean isLocal(final MarkRule rule) {
        return rule.destination().length() > 0
            && nextHops.to(rule.destination().high(), rule.destination().low()) == NextHop.LOCAL;
    }

    /**
     * Makes the XDP program take the packets of all rules whose mark a service has, and no others: from a version on
     * that all workers know.
     *
     * @param served whether a service has a mark, of IPv6 or not.
     */
    void open(final Openings openings, final long version, final BiPredicate<Integer, Boolean> served) {
        final Set<MarkFilter> wanted = new LinkedHashSet<>();
        for (final MarkRule rule : rules) {
            if (served.test(rule.mark(), rule.ipv6())) {
                rule.ports().forEach(range -> wanted.add(filter(rule, range)));
            }
        }
        wanted.stream().filter(filter -> !filters.contains(filter))
            .forEach(filter -> openings.want(new Openings.Marked(filter), version));
        filters.stream().filter(filter -> !wanted.contains(filter))
            .forEach(filter -> openings.drop(new Openings.Marked(filter)));
        filters = wanted;
    }

    private static MarkFilter filter(final MarkRule rule, final PortRange range) {
        return new MarkFilter(rule.destination().high(), rule.destination().low(), rule.destination().bits(),
            rule.source().high(), rule.source().low(), rule.source().bits(), rule.interfaceIndex(), rule.protocol(),
            range.first(), range.last());
    }
}
