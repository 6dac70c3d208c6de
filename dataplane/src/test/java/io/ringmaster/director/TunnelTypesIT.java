package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.packet.SlowChecksum;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordinary traffic through tunnels of every type, and ways that are narrower than the director's own link. */
class TunnelTypesIT {
    private static final ForwardingMethod TUN = ForwardingMethod.TUNNELING;
    private static final int IP = 14;
    private static final int OUTER = IP + 20;
    private static final int UPLOAD_BYTES = 3_000_000;
    private static final int NARROW_BYTES = 1_300;
    private static final String FAR_RIP = "10.77.9.11";
    private static final String IPIP = "ipip";
    private static final String GUE = "gue --tun-port 6080";
    private static final String GUE_CSUM = "gue --tun-port 6080 --tun-csum";
    private static final String GRE = "gre";
    private static final String GRE_CSUM = "gre --tun-csum";

    @ParameterizedTest
    @ValueSource(strings = {IPIP, GUE, GUE_CSUM, GRE, GRE_CSUM})
    void ordinaryTraffic(final String type) {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults());
             WireTap tap = new WireTap(lab.network(), List.of("back"), frame -> frame.fromHost()
                 && frame.source().equals(DemoNetwork.DIRECTOR_BACK) && frame.protocol() != 1)) {
            service(lab, type, lab.network().rip(1), lab.network().rip(2));
            lab.assertShared(lab.http(TUN).get(200, 8, number -> number * 97), 200, 1, 1);
            final LoadResult uploads = lab.http(TUN).post(2, 2, number -> UPLOAD_BYTES);
            assertEquals(2, uploads.answered(), () -> uploads.failures() + lab.director().said());
            final List<WireTap.Frame> kept = tap.kept();
            assertTrue(kept.size() > 400, () -> kept.size() + " tunnel packets");
            kept.forEach(frame -> assertWrapped(type, lab.vip(TUN), frame));
            lab.assertSound();
        }
    }

    private static void service(final Lab lab, final String type, final String... rips) {
        final String address = lab.vip(TUN) + ":80";
        lab.director().ipvsadm("-A", "-t", address, "-s", "rr");
        for (final String rip : rips) {
            final List<String> words = new ArrayList<>(List.of("-a", "-t", address, "-r", rip + ":80", "-i",
                "--tun-type"));
            words.addAll(List.of(type.split(" ")));
            lab.director().ipvsadm(words.toArray(String[]::new));
        }
    }

    /** The outer headers, read from the wire. Only the beginning of a frame is kept. */
    private static void assertWrapped(final String type, final String vip, final WireTap.Frame frame) {
        final byte[] head = frame.head().toArray(ValueLayout.JAVA_BYTE);
        final int layerBytes = layerBytes(type);
        final byte[] inner = Arrays.copyOfRange(head, OUTER + layerBytes, OUTER + layerBytes + 20);
        assertEquals(protocol(type), frame.protocol(), frame::toString);
        assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(head, IP, OUTER)), frame::toString);
        assertEquals(0, SlowChecksum.of(inner), frame::toString);
        assertEquals(vip, (inner[16] & 255) + "." + (inner[17] & 255) + "." + (inner[18] & 255) + "."
            + (inner[19] & 255));
        assertEquals(head[IP + 8], inner[8], "time to live");
        assertEquals(frame.lengthBytes(), 20 + layerBytes + (inner[2] & 255) * 256 + (inner[3] & 255));
        final String layer = HexFormat.of().formatHex(head, OUTER, OUTER + layerBytes);
        switch (type) {
            case GRE -> assertEquals("00000800", layer);
            case GRE_CSUM -> assertEquals("80000800", layer.substring(0, 8));
            case GUE, GUE_CSUM -> {
                assertEquals(6080, frame.destinationPort());
                assertTrue(frame.sourcePort() >= 32_768, frame::toString);
                assertEquals(frame.lengthBytes() - 20, frame.at(4), "UDP length");
                assertEquals(type.equals(GUE), frame.at(6) == 0, "UDP checksum");
                assertEquals("00040000", layer.substring(16));
            }
            default -> { }
        }
        final int whole = IP + frame.lengthBytes();
        if (whole <= head.length && type.equals(GUE_CSUM)) {
            assertEquals(0, SlowChecksum.ofTransport(Arrays.copyOf(head, whole), IP), "UDP checksum");
        } else if (whole <= head.length && type.equals(GRE_CSUM)) {
            assertEquals(0, SlowChecksum.of(Arrays.copyOfRange(head, OUTER, whole)), "GRE checksum");
        }
    }

    private static int protocol(final String type) {
        return Map.of(IPIP, 4, GUE, 17, GUE_CSUM, 17, GRE, 47, GRE_CSUM, 47).get(type);
    }

    private static int layerBytes(final String type) {
        return Map.of(IPIP, 0, GUE, 12, GUE_CSUM, 12, GRE, 4, GRE_CSUM, 8).get(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {IPIP, GUE, GRE_CSUM})
    void aRouterOnTheWayHasLessRoom(final String type) {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults());
             WireTap tap = new WireTap(lab.network(), List.of("client"), WireTap.Frame::isFragmentationNeeded)) {
            final DemoNetwork network = lab.network();
            network.exec(network.realServer(1), "ip", "address", "add", FAR_RIP + "/32", "dev", "lo");
            network.exec(network.switchboard(), "sysctl", "-qw", "net.ipv4.conf.all.send_redirects=0",
                "net.ipv4.conf.br-server.send_redirects=0");
            network.exec(network.switchboard(), "ip", "route", "add", FAR_RIP, "via", network.rip(1), "mtu",
                "lock", Integer.toString(NARROW_BYTES));
            network.exec(network.director(), "ip", "route", "add", FAR_RIP, "via", "10.77.2.254");
            service(lab, type, FAR_RIP);
            final LoadResult upload = lab.http(TUN).post(1, 1, number -> UPLOAD_BYTES);
            assertEquals(1, upload.answered(), () -> upload.failures() + lab.director().said());
            assertTrue(Counters.of(lab.director()).of(Counter.PATH_MTU_LEARNED) > 0);
            final List<WireTap.Frame> told = tap.kept();
            assertFalse(told.isEmpty(), "the client was told");
            for (final WireTap.Frame error : told) {
                assertEquals(lab.vip(TUN), error.source(), error::toString);
                assertEquals(NARROW_BYTES - 20 - layerBytes(type), error.at(6), "what is left beside our headers");
            }
            lab.assertSound();
        }
    }

    @Test
    void largeDatagramsLeaveInFragments() throws IOException {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults().withServerMtu(1_400))) {
            final ForwardingMethod method = ForwardingMethod.DIRECT_ROUTING;
            lab.service("-u", method, "rr", 1, 1);
            lab.network().exec(lab.network().client(), "sysctl", "-qw", "net.ipv4.ip_no_pmtu_disc=1");
            // The first one has the real server's neighbour asked for, and is lost.
            assertEquals(1_472, lab.network().in(lab.network().client(), () -> echoed(lab, method, 1_472)));
            assertTrue(Counters.of(lab.director()).of(Counter.FRAGMENTED) > 0);
            lab.assertSound();
        }
    }

    /** Length of the answer to a datagram of that length, sent again until there is one; 0 if there is none. */
    private static int echoed(final Lab lab, final ForwardingMethod method, final int bytes) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(lab.network().clientAddress(0), 0))) {
            socket.setSoTimeout(1_000);
            final byte[] data = new byte[bytes];
            Arrays.fill(data, (byte) 'f');
            final DatagramPacket reply = new DatagramPacket(new byte[2_000], 2_000);
            for (int i = 0; i < 10; i++) {
                socket.send(new DatagramPacket(data, bytes, new InetSocketAddress(lab.vip(method), 80)));
                try {
                    socket.receive(reply);
                    assertEquals('f', reply.getData()[bytes - 1]);
                    return reply.getLength();
                } catch (final SocketTimeoutException e) {
                    // Again.
                }
            }
            return 0;
        }
    }
}
