package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.CLIENT;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.capture.Capture;
import io.ringmaster.capture.CaptureFilter;
import io.ringmaster.capture.CaptureFilter.Extent;
import io.ringmaster.capture.CaptureFilter.Headers;
import io.ringmaster.capture.Captures;
import io.ringmaster.capture.Endpoint;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.AddressPrefix;
import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What captures of a worker's packets hold. */
class CaptureTest {
    private static final String NAT = " 10.1.0.100:80 10.2.0.11:80/0 ";
    private static final String IN = "0100fe>000001 ttl=64 len=40 tcp 10.9.1.1:4000>10.1.0.100:80";
    private static final String OUT = "000001>02000b ttl=63 len=40 tcp 10.9.1.1:4000>10.2.0.11:80";
    private static final String OTHER = "10.9.1.2:4000";

    private static CaptureFilter headers(final Headers headers) {
        return new CaptureFilter(headers, List.of(), List.of(), Set.of(), Extent.ALL);
    }

    private static Headers client(final String address, final int port) {
        return new Headers(new AddressPrefix(Addresses.IPV4_HIGH, Addresses.ipv4Low(Frames.ip(address)), 128), port, 0,
            CaptureFilter.ANY_PORT);
    }

    private static Endpoint endpoint(final String address, final int port) {
        return new Endpoint(Addresses.IPV4_HIGH, Addresses.ipv4Low(Frames.ip(address)), port, 0, 0);
    }

    private static CaptureFilter extent(final boolean before, final boolean after, final int snapBytes,
                                        final int sample) {
        return new CaptureFilter(Headers.ANY, List.of(), List.of(), Set.of(),
            new Extent(before, after, snapBytes, sample));
    }

    private static CaptureFilter drops(final Counter... reasons) {
        return new CaptureFilter(Headers.ANY, List.of(), List.of(), Set.of(reasons), Extent.ALL);
    }

    @Test
    void aPacketBeforeAndAfterWithItsServiceAndRealServer() {
        try (Story story = Story.of("-m");
             CapturedPackets captured = new CapturedPackets(story.director, CaptureFilter.everything())) {
            final byte[] in = fromClient(SYN, 100);
            final List<TestDirector.Sent> sent = story.director.send(0, in);
            assertEquals(List.of("1 BEFORE port0" + NAT + "SENT_TO_REAL_SERVER " + IN.replace("40 ", "140 "),
                "1 AFTER port0" + NAT + "SENT_TO_REAL_SERVER " + OUT.replace("40 ", "140 ")), captured.take());
            assertArrayEquals(in, captured.frames.get(0));
            assertArrayEquals(sent.getFirst().frame(), captured.frames.get(1));
            story.director.send(0, fromServer(SYN | ACK));
            assertEquals(List.of("2 BEFORE port0" + NAT + "SENT_TO_CLIENT "
                + "02000b>000001 ttl=64 len=40 tcp 10.2.0.11:80>10.9.1.1:4000",
                "2 AFTER port0" + NAT + "SENT_TO_CLIENT "
                + "000001>0100fe ttl=63 len=40 tcp 10.1.0.100:80>10.9.1.1:4000"), captured.take());
        }
    }

