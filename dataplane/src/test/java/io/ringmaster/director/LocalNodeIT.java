package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real servers that are the director itself, by ordinary programs: what they answer leaves by the kernel's own way,
 * with checksums and segments left to the interface, and arrives as from the service.
 */
@ParameterizedClass
@ValueSource(strings = {"native", "generic"})
class LocalNodeIT {
    private static final int BODY_BYTES = 1_000_000;
    private static final int VPORT = 8_000;
    private static final int OTHER_VPORT = 8_001;
    private static final int RPORT = 9_000;
    private static final int TIMEOUT_MS = 60_000;
    /** Some of these need several fragments, of two or of many. */
    private static final int[] DATAGRAM_BYTES = {1, 101, 801, 1_401, 1_471, 1_472, 1_473, 2_900, 3_000, 8_000, 20_001};
    private static final int MOST_BYTES = 1 << 16;
    private static final int UDP_BYTES = 8;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final String SIX = Ipv6Network.VIP;
    private static Lab lab;
    private static HttpServer http;
    private static HttpServer httpAtVip;
    private static HttpServer otherHttpAtVip;

    @Parameter
    private String mode;

    @BeforeParameterizedClassInvocation
    static void start(final String mode) throws IOException {
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
        Ipv6Network.add(lab.network());
        final DemoNetwork network = lab.network();
        network.exec(network.client(), "ip", "-6", "route", "add", "fd77:2::/64", "via", "fd77:1::1");
        network.exec(network.director(), "ethtool", "-K", DemoNetwork.FRONT, "tx", "on", "tso", "on", "gso", "on");
        // On all addresses but those that services are at: an answer that is not translated is from another one.
        http = server(null, RPORT);
        httpAtVip = server(lab.vip(ForwardingMethod.MASQUERADING), VPORT);
        otherHttpAtVip = server(lab.vip(ForwardingMethod.MASQUERADING), OTHER_VPORT);
        lab.own(RunningDirector.start(network, "--xdp", mode, "--hand-back-rate", "100k"));
    }

