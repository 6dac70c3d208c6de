package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import io.ringmaster.demo.Leftovers;
import io.ringmaster.demo.Namespaces;
import io.ringmaster.demo.Namespaces.End;
import java.util.List;

/**
 * Three namespaces in a row, removed by {@link #close}. Any thread may close them.
 * <pre>
 *   generator  out ── front  director  back ── in  sink
 *   10.77.1.2         10.77.1.1, 10.77.2.1         10.77.2.2 = RIP
 * </pre>
 * Every address has its MAC from the start, so nobody asks. The VIP is no address of any of them: no packet of a
 * service can be answered or forwarded by the director's kernel unawares.
 */
public final class Wires implements AutoCloseable {
    /** Service that packets are sent to. */
    public static final String VIP = "10.77.1.100";
    /** Its UDP port. */
    public static final int VPORT = 80;
    /** The real server. */
    public static final String RIP = "10.77.2.2";
    /** UDP port of the real server where the method can translate it. */
    public static final int RPORT = 8080;
    /** Address of the first client; there is room for 2^23 of them. */
    public static final String FIRST_CLIENT = "10.128.0.1";
    /** The generator's interface. */
    public static final String OUT = "out";
    /** The forwarder's interface towards the generator. */
    public static final String FRONT = "front";
    /** The forwarder's interface towards the sink. */
    public static final String BACK = "back";
    /** The sink's interface. */
    public static final String IN = "in";
    static final String FRONT_MAC = "02:00:00:00:01:01";
    static final String BACK_MAC = "02:00:00:00:02:01";
    static final String IN_MAC = "02:00:00:00:02:02";
    private static final String OUT_MAC = "02:00:00:00:01:02";
    private static final int MTU_BYTES = 1500;
    private static final int SERVER_MTU_BYTES = 1600;

    private final String prefix = Namespaces.nextPrefix();
    private boolean closed;

    private Wires() {
    }

    /**
     * Makes them, after what killed runs left is removed; they are known to the clean-up before the first is there, and
     * it waits until the last one is.
     *
     * @throws BenchException if the run is told to end.
     */
    public static Wires make(final Cleanup cleanup) {
        Leftovers.remove();
        final Wires wires = cleanup.add(new Wires());
        synchronized (wires) {
            if (wires.closed) {
                throw new BenchException("Told to end.");
            }
            wires.wire();
        }
        return wires;
    }

    private void wire() {
        for (final String name : List.of(generator(), director(), sink())) {
            Namespaces.add(name);
        }
        // The first end has GRO, and so the NAPI without which a veth takes no XDP frames.
        Namespaces.cable(new End(director(), FRONT, FRONT_MAC), new End(generator(), OUT, OUT_MAC), MTU_BYTES, 1);
        Namespaces.cable(new End(director(), BACK, BACK_MAC), new End(sink(), IN, IN_MAC), SERVER_MTU_BYTES, 1);
        Namespaces.batch(director(),
            "address add 10.77.1.1/24 dev " + FRONT, "address add 10.77.2.1/24 dev " + BACK,
            "neighbour add 10.77.1.2 lladdr " + OUT_MAC + " nud permanent dev " + FRONT,
            "neighbour add " + RIP + " lladdr " + IN_MAC + " nud permanent dev " + BACK,
            "route add 10.128.0.0/9 via 10.77.1.2");
        Namespaces.batch(generator(), "address add 10.77.1.2/24 dev " + OUT,
            "neighbour add 10.77.1.1 lladdr " + FRONT_MAC + " nud permanent dev " + OUT);
    }

    /** The namespace that packets come from. */
    public String generator() {
        return prefix + "generator";
    }

    /** The namespace of the forwarder. */
    public String director() {
        return prefix + "director";
    }

    /** The namespace where packets end. */
    public String sink() {
        return prefix + "sink";
    }

    /** MAC of the forwarder's front. */
    public static long frontMac() {
        return mac(FRONT_MAC);
    }

    /** MAC of the generator. */
    public static long outMac() {
        return mac(OUT_MAC);
    }

    private static long mac(final String text) {
        return Long.parseLong(text.replace(":", ""), 16);
    }

    /** An IPv4 address as an int, its first number the highest. */
    public static int address(final String text) {
        int address = 0;
        for (final String number : text.split("\\.")) {
            address = address << 8 | Integer.parseInt(number);
        }
        return address;
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (final String name : List.of(generator(), director(), sink())) {
            Leftovers.removeNamespace(name);
        }
    }
}