    @Test
    void whatIsDroppedOrAnsweredOrHandedBackHasItsReason() {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-A -t 10.1.0.100:81 -s rr",
            "-a -t 10.1.0.100:81 -r 10.2.0.11:81 -m");
             CapturedPackets captured = new CapturedPackets(story.director, CaptureFilter.everything())) {
            story.director.send(0, Frames.tcp(CLIENT_ROUTER, MAC_0, "127.0.0.1:4000", VIP, SYN, 0));
            story.director.send(0, fromClient(SYN));
            story.director.send(0, Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT, "10.1.0.100:81", ACK, 0));
            assertEquals(List.of(
                "1 BEFORE port0 none none DROP_MARTIAN_SOURCE "
                    + "0100fe>000001 ttl=64 len=40 tcp 127.0.0.1:4000>10.1.0.100:80",
                "2 BEFORE port0 10.1.0.100:80 none SENT_ICMP_ERROR " + IN,
                "2 AFTER port0 10.1.0.100:80 none SENT_ICMP_ERROR "
                    + "000001>0100fe ttl=64 len=68 icmp 3/3 mtu=0 10.1.0.100>10.9.1.1",
                "3 BEFORE port0 10.1.0.100:81 none BACK_NO_CONNECTION " + IN.replace(":80", ":81")), captured.take());
        }
    }

    @Test
    void whatTheDirectorsOwnRealServerGetsIsShownAsTheKernelGotIt() {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r 10.2.0.1:8080 -m");
             CapturedPackets captured = new CapturedPackets(story.director, CaptureFilter.everything())) {
            story.director.send(0, fromClient(SYN));
            final List<String> lines = captured.take();
            assertEquals(2, lines.size(), lines::toString);
            assertTrue(lines.get(1).startsWith("1 TO_KERNEL port0 10.1.0.100:80 10.2.0.1:8080/"), lines::toString);
            assertArrayEquals(story.director.handedBack.getLast(), captured.frames.get(1));
        }
    }

    @Test
    void onlyPacketsOfAClientAndErrorsAboutThem() {
        try (Story story = Story.of("-m");
             CapturedPackets one = new CapturedPackets(story.director, headers(client("10.9.1.1", 4000)));
             CapturedPackets none = new CapturedPackets(story.director, headers(client("10.9.1.1", 4001)))) {
            story.director.arrive(0, 0, fromClient(OTHER, SYN));
            story.director.arrive(0, 0, fromClient(SYN));
            story.director.arrive(0, 0, fromClient(OTHER, ACK));
            story.director.cycle();
            assertEquals(3, story.director.takeSent().size());
            story.director.send(0, Frames.icmp(TestNetwork.serverMac(11), MAC_0, "10.2.0.11", "10.9.1.1", 3, 1, 0,
                Frames.tcp(CLIENT_ROUTER, MAC_0, CLIENT, RIP, SYN, 0)));
            story.director.send(0, Frames.icmp(CLIENT_ROUTER, MAC_0, "10.9.0.254", "10.1.0.100", 3, 1, 0,
                Frames.tcp(CLIENT_ROUTER, MAC_0, VIP, CLIENT, ACK, 0)));
            final List<String> lines = one.take();
            assertEquals(6, lines.size(), lines::toString);
            assertTrue(lines.get(0).endsWith(IN), lines::toString);
            assertTrue(lines.get(2).contains("SENT_ICMP_RELAYED"), lines::toString);
            assertTrue(lines.get(4).contains("10.9.0.254>10.1.0.100"), lines::toString);
            assertEquals(List.of(), none.take());
        }
    }

    @Test
    void onlyThoseOfAServiceARealServerAProtocolAPortOrAnEnd() {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " -m",
            "-A -u 10.1.0.100:53 -s rr", "-a -u 10.1.0.100:53 -r 10.2.0.12:53 -m");
             CapturedPackets service = new CapturedPackets(story.director, new CaptureFilter(Headers.ANY,
                 List.of(endpoint("10.1.0.100", 53)), List.of(), Set.of(), Extent.ALL));
             CapturedPackets server = new CapturedPackets(story.director, new CaptureFilter(Headers.ANY, List.of(),
                 List.of(endpoint("10.2.0.11", Endpoint.ANY_PORT)), Set.of(), Extent.ALL));
             CapturedPackets tcp = new CapturedPackets(story.director, headers(new Headers(null, -1, 6, 4000)));
             CapturedPackets dropped = new CapturedPackets(story.director, drops(Counter.DROP_MARTIAN_SOURCE))) {
            story.director.send(0, fromClient(SYN));
            story.director.send(0, Frames.udp(CLIENT_ROUTER, MAC_0, "10.9.1.1:4001", "10.1.0.100:53", 12));
            story.director.send(0, Frames.tcp(CLIENT_ROUTER, MAC_0, "127.0.0.1:4001", VIP, SYN, 0));
            assertEquals(List.of("1 BEFORE", "1 AFTER"), shortened(service.take(), "10.1.0.100:53 "));
            assertEquals(List.of("1 BEFORE", "1 AFTER"), shortened(server.take(), "10.2.0.11:80/"));
            assertEquals(List.of("1 BEFORE", "1 AFTER"), shortened(tcp.take(), "10.9.1.1:4000>"));
            assertEquals(List.of("1 BEFORE"), shortened(dropped.take(), "DROP_MARTIAN_SOURCE"));
        }
    }

    private static List<String> shortened(final List<String> lines, final String eachHas) {
        lines.forEach(line -> assertTrue(line.contains(eachHas), line));
        return lines.stream().map(line -> line.substring(0, line.indexOf(" port"))).toList();
    }

    @Test
    void oneSideCutAndSampled() {
        try (Story story = Story.of("-m");
             CapturedPackets before = new CapturedPackets(story.director, extent(true, false, 60, 1));
             CapturedPackets after = new CapturedPackets(story.director, extent(false, true, 54, 1));
             CapturedPackets sampled = new CapturedPackets(story.director, extent(true, false, 54, 3))) {
            for (int i = 0; i < 7; i++) {
                story.director.arrive(0, 0, fromClient(i == 0 ? SYN : ACK, 100));
            }
            story.director.cycle();
            assertEquals(7, story.director.takeSent().size());
            final List<String> lines = before.take();
            assertEquals(7, lines.size());
            assertTrue(lines.getLast().startsWith("7 BEFORE ") && lines.getLast().endsWith(" 60 of 154"),
                lines::toString);
            assertEquals(7, after.take().stream().filter(line -> line.contains(" AFTER ") && line.endsWith("54 of 154"))
                .count());
            assertEquals(2, sampled.take().size());
        }
    }

    @Test
    void whereTheRingIsFullPacketsGoOnAndAreCounted() {
        try (Story story = Story.of("-m");
             CapturedPackets captured = new CapturedPackets(story.director, CaptureFilter.everything())) {
            final int each = 1500;
            final int packets = 2 * CaptureWatch.RING_BYTES / each;
            for (int i = 0; i < packets; i++) {
                assertEquals(1, story.director.send(0, fromClient(i == 0 ? SYN : ACK, each - 54)).size());
            }
            final List<String> lines = captured.take();
            final long missed = captured.capture().missed(0);
            assertTrue(missed > 0 && !lines.isEmpty(), missed + " " + lines.size());
            // A packet of which nothing fits counts once, one that leaves as well when it only does not fit.
            final long whole = lines.stream().filter(line -> line.contains(" BEFORE ")).count();
            assertEquals(packets, whole + missed - (whole * 2 - lines.size()));
            story.director.send(0, fromClient(ACK));
            assertEquals(2, captured.take().size(), "it goes on when there is room again");
        }
    }

    @Test
    void fourAtOnceAndTheirMemoryIsUsedAgainWhenWorkersHaveLeft() {
        try (Story story = Story.of("-m")) {
            final Captures captures = story.director.watch.captures;
            final List<Capture> all = new ArrayList<>();
            for (int i = 0; i < Captures.MOST; i++) {
                all.add(captures.begin(CaptureFilter.everything()).orElseThrow());
            }
            assertTrue(captures.begin(CaptureFilter.everything()).isEmpty());
            assertFalse(captures.hasBegun(all.get(1)));
            story.director.send(0, fromClient(SYN));
            assertTrue(captures.hasBegun(all.get(1)));
            captures.end(all.get(1));
            assertFalse(captures.hasEnded(all.get(1)), "the worker has not looked yet");
            assertTrue(captures.begin(CaptureFilter.everything()).isEmpty(), "its ring may still be written");
            story.director.cycle();
            assertTrue(captures.hasEnded(all.get(1)));
            assertTrue(captures.begin(CaptureFilter.everything()).isEmpty(), "its last records are still read");
            assertEquals(1, all.get(1).poll((memory, offset, lengthBytes) -> { }, 1, Long.MAX_VALUE));
            captures.leave(all.get(1));
            final Capture next = captures.begin(CaptureFilter.everything()).orElseThrow();
            assertEquals(0, next.poll((memory, offset, lengthBytes) -> { }, 10, Long.MAX_VALUE),
                "what the last one left is gone");
            assertEquals(2, all.get(0).poll((memory, offset, lengthBytes) -> { }, 10, Long.MAX_VALUE));
            assertEquals(4, captures.running().length);
            assertSame(next, captures.running()[3]);
        }
    }
}