    private static HttpServer server(final String address, final int port) throws IOException {
        return lab.network().in(lab.network().director(), () -> {
            final HttpServer made = HttpServer.create(address == null ? new InetSocketAddress(port)
                : new InetSocketAddress(address, port), 10);
            made.createContext("/", exchange -> {
                final int sent = exchange.getRequestBody().readAllBytes().length;
                exchange.sendResponseHeaders(200, sent == 0 ? BODY_BYTES : sent);
                try (var out = exchange.getResponseBody()) {
                    out.write(new byte[sent == 0 ? BODY_BYTES : sent]);
                }
            });
            made.start();
            return made;
        });
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (http != null) {
            http.stop(0);
            httpAtVip.stop(0);
            otherHttpAtVip.stop(0);
        }
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void clear() {
        lab.assertSound();
        lab.clear();
    }

    /** One real server of a service at the NAT VIP, or its IPv6 one; the service as rules and URLs write it. */
    private String serve(final String protocol, final boolean six, final String real, final String method) {
        return serve(protocol, six, VPORT, real, method);
    }

    private String serve(final String protocol, final boolean six, final int vport, final String real,
                         final String method) {
        final String service = (six ? "[" + SIX + "]" : lab.vip(ForwardingMethod.MASQUERADING)) + ":" + vport;
        lab.director().ipvsadm("-A", protocol, service, "-s", "rr");
        lab.director().ipvsadm("-a", protocol, service, "-r", real, method);
        return service;
    }

    private static String curl(final String address) {
        return lab.network().exec(lab.network().client(), "curl", "-gs", "-m", "60", "-o", "/dev/null", "-w",
            "%{http_code} %{size_download}", "http://" + address + "/").strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {DemoNetwork.DIRECTOR_BACK, "10.77.1.100", DemoNetwork.DIRECTOR_FRONT})
    void anotherPort(final String rip) {
        final String service = serve("-t", false, rip + ":" + RPORT, "-m");
        assertTransferred(service, rip + ":" + RPORT);
        // Those that it does not know are not touched.
        assertEquals("200 " + BODY_BYTES, curl(rip + ":" + RPORT));
    }

    @ParameterizedTest
    @ValueSource(strings = {Ipv6Network.DIP, SIX})
    void anotherPortOfIpv6(final String rip) {
        final String service = serve("-t", true, "[" + rip + "]:" + RPORT, "-m");
        assertTransferred(service, "[" + rip + "]:" + RPORT);
        assertEquals("200 " + BODY_BYTES, curl("[" + rip + "]:" + RPORT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-g", "-i"})
    void asItArrived(final String method) {
        final int vport = method.equals("-g") ? VPORT : OTHER_VPORT;
        final String service = serve("-t", false, vport, DemoNetwork.DIRECTOR_BACK, method);
        assertTransferred(service, DemoNetwork.DIRECTOR_BACK + ":" + vport);
    }

    /** Both directions are seen: the connection ends as the two ends do, and packets of both are counted. */
    private static void assertTransferred(final String service, final String real) {
        for (int i = 0; i < 3; i++) {
            assertEquals("200 " + BODY_BYTES, curl(service));
        }
        assertTrue(RunningDirector.await(() -> 3 == lab.director().ipvsadm("-Lnc").lines()
            .filter(line -> line.contains(service) && line.endsWith(real) && line.contains("TIME_WAIT")).count()),
            () -> lab.director().ipvsadm("-Lnc"));
        assertTrue(RunningDirector.await(() -> {
            final String[] columns = lab.director().ipvsadm("-Ln", "--stats", "--exact").lines()
                .filter(line -> line.contains(service)).findFirst().orElse("").trim().split("\\s+");
            return columns.length == 7 && Long.parseLong(columns[2]) == 3
                && Long.parseLong(columns[4]) > 10 && Long.parseLong(columns[6]) > 3L * BODY_BYTES;
        }), () -> lab.director().ipvsadm("-Ln", "--stats"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void datagrams(final boolean six) throws IOException {
        final String rip = six ? Ipv6Network.DIP : DemoNetwork.DIRECTOR_BACK;
        serve("-u", six, (six ? "[" + rip + "]" : rip) + ":" + RPORT, "-m");
        final DemoNetwork network = lab.network();
        try (DatagramSocket server = network.in(network.director(),
                () -> new DatagramSocket(new InetSocketAddress(rip, RPORT)));
             DatagramSocket client = client(six)) {
            server.setSoTimeout(TIMEOUT_MS);
            for (final int length : DATAGRAM_BYTES) {
                client.send(new DatagramPacket(new byte[length], length));
                final DatagramPacket asked = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
                server.receive(asked);
                assertEquals(length, asked.getLength());
                final byte[] sent = new byte[length + 1];
                new Random(length).nextBytes(sent);
                server.send(new DatagramPacket(sent, sent.length, asked.getSocketAddress()));
                final DatagramPacket answer = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
                client.receive(answer);
                assertArrayEquals(sent, Arrays.copyOf(answer.getData(), answer.getLength()));
            }
        }
        // Each is one packet, whether it left in fragments or not.
        final int headers = UDP_BYTES + (six ? IPV6_BYTES : IPV4_BYTES);
        final String counted = DATAGRAM_BYTES.length + " " + IntStream.of(DATAGRAM_BYTES).map(bytes -> bytes + 1
            + headers).sum();
        assertTrue(RunningDirector.await(() -> {
            final String[] columns = lab.director().ipvsadm("-Ln", "--stats", "--exact").lines()
                .filter(line -> line.contains(":" + VPORT)).findFirst().orElse("").trim().split("\\s+");
            return columns.length == 7 && counted.equals(columns[4] + " " + columns[6]);
        }, 20), () -> counted + " in\n" + lab.director().ipvsadm("-Ln", "--stats", "--exact"));
        // Nobody listens any more: the host's ICMP error must be about what the client sent.
        try (DatagramSocket client = client(six)) {
            client.send(new DatagramPacket(new byte[10], 10));
            assertThrows(PortUnreachableException.class, () -> client.receive(new DatagramPacket(new byte[9], 9)));
        }
    }

    private static DatagramSocket client(final boolean six) throws IOException {
        return lab.network().in(lab.network().client(), () -> {
            final DatagramSocket socket = new DatagramSocket();
            socket.setSoTimeout(TIMEOUT_MS);
            // Connected: it takes answers from there only.
            socket.connect(InetAddress.getByName(six ? SIX : lab.vip(ForwardingMethod.MASQUERADING)), VPORT);
            return socket;
        });
    }
}
