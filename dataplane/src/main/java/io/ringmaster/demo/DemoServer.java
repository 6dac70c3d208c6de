package io.ringmaster.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The ordinary servers of one real server, inside its namespace: HTTP on all its addresses, UDP echo on each of them.
 * They know nothing of a director. Threads are their own.
 * <ul>
 * <li>{@code GET /bytes/N}: N bytes of {@link Bodies}; {@code POST /hash}: SHA-256 of what was sent. The answer's
 * header {@value #SERVER_HEADER} names the real server, {@value #CLIENT_HEADER} the address that it saw.</li>
 * <li>UDP: the datagram itself, its first byte replaced by the real server's number.</li>
 * </ul>
 */
public final class DemoServer implements AutoCloseable {
    /** Port of both servers on real servers and of the VIPs of direct routing and tunneling. */
    public static final int PORT = 80;
    /** A second port of both, so that masquerading has a port to translate. */
    public static final int OTHER_PORT = 8080;
    static final String SERVER_HEADER = "X-Real-Server";
    static final String CLIENT_HEADER = "X-Client";
    private static final int BACKLOG = 1024;

    private final int number;
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpServer> httpServers = new ArrayList<>();
    private final List<DatagramSocket> echoSockets = new ArrayList<>();

    private DemoServer(final int number) {
        this.number = number;
    }

    /**
     * Starts the servers of a real server.
     *
     * @param number the real server's, from 1.
     * @throws DemoException if a port is taken.
     */
    public static DemoServer start(final DemoNetwork network, final int number) {
        // Without it small answers wait 40 ms for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        final DemoServer server = new DemoServer(number);
        try {
            network.in(network.realServer(number), () -> {
                server.open(network);
                return null;
            });
            return server;
        } catch (final IOException e) {
            server.close();
            throw new DemoException("Could not start the servers of rs" + number + ": " + e.getMessage() + ".", e);
        }
    }

    /** Starts those of all real servers. */
    public static List<DemoServer> startAll(final DemoNetwork network) {
        final List<DemoServer> servers = new ArrayList<>();
        for (int i = 1; i <= network.realServers(); i++) {
            servers.add(start(network, i));
        }
        return servers;
    }

    private void open(final DemoNetwork network) throws IOException {
        final List<String> addresses = List.of(network.rip(number), network.vip(ForwardingMethod.DIRECT_ROUTING),
            network.vip(ForwardingMethod.TUNNELING));
        for (final int port : new int[] {PORT, OTHER_PORT}) {
            final HttpServer http = HttpServer.create(new InetSocketAddress(port), BACKLOG);
            http.createContext("/bytes/", this::sendBytes);
            http.createContext("/hash", this::sendHash);
            http.setExecutor(handlers);
            http.start();
            httpServers.add(http);
            for (final String address : addresses) {
                // A socket for each address, since one for all would answer from the RIP.
                final DatagramSocket socket = new DatagramSocket(port, InetAddress.getByName(address));
                echoSockets.add(socket);
                Thread.ofPlatform().daemon().name("rs" + number + "-echo-" + address).start(() -> echo(socket));
            }
        }
    }

    private void sendBytes(final HttpExchange exchange) throws IOException {
        final String path = exchange.getRequestURI().getPath();
        final int size = Integer.parseInt(path.substring("/bytes/".length()));
        answer(exchange, Bodies.bytes(), size);
    }

    private void sendHash(final HttpExchange exchange) throws IOException {
        final MessageDigest digest = Bodies.sha256();
        final byte[] buffer = new byte[1 << 16];
        try (InputStream in = exchange.getRequestBody()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        final byte[] hash = HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
        answer(exchange, hash, hash.length);
    }

    private void answer(final HttpExchange exchange, final byte[] body, final int length) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add(SERVER_HEADER, "rs" + number);
            exchange.getResponseHeaders().add(CLIENT_HEADER, exchange.getRemoteAddress().getAddress().getHostAddress());
            exchange.sendResponseHeaders(200, length == 0 ? -1 : length);
            exchange.getResponseBody().write(body, 0, length);
        }
    }

    private void echo(final DatagramSocket socket) {
        final DatagramPacket packet = new DatagramPacket(new byte[1 << 16], 1 << 16);
        while (!socket.isClosed()) {
            try {
                packet.setLength(1 << 16);
                socket.receive(packet);
                packet.getData()[0] = (byte) number;
                socket.send(packet);
            } catch (final SocketException e) {
                // Closed, or told by ICMP that a client is gone: the next one is waiting.
            } catch (final IOException e) {
                throw new DemoException("The UDP server of rs" + number + " failed: " + e.getMessage() + ".", e);
            }
        }
    }

    @Override
    public void close() {
        httpServers.forEach(server -> server.stop(0));
        echoSockets.forEach(DatagramSocket::close);
        handlers.close();
    }
}
