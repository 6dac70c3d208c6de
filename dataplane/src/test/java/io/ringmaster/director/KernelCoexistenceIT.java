package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Tcp;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not the director's goes on as if it were not there, and what it took by mistake is given back. */
@ParameterizedClass
@ValueSource(strings = {"native", "generic"})
class KernelCoexistenceIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int TCP_PAYLOAD_AT = Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES;
    private static Lab lab;
    private static RawClient client;

    @Parameter
    private String mode;

    @BeforeParameterizedClassInvocation
    static void makeLab(final String mode) {
        lab = Lab.with(new DemoNetwork.Options(2, 4, 1, 1600), "--xdp", mode);
        client = new RawClient(lab.network());
        lab.service("-t", NAT, "rr", 1, 1);
    }

    @AfterParameterizedClassInvocation
    static void closeLab() {
        if (client != null) {
            client.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void directorIsSound() {
        lab.assertSound();
        assertTrue(lab.director().said().contains("front: XDP program in " + mode + " mode"), lab.director()::said);
    }

    private static final int OF_THE_HOST = 22;
    private static final int PATIENCE_MS = 60_000;

    /** A service of the director itself, one connection of it living through a thousand balanced ones; then VIP:22. */
    @Test
    void theHostsOwnTcpService() throws Exception {
        final DemoNetwork network = lab.network();
        try (ServerSocket own = network.in(network.director(), () -> new ServerSocket(OF_THE_HOST));
             Socket live = connect(DemoNetwork.DIRECTOR_FRONT);
             Socket accepted = own.accept();
             Socket toVip = connect(lab.vip(NAT));
             Socket acceptedAtVip = own.accept();
             ExecutorService load = Executors.newSingleThreadExecutor()) {
            final Future<LoadResult> balanced = load.submit(() -> lab.http(NAT).get(300, 4, number -> 2_000));
            int echoes = 0;
            while (!balanced.isDone() || echoes == 0) {
                assertEchoed(live, accepted);
                assertEchoed(toVip, acceptedAtVip);
                connect(DemoNetwork.DIRECTOR_FRONT).close();
                own.accept().close();
                echoes++;
            }
            assertEquals(List.of(), balanced.get().failures());
        }
    }

    private static Socket connect(final String address) throws IOException {
        return lab.network().in(lab.network().client(), () -> {
            final Socket socket = new Socket();
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(new InetSocketAddress(address, OF_THE_HOST), PATIENCE_MS);
            return socket;
        });
    }

    private static void assertEchoed(final Socket here, final Socket there) throws IOException {
        final byte[] sent = {1, 2, 3, 4, 5};
        here.getOutputStream().write(sent);
        there.getOutputStream().write(there.getInputStream().readNBytes(sent.length));
        assertEquals(5, here.getInputStream().readNBytes(sent.length)[4]);
    }

    @Test
    void pingAndArpWhileTrafficFlows() throws Exception {
        final Callable<LoadResult> work = () -> lab.http(NAT).get(200, 2, number -> 2_000);
        try (ExecutorService load = Executors.newSingleThreadExecutor()) {
            final Future<LoadResult> balanced = load.submit(work);
            int rounds = 0;
            while (!balanced.isDone() || rounds == 0) {
                for (final String address : List.of(DemoNetwork.DIRECTOR_FRONT, lab.vip(NAT))) {
                    assertPinged(address, 100 + rounds % 1000);
                    assertArpAnswered(address);
                }
                rounds++;
            }
            assertEquals(List.of(), balanced.get().failures());
        }
    }

    private static void assertPinged(final String address, final int identifier) {
        client.send(client.frames(1, address).echoRequest(identifier));
        assertNotNull(client.answer(frame -> RawClient.isFrom(frame, Ipv4.PROTOCOL_ICMP, address)
            && BigEndian.u16(frame, TCP_PAYLOAD_AT) == 0 && BigEndian.u16(frame, TCP_PAYLOAD_AT + 4) == identifier),
            "echo of " + address);
    }

    private static void assertArpAnswered(final String address) {
        client.send(client.frames(1, address).arpRequest());
        final MemorySegment reply = client.answer(frame -> Ethernet.type(frame, 0) == 0x0806
            && BigEndian.u16(frame, 20) == 2 && BigEndian.i32(frame, 28) == RawFrames.ipv4(address));
        assertNotNull(reply, "who has " + address);
        assertEquals(RawClient.DIRECTOR_MAC, BigEndian.u48(reply, 22));
    }

    /** RFC 9293 3.10.7.1: the reset of a segment with ACK has the number that it acknowledged. */
    @Test
    void aStraySegmentGetsTheKernelsReset() {
        final long before = Counters.of(lab.director()).of(Counter.BACK_NO_CONNECTION);
        for (int port = 40_000; port < 40_010; port++) {
            final int from = port;
            client.send(client.frames(2, lab.vip(NAT)).tcp(from, 80, Tcp.ACK));
            final MemorySegment reset = client.answer(frame ->
                RawClient.isFrom(frame, Ipv4.PROTOCOL_TCP, lab.vip(NAT))
                    && Tcp.destinationPort(frame, TCP_PAYLOAD_AT) == from);
            assertNotNull(reset, "reset of the segment from port " + from);
            assertEquals(Tcp.RST, Tcp.flags(reset, TCP_PAYLOAD_AT) & 0xff);
            assertEquals(80, Tcp.sourcePort(reset, TCP_PAYLOAD_AT));
            assertEquals(2_000, BigEndian.i32(reset, TCP_PAYLOAD_AT + 4));
        }
        assertTrue(RunningDirector.await(() -> Counters.of(lab.director()).of(Counter.BACK_NO_CONNECTION)
            == before + 10), () -> Counters.of(lab.director()).toString());
    }

    /** An error about a packet that the host's own service sent from the VIP, and about one of no connection. */
    @Test
    void anIcmpErrorAboutNoConnectionIsTheKernels() {
        final long before = Counters.of(lab.director()).of(Counter.BACK_ICMP);
        client.send(client.frames(1, lab.vip(NAT)).portUnreachable(Ipv4.PROTOCOL_TCP, 80, 12_345));
        assertTrue(RunningDirector.await(() ->
            Counters.of(lab.director()).of(Counter.BACK_ICMP) == before + 1), lab.director()::said);
        assertEquals(List.of(), lab.http(NAT).get(2, 1, number -> 10).failures());
    }

    /** From the address and port of a masqueraded real server, but no answer: routed as if there were no director. */
    @Test
    void aRealServersOwnConnectionFromItsBalancedPort() throws Exception {
        final DemoNetwork network = lab.network();
        final int balanced = 9_999;
        lab.director().ipvsadm("-A", "-t", lab.vip(NAT) + ":90", "-s", "rr");
        lab.director().ipvsadm("-a", "-t", lab.vip(NAT) + ":90", "-r", network.rip(1) + ":" + balanced, "-m");
        final long before = Counters.of(lab.director()).of(Counter.BACK_REAL_SERVER);
        try (ServerSocket peer = network.in(network.client(), () -> new ServerSocket(0));
             Socket own = network.in(network.realServer(1), () -> {
                 final Socket socket = new Socket();
                 socket.setReuseAddress(true);
                 socket.setSoTimeout(PATIENCE_MS);
                 socket.bind(new InetSocketAddress(network.rip(1), balanced));
                 socket.connect(new InetSocketAddress(network.clientAddress(3), peer.getLocalPort()), PATIENCE_MS);
                 return socket;
             });
             Socket accepted = peer.accept()) {
            assertEquals(InetAddress.getByName(network.rip(1)), accepted.getInetAddress(), "not translated");
            assertEquals(balanced, accepted.getPort());
            for (int i = 0; i < 20; i++) {
                assertEchoed(own, accepted);
            }
        }
        assertTrue(Counters.of(lab.director()).of(Counter.BACK_REAL_SERVER) > before);
        lab.director().ipvsadm("-D", "-t", lab.vip(NAT) + ":90");
    }
}
