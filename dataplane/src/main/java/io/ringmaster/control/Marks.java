package io.ringmaster.control;

import io.ringmaster.bpf.MarkFilter;
import io.ringmaster.service.MarkRule;
import io.ringmaster.service.PortRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The rules that give packets firewall marks, in the order in which they were added, and the filters of the XDP program
 * for those whose mark a service has. Owned by the control thread.
 */
final class Marks {
    private final List<MarkRule> rules = new ArrayList<>();
    private Set<MarkFilter> filters = Set.of();

    /** All rules. */
    List<MarkRule> rules() {
        return List.copyOf(rules);
    }

    void add(final MarkRule rule) {
        if (rules.contains(rule)) {
            throw new RefusedException("There is such a rule already; nothing was changed.");
        }
        final int ranges = rules.stream().mapToInt(other -> other.ports().size()).sum() + rule.ports().size();
        if (ranges > MarkFilter.MOST) {
            throw new RefusedException("All rules together would have " + ranges + " ranges of ports, and "
                + MarkFilter.MOST + " are possible; nothing was changed. Delete rules or give wider ranges.");
        }
        rules.add(rule);
    }

    void delete(final MarkRule rule) {
        if (!rules.remove(rule)) {
            throw new RefusedException("There is no such rule; nothing was changed. ringmaster mark list shows all.");
        }
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
