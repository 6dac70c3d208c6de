package io.ringmaster.demo;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * An ordinary HTTP client inside the client's namespace: a TCP connection for each request, from the client's addresses
 * in turn, the body compared by hash.
 */
public final class HttpLoad {
    private static final int TIMEOUT_MS = 30_000;
    private static final int BUFFER_BYTES = 1 << 16;

    private final DemoNetwork network;
    private final InetSocketAddress target;

    /** A client of the server at an address and port. */
    public HttpLoad(final DemoNetwork network, final String address, final int port) {
        this.network = network;
        this.target = new InetSocketAddress(address, port);
    }

    /**
     * Makes requests and waits for all of them.
     *
     * @param requests  how many.
     * @param parallel  how many at a time.
     * @param sizeBytes of the body of each request by its number.
     */
    public LoadResult get(final int requests, final int parallel, final IntUnaryOperator sizeBytes) {
        final LoadResult result = new LoadResult();
        ClientThreads.run(network, requests, parallel, number -> request(result, number, sizeBytes.applyAsInt(number),
            false));
        return result;
    }

    /** Sends bodies and has the server tell their hash; parameters as for {@link #get}. */
    public LoadResult post(final int requests, final int parallel, final IntUnaryOperator sizeBytes) {
        final LoadResult result = new LoadResult();
        ClientThreads.run(network, requests, parallel, number -> request(result, number, sizeBytes.applyAsInt(number),
            true));
        return result;
    }

    private void request(final LoadResult result, final int number, final int sizeBytes, final boolean upload) {
        final InetSocketAddress local = network.nextClientEndpoint();
        final String from = local.getAddress().getHostAddress();
        final long startNs = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.bind(local);
            socket.connect(target, TIMEOUT_MS);
            final Answer answer = upload ? upload(socket, sizeBytes) : download(socket, sizeBytes);
            final long durationNs = System.nanoTime() - startNs;
            final String seen = answer.header.get(DemoServer.CLIENT_HEADER.toLowerCase(Locale.ROOT));
            if (!Bodies.hash(sizeBytes).equals(answer.hash)) {
                result.failed("request " + number + " from " + from + ": the body of " + sizeBytes + " bytes is wrong");
            } else if (!from.equals(seen)) {
                result.failed("request " + number + " from " + from + ": the real server saw " + seen);
            } else {
                result.answered(answer.header.get(DemoServer.SERVER_HEADER.toLowerCase(Locale.ROOT)), durationNs);
            }
        } catch (final IOException e) {
            result.failed("request " + number + " from " + local + ": " + e);
        }
    }

    private Answer download(final Socket socket, final int sizeBytes) throws IOException {
        send(socket, "GET /bytes/" + sizeBytes, 0);
        final InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        final Map<String, String> header = header(in);
        final MessageDigest digest = Bodies.sha256();
        final byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return new Answer(header, HexFormat.of().formatHex(digest.digest()));
    }

    private Answer upload(final Socket socket, final int sizeBytes) throws IOException {
        send(socket, "POST /hash", sizeBytes);
        socket.getOutputStream().write(Bodies.bytes(), 0, sizeBytes);
        final InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        final Map<String, String> header = header(in);
        return new Answer(header, new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    }

    private void send(final Socket socket, final String method, final int lengthBytes) throws IOException {
        socket.getOutputStream().write((method + " HTTP/1.1\r\nHost: " + target.getHostString()
            + "\r\nConnection: close\r\nContent-Length: " + lengthBytes + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<String, String> header(final InputStream in) throws IOException {
        final Map<String, String> header = new HashMap<>();
        final String status = line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("the server answered \"" + status + "\"");
        }
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            final int colon = line.indexOf(':');
            header.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        return header;
    }

    private static String line(final InputStream in) throws IOException {
        final StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended inside the answer's header");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private record Answer(Map<String, String> header, String hash) {
    }
}
