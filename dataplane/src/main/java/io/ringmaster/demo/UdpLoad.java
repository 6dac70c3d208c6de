package io.ringmaster.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * An ordinary UDP client inside the client's namespace, in closed loop: a datagram, its echo, the next. Each comes from
 * a port of its own, so that each is a connection of its own.
 */
public final class UdpLoad {
    private static final int TIMEOUT_MS = 30_000;

    private final DemoNetwork network;
    private final InetSocketAddress target;

    /** A client of the echo server at an address and port. */
    public UdpLoad(final DemoNetwork network, final String address, final int port) {
        this.network = network;
        this.target = new InetSocketAddress(address, port);
    }

    /**
     * Sends datagrams and waits for the echo of each.
     *
     * @param datagrams how many.
     * @param parallel  how many clients.
     * @param sizeBytes of each by its number, at least 1.
     */
    public LoadResult echo(final int datagrams, final int parallel, final IntUnaryOperator sizeBytes) {
        final LoadResult result = new LoadResult();
        ClientThreads.run(network, datagrams, parallel, number -> echo(result, number, sizeBytes.applyAsInt(number)));
        return result;
    }

    private void echo(final LoadResult result, final int number, final int sizeBytes) {
        final InetSocketAddress local = network.nextClientEndpoint();
        final byte[] sent = Arrays.copyOf(Bodies.bytes(), sizeBytes);
        final DatagramPacket reply = new DatagramPacket(new byte[1 << 16], 1 << 16);
        try (DatagramSocket socket = new DatagramSocket(local)) {
            socket.setSoTimeout(TIMEOUT_MS);
            final long startNs = System.nanoTime();
            socket.send(new DatagramPacket(sent, sizeBytes, target));
            socket.receive(reply);
            final long durationNs = System.nanoTime() - startNs;
            final byte[] received = Arrays.copyOf(reply.getData(), reply.getLength());
            if (!target.equals(reply.getSocketAddress())) {
                result.failed("datagram " + number + " was answered by " + reply.getSocketAddress() + ", not by "
                    + target);
            } else if (!Arrays.equals(sent, 1, sizeBytes, received, 1, Math.max(1, received.length))) {
                result.failed("datagram " + number + " of " + sizeBytes + " bytes came back changed");
            } else {
                result.answered("rs" + received[0], durationNs);
            }
        } catch (final IOException e) {
            result.failed("datagram " + number + " of " + sizeBytes + " bytes from " + local + ": " + e);
        }
    }
}
