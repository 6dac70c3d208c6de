package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Frames with VLAN tags, made by hand, through a real director: what comes out is looked at by tcpdump. */
class VlanIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int LONGEST_SEC = 60;

    /** What is seen on the switch's side of the director's cable, line by line. */
    private static final class Dump implements AutoCloseable {
        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        Dump(final DemoNetwork network) throws IOException {
            process = new ProcessBuilder(DemoNetwork.insideOf(network.switchboard(), "tcpdump", "-nle",
                "--immediate-mode", "-i", DemoNetwork.FRONT)).redirectErrorStream(true).start();
            Thread.ofVirtual().start(() -> new BufferedReader(new InputStreamReader(process.getInputStream())).lines()
                .forEach(lines::add));
            await("listening on");
        }

        /** The next line in which a text is. */
        String await(final String text) {
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SEC);
            try {
                for (long leftNs = 1; leftNs > 0; leftNs = deadlineNs - System.nanoTime()) {
                    final String line = lines.poll(100, TimeUnit.MILLISECONDS);
                    if (line != null && line.contains(text)) {
                        return line;
                    }
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new AssertionError("tcpdump did not show " + text);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private static byte[] tagged(final String tags, final byte[] frame) {
        final byte[] bytes = HexFormat.of().parseHex(tags);
        return ByteBuffer.allocate(frame.length + bytes.length).put(frame, 0, 12).put(bytes)
            .put(frame, 12, frame.length - 12).array();
    }

    @Test
    void answersComeInTheVlanThatWasAskedIn() throws IOException {
        for (final String mode : List.of("native", "generic")) {
            try (Lab lab = Lab.with(DemoNetwork.Options.defaults(), "--xdp", mode);
                 Dump dump = new Dump(lab.network());
                 RawClient client = RawClient.onTheDirectorsCable(lab.network())) {
                lab.service("-t", NAT, "rr", 1);
                // The real server's neighbour is known then: a segment made by hand is not sent a second time.
                assertEquals(List.of(), lab.http(NAT).get(1, 1, number -> 10).failures());
                client.send(tagged("81000064", client.frames(0, lab.vip(NAT)).tcp(30_001, 80, Tcp.SYN)));
                assertTag(dump, 30_001, "ethertype 802.1Q (0x8100), ", "vlan 100, p 0, ethertype IPv4");
                client.send(tagged("88a8000781006009", client.frames(0, lab.vip(NAT)).tcp(30_002, 80,
                    Tcp.SYN)));
                assertTag(dump, 30_002, "ethertype 802.1Q-QinQ (0x88a8), ", "vlan 7, p 0, ethertype 802.1Q (0x8100), "
                    + "vlan 9, p 0, ethertype IPv4");
                client.send(client.frames(0, lab.vip(NAT)).tcp(30_003, 80, Tcp.SYN));
                assertTag(dump, 30_003, "ethertype IPv4 (0x0800), ", "10.77.1.100.80 >");
                assertEquals(List.of(), lab.http(NAT).get(50, 2, number -> 1000).failures());
                lab.assertSound();
            }
        }
    }

    private static void assertTag(final Dump dump, final int port, final String type, final String tags) {
        final String line = dump.await(".80 > 10.77.1.11." + port + ": Flags [S.]");
        assertTrue(line.contains(type) && line.contains(tags), line);
    }

    @Test
    void otherVlansStayWithTheKernel() throws IOException {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults(), "--vlans", "known");
             RawClient client = RawClient.onTheDirectorsCable(lab.network())) {
            lab.service("-t", NAT, "rr", 1);
            client.send(tagged("81000064", client.frames(0, lab.vip(NAT)).tcp(30_001, 80, Tcp.SYN)));
            assertTrue(RunningDirector.await(() -> ControlClient.ask(lab.director().socket(), List.of("drops"), "")
                .out().lines().anyMatch(line -> line.matches(" *passed-vlan +1 .*"))),
                XdpReason.PASSED_VLAN::word);
            assertEquals("", lab.director().ipvsadm("-Lnc").lines().skip(2).reduce("", String::concat));
        }
    }
}
