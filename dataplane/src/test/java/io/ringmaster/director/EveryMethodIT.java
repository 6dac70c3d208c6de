package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ordinary clients and servers through each forwarding method: nothing lost, bodies right, shares exactly as the
 * scheduler says, replies from the VIP only.
 */
class EveryMethodIT {
    private static final int REQUESTS = Full.RUN ? 10_002 : 1_002;
    private static final int PARALLEL = 64;
    private static final int LARGEST_BYTES = 10_000_000;
    private static final int LONGEST_DATAGRAM_BYTES = 1_472;
    private static final int[] SIZES = {1, 2, 100, 1_447, 1_448, 1_449, 10_000, 65_536};
    private static Lab lab;
    private static WireTap tap;

    @BeforeAll
    static void start() {
        lab = Lab.with(DemoNetwork.Options.defaults());
        // What the client must never see: a reset, or a reply from anything but a VIP.
        tap = new WireTap(lab.network(), List.of("client"), frame -> !frame.fromHost()
            && (frame.isReset() || !frame.source().startsWith("10.77.1.10")));
    }

    @AfterAll
    static void stop() {
        try {
            if (tap != null) {
                final List<WireTap.Frame> strange = tap.kept();
                tap.close();
                System.out.println("The client was sent " + tap.seen() + " packets; the tap missed " + tap.lost());
                assertEquals(List.of(), strange);
            }
        } finally {
            if (lab != null) {
                lab.close();
            }
        }
    }

    @AfterEach
    void sound() {
        lab.assertSound();
        // The last FINs of clients are on their way: without their service the kernel would answer them with RST.
        assertTrue(lab.awaitClosed(), "connections are closed by both ends");
        lab.clear();
    }

    @ParameterizedTest
    @EnumSource(names = {"MASQUERADING", "DIRECT_ROUTING", "TUNNELING"})
    void roundRobin(final ForwardingMethod method) {
        lab.service("-t", method, "rr", 1, 1, 1);
        load(method, "rr, one by one", 1, 1, 1, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"MASQUERADING", "DIRECT_ROUTING", "TUNNELING"})
    void weightedRoundRobin(final ForwardingMethod method) {
        lab.service("-t", method, "wrr", 3, 2, 1);
        load(method, "wrr, 64 at a time", PARALLEL, 3, 2, 1);
    }

    private static void load(final ForwardingMethod method, final String what, final int parallel,
                             final int... weights) {
        final IntUnaryOperator size = number -> SIZES[number % SIZES.length];
        final LoadResult result = lab.http(method).get(REQUESTS, parallel, size);
        Full.tell(method + " " + what, result);
        lab.assertShared(result, REQUESTS, weights);
        // In multiples of a round, so that the next rounds begin where a round begins.
        final LoadResult large = lab.http(method).get(6, Math.min(parallel, 6), number -> LARGEST_BYTES);
        Full.tell(method + " 10 MB, " + what, large);
        lab.assertShared(large, 6, weights);
        final LoadResult uploads = lab.http(method).post(6, Math.min(parallel, 6), number -> 200_000 * number + 1);
        lab.assertShared(uploads, 6, weights);
    }

    @ParameterizedTest
    @EnumSource(names = {"MASQUERADING", "DIRECT_ROUTING", "TUNNELING"})
    void datagramsOfEverySize(final ForwardingMethod method) {
        lab.service("-u", method, "rr", 1, 1);
        final LoadResult result = lab.udp(method).echo(LONGEST_DATAGRAM_BYTES, 4, number -> number + 1);
        Full.tell(method + " UDP echo of 1 to 1472 bytes", result);
        lab.assertShared(result, LONGEST_DATAGRAM_BYTES, 1, 1);
        assertTrue(lab.director().ipvsadm("-Lnc").contains("UDP"));
    }
}
