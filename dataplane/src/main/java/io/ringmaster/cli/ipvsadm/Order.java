package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.HostAddress;
import io.ringmaster.control.RealServer;
import io.ringmaster.control.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The order of ipvsadm's listings: mark, family, protocol, address, port; real servers by address and port. ipvsadm
 * subtracts 32-bit words and looks at the sign, so that words more than 2^31 apart come the other way round and the
 * order is not even transitive; hence a merge sort of its own, as the C library's, which does not mind.
 */
final class Order {
    private Order() {
    }

    /** Services in listing order. */
    static List<VirtualService> services(final Collection<VirtualService> services) {
        return sorted(new ArrayList<>(services), (a, b) -> {
            int difference = a.id().mark() - b.id().mark();
            difference = difference != 0 ? difference
                : Boolean.compare(a.id().address().ipv6(), b.id().address().ipv6());
            difference = difference != 0 ? difference : a.id().protocol() - b.id().protocol();
            difference = difference != 0 ? difference : compare(a.id().address(), b.id().address());
            return difference != 0 ? difference : a.id().port() - b.id().port();
        });
    }

    /** Real servers in listing order. */
    static List<RealServer> servers(final Collection<RealServer> servers) {
        return sorted(new ArrayList<>(servers), (a, b) -> {
            final int difference = compare(a.id().address(), b.id().address());
            return difference != 0 ? difference : a.id().port() - b.id().port();
        });
    }

    private static int compare(final HostAddress a, final HostAddress b) {
        int difference = word(a, 0) - word(b, 0);
        for (int i = 1; i < 4 && difference == 0 && a.ipv6(); i++) {
            difference = word(a, i) - word(b, i);
        }
        return difference;
    }

    private static int word(final HostAddress address, final int index) {
        if (!address.ipv6()) {
            return index == 0 ? address.ipv4() : 0;
        }
        final long half = index < 2 ? address.high() : address.low();
        return (int) (index % 2 == 0 ? half >>> 32 : half);
    }

    private static <T> List<T> sorted(final List<T> list, final Comparator<T> order) {
        if (list.size() < 2) {
            return list;
        }
        final int half = list.size() / 2;
        final List<T> left = sorted(list.subList(0, half), order);
        final List<T> right = sorted(list.subList(half, list.size()), order);
        final List<T> merged = new ArrayList<>(list.size());
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            merged.add(order.compare(left.get(i), right.get(j)) <= 0 ? left.get(i++) : right.get(j++));
        }
        merged.addAll(left.subList(i, left.size()));
        merged.addAll(right.subList(j, right.size()));
        return merged;
    }
}
