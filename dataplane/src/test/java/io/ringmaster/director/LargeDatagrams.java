package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * UDP echo by ordinary sockets over IPv6, with datagrams that are many times a packet. A real server that is reached by
 * a tunnel takes the tunnel's packets (GUE, RFC draft-ietf-intarea-gue: 4 bytes) from a socket, since not every kernel
 * has a module that strips their headers, and answers from the VIP.
 */
final class LargeDatagrams implements AutoCloseable {
    /** UDP port of the echo. */
    static final int PORT = 7;
    /** UDP port of the tunnel. */
    static final int TUNNEL_PORT = 6080;
    private static final int LARGEST_BYTES = 1 << 16;
    private static final int GUE_BYTES = 4;
    private static final int SOURCE_AT = GUE_BYTES + 8;
    private static final int UDP_AT = GUE_BYTES + 40;
    private static final int TIMEOUT_MS = 60_000;
    private static final int GREETING_MS = 1_000;
    private static final int GREETINGS = 60;

    private final DemoNetwork network;
    private final List<DatagramSocket> sockets = new ArrayList<>();

    LargeDatagrams(final DemoNetwork network) {
        this.network = network;
    }

    private DatagramSocket socket(final String namespace, final String address, final int port) throws SocketException {
        final DatagramSocket socket = network.in(namespace, () -> new DatagramSocket(new InetSocketAddress(address,
            port)));
        sockets.add(socket);
        return socket;
    }

    /** Echoes what comes to an address of a real server. */
    void serve(final int server, final String address) throws SocketException {
        final DatagramSocket socket = socket(network.realServer(server), address, PORT);
        start(socket, packet -> socket.send(packet));
    }

    /** Echoes, from the VIP, what comes to a real server in a tunnel. */
    void serveTunnel(final int server, final String rip, final String vip) throws SocketException {
        final DatagramSocket outside = socket(network.realServer(server), rip, TUNNEL_PORT);
        final DatagramSocket inside = sockets.stream().filter(each -> each.getLocalAddress().getHostAddress()
            .equals(new InetSocketAddress(vip, 0).getAddress().getHostAddress())).findFirst().orElseThrow();
        start(outside, packet -> {
            final ByteBuffer bytes = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
            final byte[] client = Arrays.copyOfRange(packet.getData(), SOURCE_AT, SOURCE_AT + 16);
            final int port = bytes.getShort(UDP_AT) & 0xffff;
            final byte[] payload = Arrays.copyOfRange(packet.getData(), UDP_AT + 8, packet.getLength());
            inside.send(new DatagramPacket(payload, payload.length, InetAddress.getByAddress(client), port));
        });
    }

    /** What is done with a datagram. */
    private interface Answer {
        void to(DatagramPacket packet) throws IOException;
    }

    private static void start(final DatagramSocket socket, final Answer answer) {
        Thread.ofPlatform().daemon().name("echo-" + socket.getLocalSocketAddress()).start(() -> {
            final DatagramPacket packet = new DatagramPacket(new byte[LARGEST_BYTES], LARGEST_BYTES);
            while (!socket.isClosed()) {
                try {
                    packet.setLength(LARGEST_BYTES);
                    socket.receive(packet);
                    answer.to(packet);
                } catch (final IOException e) {
                    // Closed, or told by ICMP that a client is gone: the next one is waiting.
                    continue;
                }
            }
        });
    }

    /** A client sends datagrams of a size, one after the other, each of which must come back from there as it was. */
    void echo(final String address, final int datagrams, final int bytes) throws IOException {
        final byte[] sent = new byte[bytes];
        final DatagramPacket reply = new DatagramPacket(new byte[LARGEST_BYTES], LARGEST_BYTES);
        final InetSocketAddress target = new InetSocketAddress(address, PORT);
        try (DatagramSocket socket = network.in(network.client(), () -> new DatagramSocket())) {
            greet(socket, target, bytes);
            socket.setSoTimeout(TIMEOUT_MS);
            for (int i = 0; i < datagrams; i++) {
                new Random(i).nextBytes(sent);
                socket.send(new DatagramPacket(sent, bytes, target));
                do {
                    reply.setLength(LARGEST_BYTES);
                    socket.receive(reply);
                } while (isGreeting(reply));
                assertEquals(target, reply.getSocketAddress(), "where the echo comes from");
                assertArrayEquals(sent, Arrays.copyOf(reply.getData(), reply.getLength()), "datagram " + i);
            }
        }
    }

    /**
     * Sends datagrams until one is answered: the first ones may be lost while a real server's MAC is asked for, and
     * where an end has to learn what fits through the way, since its own link takes more.
     */
    private static void greet(final DatagramSocket socket, final InetSocketAddress target, final int bytes)
        throws IOException {
        socket.setSoTimeout(GREETING_MS);
        for (int i = 0; i < GREETINGS; i++) {
            try {
                socket.send(new DatagramPacket(new byte[bytes], bytes, target));
                socket.receive(new DatagramPacket(new byte[1], 1));
                return;
            } catch (final SocketTimeoutException e) {
                continue;
            }
        }
    }

    /** An answer to a greeting that was late: nothing but zeros. */
    private static boolean isGreeting(final DatagramPacket reply) {
        return Arrays.equals(new byte[reply.getLength()], Arrays.copyOf(reply.getData(), reply.getLength()));
    }

    @Override
    public void close() {
        sockets.forEach(DatagramSocket::close);
    }
}
