package io.ringmaster.demo;

import io.ringmaster.netlink.Ethtool;
import io.ringmaster.netlink.RouteNetlink;
import io.ringmaster.sys.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes network namespaces and the cables between them, for demonstrations, tests and measurements. Any thread; names
 * tell the process that made them, so that {@link Leftovers} finds those of dead ones.
 */
public final class Namespaces {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOOK_NS = 1_000_000;

    private Namespaces() {
    }

    /**
     * One end of a cable.
     *
     * @param namespace     where it is.
     * @param interfaceName its name there.
     * @param mac           its address as {@code ip} takes it; empty for any.
     */
    public record End(String namespace, String interfaceName, String mac) {
        private String words(final String shape) {
            return "name " + interfaceName + (mac.isEmpty() ? "" : " address " + mac) + shape;
        }
    }

    /** The beginning of the names of one more network of this process. */
    public static String nextPrefix() {
        return Leftovers.prefix(NUMBER.incrementAndGet());
    }

    /** Makes a namespace; it takes its IPv4 settings from the host, so all that matter are set. */
    public static void add(final String name) {
        Commands.run("ip", "netns", "add", name);
        inside(name, () -> {
            set("ipv4/ip_forward", 0);
            for (final String group : List.of("all", "default")) {
                set("ipv4/conf/" + group + "/rp_filter", 0);
                set("ipv4/conf/" + group + "/send_redirects", 0);
                set("ipv4/conf/" + group + "/accept_redirects", 0);
                set("ipv4/conf/" + group + "/arp_ignore", 0);
                set("ipv4/conf/" + group + "/arp_announce", 0);
                if (Files.exists(Path.of("/proc/sys/net/ipv6"))) {
                    set("ipv6/conf/" + group + "/disable_ipv6", 1);
                }
            }
        });
        batch(name, "link set lo up");
    }

    /** Lays a veth between two namespaces, with as many queues each way at both ends, which take packets then. */
    public static void cable(final End first, final End second, final int mtuBytes, final int queues) {
        final String shape = " mtu " + mtuBytes + " numtxqueues " + queues + " numrxqueues " + queues;
        Commands.run(List.of("ip", "-batch", "-"), "link add " + first.words(shape) + " netns " + first.namespace
            + " type veth peer " + second.words(shape) + " netns " + second.namespace + "\n");
        inside(first.namespace, () -> {
            // Unfinished checksums are of no use to a director; GRO gives the veth its NAPI, if it is on before "up".
            Ethtool.setTxChecksum(first.interfaceName, false);
            Ethtool.setGro(first.interfaceName, true);
        });
        inside(second.namespace, () -> Ethtool.setTxChecksum(second.interfaceName, false));
        batch(first.namespace, "link set " + first.interfaceName + " up");
        batch(second.namespace, "link set " + second.interfaceName + " up");
        awaitRunning(first.namespace, first.interfaceName);
        awaitRunning(second.namespace, second.interfaceName);
    }

    /**
     * Waits until an interface that was set up takes packets: the kernel sees a moment later that its cable is plugged
     * in at the other end, and throws away what is sent before.
     */
    public static void awaitRunning(final String namespace, final String interfaceName) {
        final long startNs = System.nanoTime();
        inside(namespace, () -> {
            try (RouteNetlink netlink = RouteNetlink.open()) {
                while (!netlink.link(interfaceName).running()) {
                    if (System.nanoTime() - startNs > LONGEST_NS) {
                        throw new DemoException("Interface " + interfaceName + " of network namespace " + namespace
                            + " has had no carrier for a minute.");
                    }
                    LockSupport.parkNanos(LOOK_NS);
                }
            }
        });
    }

    /** Runs commands of {@code ip} inside a namespace. */
    public static void batch(final String namespace, final String... lines) {
        Commands.run(List.of("ip", "-netns", namespace, "-batch", "-"), String.join("\n", lines) + "\n");
    }

    /** Work of this thread inside a namespace. */
    public static void inside(final String namespace, final Runnable work) {
        NetworkNamespace.run(namespace, work);
    }

    /** Sets one value below /proc/sys/net, which shows the settings of the calling thread's network namespace. */
    public static void set(final String key, final int value) {
        final Path path = Path.of("/proc/sys/net", key);
        try {
            Files.writeString(path, Integer.toString(value));
        } catch (final IOException e) {
            throw new DemoException("Could not write " + value + " to " + path + ": " + e.getMessage()
                + ". This needs root.", e);
        }
    }
}
