package io.ringmaster.service;

import java.util.List;

/**
 * Finds the virtual service of a packet by the rules that give marks. Several rules can be true of a packet; the last
 * one counts, as the last of netfilter's MARK targets does. Rules whose mark no service has do not count. Immutable;
 * made by the control thread, read by workers.
 */
final class MarkMatcher {
    private static final int IPV6_BITS = 128;

    private final MarkRule[] rules;
    /** Place in the view of the service of each rule's mark. */
    private final int[] slots;

    /**
     * A matcher.
     *
     * @param rules in the order in which they were added.
     * @param slots the place of each rule's service, negative where there is none.
     */
    MarkMatcher(final List<MarkRule> rules, final int[] slots) {
        this.rules = rules.toArray(MarkRule[]::new);
        this.slots = slots;
    }

    /** All rules in order. */
    List<MarkRule> rules() {
        return List.of(rules);
    }

    /**
     * The place of the service of a packet, or -1.
     *
     * @param interfaceIndex the kernel's number of the interface by which it came, or
     *                       {@link MarkRule#ANY_INTERFACE} for one that is not known.
     */
    int slot(final int protocol, final long sourceHigh, final long sourceLow, final long high, final long low,
             final int port, final int interfaceIndex) {
        final int place = place(protocol, sourceHigh, sourceLow, high, low, port, interfaceIndex);
        return place < 0 ? -1 : slots[place];
    }

    /** Whether the rule that counts for a packet is one of the host's own addresses; see {@link #slot}. */
    boolean local(final int protocol, final long sourceHigh, final long sourceLow, final long high, final long low,
                  final int port, final int interfaceIndex) {
        final int place = place(protocol, sourceHigh, sourceLow, high, low, port, interfaceIndex);
        return place >= 0 && rules[place].local();
    }

    /** Whether any rule that counts is about an address that the host answers from; of IPv6 a single one. */
    boolean isLocal(final long high, final long low) {
        for (int i = 0; i < rules.length; i++) {
            if (slots[i] >= 0 && rules[i].local() && rules[i].destination().contains(high, low)
                && (!rules[i].ipv6() || rules[i].destination().bits() == IPV6_BITS)) {
                return true;
            }
        }
        return false;
    }

    private int place(final int protocol, final long sourceHigh, final long sourceLow, final long high,
                      final long low, final int port, final int interfaceIndex) {
        for (int i = rules.length - 1; i >= 0; i--) {
            final MarkRule rule = rules[i];
            if (slots[i] >= 0 && (rule.protocol() == MarkRule.ANY_PROTOCOL || rule.protocol() == protocol)
                && rule.destination().contains(high, low) && rule.source().contains(sourceHigh, sourceLow)
                && isOf(rule, interfaceIndex) && rule.takesPort(port)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isOf(final MarkRule rule, final int interfaceIndex) {
        return rule.interfaceIndex() == MarkRule.ANY_INTERFACE || interfaceIndex == MarkRule.ANY_INTERFACE
            || rule.interfaceIndex() == interfaceIndex;
    }
}
