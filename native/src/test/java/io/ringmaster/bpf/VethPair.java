package io.ringmaster.bpf;

import io.ringmaster.sys.Libc;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Two hosts and a cable: "here" (10.7.0.1, interface v0), where programs run, and "there" (10.7.0.2, interface v1),
 * each a namespace. They know each other's MAC, so no ARP is needed, and IPv6 is off.
 */
final class VethPair implements AutoCloseable {
    static final long HERE_MAC = 0x02_00_00_00_07_01L;
    static final long THERE_MAC = 0x02_00_00_00_07_02L;
    static final String HERE = "10.7.0.1";
    static final String THERE = "10.7.0.2";
    private final TestNamespace here = TestNamespace.make();
    private final TestNamespace there = TestNamespace.make();
    private final int index;

    VethPair() {
        sysctl(here, "ipv6/conf/all/disable_ipv6", "1");
        sysctl(there, "ipv6/conf/all/disable_ipv6", "1");
        for (final String kind : new String[]{"all", "default"}) {
            sysctl(here, "ipv4/conf/" + kind + "/rp_filter", "0");
            sysctl(here, "ipv4/conf/" + kind + "/forwarding", "0");
        }
        here.ip("link add v0 address 02:00:00:00:07:01 numrxqueues 2 numtxqueues 2 type veth"
            + " peer name v1 address 02:00:00:00:07:02 numrxqueues 2 numtxqueues 2 netns " + there.name());
        here.ip("address add " + HERE + "/24 dev v0");
        there.ip("address add " + THERE + "/24 dev v1");
        here.ip("link set lo up");
        here.ip("link set v0 up");
        there.ip("link set v1 up");
        here.awaitRunning("v0");
        there.awaitRunning("v1");
        here.ip("neighbour replace " + THERE + " lladdr 02:00:00:00:07:02 dev v0 nud permanent");
        there.ip("neighbour replace " + HERE + " lladdr 02:00:00:00:07:01 dev v1 nud permanent");
        index = NetworkNamespace.call(here.name(), () -> Libc.interfaceIndex("v0"));
    }

    /** Sets a network setting of the namespace. */
    static void sysctl(final TestNamespace space, final String key, final String value) {
        NetworkNamespace.run(space.name(), () -> {
            try {
                Files.writeString(Path.of("/proc/sys/net", key), value);
            } catch (final IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Lets "here" forward packets, or not. */
    void forwarding(final boolean on) {
        sysctl(here, "ipv4/conf/v0/forwarding", on ? "1" : "0");
    }

    /** Index of v0 in "here". */
    int index() {
        return index;
    }

    TestNamespace hereSpace() {
        return here;
    }

    <T, E extends Exception> T here(final NetworkNamespace.Work<T, E> work) throws E {
        return NetworkNamespace.call(here.name(), work);
    }

    <T, E extends Exception> T there(final NetworkNamespace.Work<T, E> work) throws E {
        return NetworkNamespace.call(there.name(), work);
    }

    @Override
    public void close() {
        there.close();
        here.close();
    }
}
