package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changing the rules does not hurt a connection that has nothing to do with the change, nor one that has. */
class RuleChangesIT {
    private static final int SECONDS = Full.RUN ? 30 : 8;
    private static final int CHANGES = 100;
    private static final int PORT = 9_000;
    /** What TCP waits at last after losing the same segment five times: a machine that is only busy takes less. */
    private static final int LONGEST_GAP_MS = 6_000;
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final ForwardingMethod DR = ForwardingMethod.DIRECT_ROUTING;
    private int requests;
    private int failed;

    @Test
    void aDownloadGoesOnWhileAHundredServicesComeAndGo() throws Exception {
        try (Lab lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
             WireTap tap = new WireTap(lab.network(), List.of("client", DemoNetwork.FRONT, DemoNetwork.BACK, "rs1",
                 "rs2", "rs3"), RuleChangesIT::isReset)) {
            lab.own(RunningDirector.start(lab.network()));
            lab.service("-t", DR, "rr", 1, 1, 1);
            final String service = lab.vip(NAT) + ":" + PORT;
            lab.director().ipvsadm("-A", "-t", service, "-s", "wlc");
            lab.director().ipvsadm("-a", "-t", service, "-r", lab.network().rip(1) + ":" + PORT, "-m", "-w", "1");
            try (LongDownload download = LongDownload.start(lab.network(), 1, PORT,
                new InetSocketAddress(lab.vip(NAT), PORT), SECONDS)) {
                final long startNs = System.nanoTime();
                for (int i = 0; i < CHANGES; i++) {
                    // The last tenth of the time is for what changes may have left behind.
                    sleepUntil(startNs + SECONDS * 900_000_000L / CHANGES * i);
                    change(lab, i, service);
                    request(lab);
                }
                final LongDownload.Result result = download.await(SECONDS + 60);
                System.out.println("Download of " + SECONDS + " s during " + 5 * CHANGES + " commands: "
                    + (result.bytes() >> 20) / SECONDS + " MiB/s, longest gap " + result.longestGapMs() + " ms; "
                    + requests + " requests beside it, packets seen " + tap.seen());
                assertTrue(result.longestGapMs() < LONGEST_GAP_MS, result::toString);
            }
            assertEquals(0, failed);
            assertEquals(List.of(), tap.kept(), () -> "resets on the wire\n" + lab.director().said());
            lab.assertSound();
        }
    }

    @Test
    void aDownloadGoesOnWhileAllRulesAreRestored() throws Exception {
        try (Lab lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
             WireTap tap = new WireTap(lab.network(), List.of("client", DemoNetwork.FRONT, DemoNetwork.BACK, "rs1"),
                 RuleChangesIT::isReset)) {
            lab.own(RunningDirector.start(lab.network()));
            final StringBuilder rules = new StringBuilder();
            final String service = lab.vip(NAT) + ":" + PORT;
            rules.append("-A -t " + service + " -s wlc\n-a -t " + service + " -r " + lab.network().rip(1) + ":" + PORT
                + " -m -w 1\n");
            for (int i = 0; i < 200; i++) {
                rules.append("-A -t " + lab.vip(DR) + ":" + (20_000 + i) + " -s rr\n");
            }
            restore(lab, rules.toString());
            try (LongDownload download = LongDownload.start(lab.network(), 1, PORT,
                new InetSocketAddress(lab.vip(NAT), PORT), SECONDS)) {
                final long startNs = System.nanoTime();
                for (int i = 0; i < 20; i++) {
                    sleepUntil(startNs + SECONDS * 900_000_000L / 20 * i);
                    restore(lab, rules.toString());
                }
                final LongDownload.Result result = download.await(SECONDS + 60);
                assertTrue(result.longestGapMs() < LONGEST_GAP_MS, result::toString);
            }
            assertEquals(List.of(), tap.kept(), () -> "resets on the wire\n" + lab.director().said());
            lab.assertSound();
        }
    }

    private static void restore(final Lab lab, final String rules) {
        final Reply reply = ControlClient.ask(lab.director().socket(), List.of("ipvsadm-restore"), rules);
        assertEquals(0, reply.exit(), reply::toString);
    }

    /** A service made and deleted, and the weight edited of the real server that the download comes from. */
    private static void change(final Lab lab, final int number, final String service) {
        final String other = lab.vip(NAT) + ":" + (20_000 + number);
        final String protocol = number % 2 == 0 ? "-t" : "-u";
        final RunningDirector director = lab.director();
        director.ipvsadm("-A", protocol, other, "-s", "rr");
        director.ipvsadm("-a", protocol, other, "-r", lab.network().rip(1 + number % 3) + ":80", "-m");
        // Weight 0 at every fifth: the connection is to live on without new ones.
        director.ipvsadm("-e", "-t", service, "-r", lab.network().rip(1) + ":" + PORT, "-m", "-w",
            Integer.toString(number % 5));
        director.ipvsadm("-e", "-t", lab.vip(DR) + ":80", "-r", lab.network().rip(2) + ":80", "-g", "-w",
            Integer.toString(1 + number % 3));
        director.ipvsadm("-D", protocol, other);
    }

    /** A client may reset: when a segment that was sent twice comes to a socket that is closed. Nobody else may. */
    private static boolean isReset(final WireTap.Frame frame) {
        return frame.isReset() && !frame.source().matches("10\\.77\\.1\\.[1-5][0-9]");
    }

    private void request(final Lab lab) {
        final LoadResult result = lab.http(DR).get(3, 3, number -> 2_000);
        requests += result.sent();
        failed += result.failures().size();
    }

    private static void sleepUntil(final long timeNs) throws InterruptedException {
        final long leftNs = timeNs - System.nanoTime();
        if (leftNs > 0) {
            Thread.sleep(leftNs / 1_000_000);
        }
    }
}
