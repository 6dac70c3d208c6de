package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.bpf.DecapProgram;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.DemoServer;
import io.ringmaster.demo.HttpLoad;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.demo.UdpLoad;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.sys.Libc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that traffic needs: the demo network, its servers, real servers that strip tunnel headers, and a running
 * director with no service yet. Closed in the reverse order, whatever happens.
 */
final class Lab implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final DemoNetwork network;
    private RunningDirector director;

    private Lab(final DemoNetwork.Options options) {
        Needs.root();
        network = DemoNetwork.create(options);
        open.push(network);
    }

    /** Network and servers without a director. */
    static Lab withoutDirector(final DemoNetwork.Options options) {
        final Lab lab = new Lab(options);
        try {
            DemoServer.startAll(lab.network).forEach(lab.open::push);
            for (int i = 1; i <= lab.network.realServers(); i++) {
                lab.open.push(lab.network.in(lab.network.realServer(i),
                    () -> DecapProgram.attach(Libc.interfaceIndex(DemoNetwork.ETH0), DemoNetwork.ETH0)));
            }
            return lab;
        } catch (final RuntimeException | Error e) {
            lab.close();
            throw e;
        }
    }

    /** All of it. */
    static Lab with(final DemoNetwork.Options options, final String... directorOptions) {
        final Lab lab = withoutDirector(options);
        try {
            lab.own(RunningDirector.start(lab.network, directorOptions));
            return lab;
        } catch (final RuntimeException | Error e) {
            lab.close();
            throw e;
        }
    }

    /** Takes a director into its care. */
    Lab own(final RunningDirector running) {
        director = running;
        open.push(running);
        return this;
    }

    DemoNetwork network() {
        return network;
    }

    RunningDirector director() {
        return director;
    }

    /** Where the service of a forwarding method is reached. */
    String vip(final ForwardingMethod method) {
        return network.vip(method);
    }

    /** Real servers' port for a method: another than the service's where it can be. */
    static int realPort(final ForwardingMethod method) {
        return method == ForwardingMethod.MASQUERADING ? DemoServer.OTHER_PORT : DemoServer.PORT;
    }

    /** Makes a service on the method's VIP, port 80, with one real server for each weight. */
    void service(final String protocol, final ForwardingMethod method, final String scheduler, final int... weights) {
        final String address = vip(method) + ":" + DemoServer.PORT;
        director.ipvsadm("-A", protocol, address, "-s", scheduler);
        for (int i = 1; i <= weights.length; i++) {
            director.ipvsadm("-a", protocol, address, "-r", network.rip(i) + ":" + realPort(method), method.option(),
                "-w", Integer.toString(weights[i - 1]));
        }
    }

    /**
     * Waits until the client has no connection any more, whether that came to pass: real servers close first, so what a
     * client closed is forgotten when the real server has acknowledged it, and nothing of it is on its way.
     */
    boolean awaitClosed() {
        return RunningDirector.await(() -> network.exec(network.client(), "ss", "-Htan").lines()
            .allMatch(line -> line.startsWith("TIME-WAIT")));
    }

    /** Forgets all services. */
    void clear() {
        director.ipvsadm("-C");
    }

    HttpLoad http(final ForwardingMethod method) {
        return new HttpLoad(network, vip(method), DemoServer.PORT);
    }

    UdpLoad udp(final ForwardingMethod method) {
        return new UdpLoad(network, vip(method), DemoServer.PORT);
    }

    /** Every request was answered, and the real servers' shares are as the weights say, to within a round of them. */
    void assertShared(final LoadResult result, final int requests, final int... weights) {
        assertEquals(requests, result.answered(), () -> result.failures() + "\n" + director.said());
        int sum = 0;
        for (final int weight : weights) {
            sum += weight;
        }
        final Map<String, Integer> expected = new TreeMap<>();
        for (int i = 1; i <= weights.length; i++) {
            // Requests are a multiple of the sum: whole rounds, so every share is exact.
            expected.put("rs" + i, requests / sum * weights[i - 1]);
        }
        assertEquals(0, requests % sum, "whole rounds");
        assertEquals(expected, result.shares());
    }

    /** The director met no defect of its own, which it would tell on its output, and its table keeps its rules. */
    void assertSound() {
        director.assertTableClean();
        assertNoDefectTold();
    }

    /** As {@link #assertSound} for a director that has ended. */
    void assertNoDefectTold() {
        final String said = director.said();
        assertEquals(false, said.contains("Defect") || said.contains("Exception"), said);
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (final Exception e) {
                first = first == null ? new IllegalStateException("closing the lab: " + e, e) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
