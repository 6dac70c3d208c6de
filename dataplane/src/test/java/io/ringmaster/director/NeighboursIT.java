package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.DemoServer;
import io.ringmaster.demo.HttpLoad;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real servers come, go and change behind their addresses: the kernel's neighbour table is followed. */
class NeighboursIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final ForwardingMethod DR = ForwardingMethod.DIRECT_ROUTING;

    @Test
    void aChangedMacIsFollowed() {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults())) {
            hurry(lab);
            for (final ForwardingMethod method : List.of(NAT, DR)) {
                lab.service("-t", method, "rr", 1);
                assertEquals(List.of(), lab.http(method).get(10, 1, number -> 10).failures());
            }
            lab.network().exec(lab.network().realServer(1), "ip", "link", "set", DemoNetwork.ETH0, "address",
                "02:00:00:00:02:91");
            final long startNs = System.nanoTime();
            for (final ForwardingMethod method : List.of(NAT, DR)) {
                assertTrue(RunningDirector.await(() -> connects(lab, lab.vip(method))),
                    lab.director()::said);
            }
            System.out.println("A real server's new MAC was followed after "
                + (System.nanoTime() - startNs) / 1_000_000 + " ms");
            assertEquals(List.of(), lab.http(NAT).get(50, 1, number -> 1000).failures());
            assertEquals(List.of(), lab.http(DR).get(50, 1, number -> 1000).failures());
            lab.assertSound();
        }
    }

    @Test
    void aRealServerThatVanishesIsToldOfAndTakenBack() {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults())) {
            hurry(lab);
            lab.service("-t", NAT, "rr", 1, 1, 1);
            final String other = lab.vip(NAT) + ":81";
            lab.director().ipvsadm("-A", "-t", other, "-s", "rr");
            lab.director().ipvsadm("-a", "-t", other, "-r", lab.network().rip(1) + ":80", "-m");
            lab.director().ipvsadm("-a", "-t", other, "-r", lab.network().rip(3) + ":80", "-m");
            assertEquals(List.of(), lab.http(NAT).get(30, 1, number -> 10).failures());

            lab.network().exec(lab.network().switchboard(), "ip", "link", "set", "rs2", "down");
            final String rip = lab.network().rip(2);
            awaitLastTold(lab, rip, "does not answer");
            final HttpLoad rest = new HttpLoad(lab.network(), lab.vip(NAT), DemoServer.PORT + 1);
            assertEquals(List.of(), rest.get(200, 8, number -> 1_000).failures(), lab.director()::said);

            lab.network().exec(lab.network().switchboard(), "ip", "link", "set", "rs2", "up");
            awaitLastTold(lab, rip, "is reachable");
            assertEquals(List.of(), lab.http(NAT).get(30, 1, number -> 10).failures(), lab.director()::said);
            assertEquals(List.of(), rest.get(200, 8, number -> 1_000).failures());
            lab.assertSound();
        }
    }

    /** What was told of the real server before, at the start above all, is not what is waited for. */
    private static void awaitLastTold(final Lab lab, final String rip, final String words) {
        assertTrue(RunningDirector.await(() -> lab.director().said().lines().filter(line -> line.startsWith(rip + " "))
            .reduce("", (before, line) -> line).startsWith(rip + " " + words)), lab.director()::said);
    }

    /** The kernel looks after its neighbours every half minute; the tests have less time. */
    private static void hurry(final Lab lab) {
        lab.network().exec(lab.network().director(), "sh", "-c", "cd /proc/sys/net/ipv4/neigh/back"
            + " && echo 500 > base_reachable_time_ms && echo 1 > delay_first_probe_time"
            + " && { test ! -e interval_probe_time_ms || echo 1000 > interval_probe_time_ms; }");
    }

    private static boolean connects(final Lab lab, final String vip) {
        return lab.network().in(lab.network().client(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(vip, 80), 300);
                return true;
            } catch (final IOException e) {
                return false;
            }
        });
    }
}
