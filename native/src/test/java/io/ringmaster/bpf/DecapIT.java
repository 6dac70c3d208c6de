package io.ringmaster.bpf;

import static io.ringmaster.bpf.Frames.UDP;
import static io.ringmaster.bpf.Frames.checksummed;
import static io.ringmaster.bpf.Frames.ethernet;
import static io.ringmaster.bpf.Frames.ipv4;
import static io.ringmaster.bpf.Frames.udp;
import static io.ringmaster.bpf.Frames.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringmaster.sys.PacketSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real server without a tunnel device, with the VIP on lo: tunnel packets from the cable reach its UDP socket. */
class DecapIT {
    private static final String VIP = "10.1.0.100";
    private static final String CLIENT = "10.9.1.1";
    private static final int WAIT_MS = 60_000;

    private static byte[] tunnelled(final String outerDestination, final String text) {
        final byte[] inner = ipv4(UDP, CLIENT, VIP, udp(5000, 7000, text.getBytes(UTF_8)));
        return ethernet(VethPair.HERE_MAC, VethPair.THERE_MAC, 0x800,
            ipv4(4, VethPair.THERE, outerDestination, inner));
    }

    private static String receive(final DatagramSocket socket, final int waitMs) throws IOException {
        socket.setSoTimeout(waitMs);
        final DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        socket.receive(packet);
        assertEquals(CLIENT, packet.getAddress().getHostAddress());
        assertEquals(5000, packet.getPort());
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    private static DatagramSocket server(final VethPair pair) throws IOException {
        pair.hereSpace().ip("address add " + VIP + "/32 dev lo");
        return pair.here(() -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(VIP), 7000)));
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void innerPacketReachesTheSocket(final AttachMode mode) throws Exception {
        try (VethPair pair = new VethPair(); DatagramSocket server = server(pair);
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", 0x800, true))) {
            final byte[] request = tunnelled(VethPair.HERE, "hello");
            wire.send(request);
            assertThrows(SocketTimeoutException.class, () -> receive(server, 200), "nothing strips it yet");
            try (DecapProgram decap = pair.here(() -> DecapProgram.attach(pair.index(), "v0", mode))) {
                assertEquals(mode, decap.mode());
                wire.send(request);
                assertEquals("hello", receive(server, WAIT_MS));
                wire.send(tunnelled(VethPair.HERE, "x".repeat(1400)));
                assertEquals("x".repeat(1400), receive(server, WAIT_MS));
                assertEquals(2, decap.packets());
                assertEquals(20 + 8 + 5 + 20 + 8 + 1400, decap.bytes());
            }
            wire.send(request);
            assertThrows(SocketTimeoutException.class, () -> receive(server, 200), "nothing strips it any more");
        }
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void congestionMarkSurvivesWithARightChecksum(final AttachMode mode) throws Exception {
        try (VethPair pair = new VethPair(); DatagramSocket server = server(pair);
             DecapProgram decap = pair.here(() -> DecapProgram.attach(pair.index(), "v0", mode));
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", 0x800, true));
             PacketSocket inside = pair.here(() -> PacketSocket.open("v0", 0x800, true))) {
            final byte[] inner = checksummed(with(ipv4(UDP, CLIENT, VIP, udp(5000, 7000, new byte[]{'c'})), 1, 2));
            final byte[] outer = checksummed(with(ipv4(4, VethPair.THERE, VethPair.HERE, inner), 1, 3));
            wire.send(ethernet(VethPair.HERE_MAC, VethPair.THERE_MAC, 0x800, outer));
            assertEquals("c", receive(server, WAIT_MS));
            assertEquals(1, decap.packets());
            final byte[] seen = inside.receive(WAIT_MS);
            assertEquals(3, seen[15], "ECN of the inner packet");
        }
    }

    @Test
    void aRouterStripsOnlyWhatIsForItself() throws Exception {
        try (VethPair pair = new VethPair(); DatagramSocket server = server(pair);
             DecapProgram decap = pair.here(() -> DecapProgram.attach(pair.index(), "v0"));
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", 0x800, true))) {
            wire.send(tunnelled("10.99.0.1", "not forwarding"));
            assertEquals("not forwarding", receive(server, WAIT_MS));
            pair.forwarding(true);
            wire.send(tunnelled("10.7.0.77", "in transit"));
            assertThrows(SocketTimeoutException.class, () -> receive(server, 200));
            assertEquals(1, decap.packets());
            wire.send(tunnelled(VethPair.HERE, "for us"));
            assertEquals("for us", receive(server, WAIT_MS));
            assertEquals(2, decap.packets());
        }
    }

    @Test
    void theObjectWorksWithIpLink(@TempDir final Path directory) throws Exception {
        try (VethPair pair = new VethPair(); DatagramSocket server = server(pair);
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", 0x800, true))) {
            final Path file = Files.write(directory.resolve("decap.bpf.o"), DecapProgram.object());
            pair.hereSpace().ip("link set dev v0 xdp obj " + file + " sec xdp");
            wire.send(tunnelled(VethPair.HERE, "by hand"));
            assertEquals("by hand", receive(server, WAIT_MS));
        }
    }
}
