package io.ringmaster.director;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection over which a real server sends as fast as it can for a time, both sides hashing. Server and client
 * have a thread each.
 */
final class LongDownload implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int TIMEOUT_MS = 10_000;

    private final ServerSocket listener;
    private final CompletableFuture<String> sent = new CompletableFuture<>();
    private final CompletableFuture<Result> received = new CompletableFuture<>();

    /**
     * What the client got.
     *
     * @param bytes        how many.
     * @param hash         of them.
     * @param longestGapMs the longest time between two readings.
     */
    record Result(long bytes, String hash, long longestGapMs) {
    }

    private LongDownload(final ServerSocket listener) {
        this.listener = listener;
    }

    /** Begins to send from a port of a real server to a client of a service. */
    static LongDownload start(final DemoNetwork network, final int realServer, final int port,
                              final InetSocketAddress service, final int seconds) throws IOException {
        final LongDownload download = new LongDownload(
            network.in(network.realServer(realServer), () -> new ServerSocket(port)));
        Thread.ofPlatform().daemon().name("long-server").start(() -> download.send(seconds));
        Thread.ofPlatform().daemon().name("long-client").start(() -> network.in(network.client(), () -> {
            download.receive(service);
            return null;
        }));
        return download;
    }

    private void send(final int seconds) {
        final MessageDigest digest = sha256();
        final byte[] chunk = new byte[CHUNK_BYTES];
        new SplittableRandom(1).nextBytes(chunk);
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (Socket socket = listener.accept(); OutputStream out = socket.getOutputStream()) {
            for (long number = 0; System.nanoTime() < endNs; number++) {
                ByteBuffer.wrap(chunk).putLong(number);
                digest.update(chunk);
                out.write(chunk);
            }
            sent.complete(HexFormat.of().formatHex(digest.digest()));
        } catch (final IOException e) {
            sent.completeExceptionally(e);
        }
    }

    private void receive(final InetSocketAddress service) {
        final MessageDigest digest = sha256();
        final byte[] buffer = new byte[CHUNK_BYTES];
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(service, TIMEOUT_MS);
            final InputStream in = socket.getInputStream();
            long bytes = 0;
            long gapNs = 0;
            long lastNs = System.nanoTime();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                bytes += n;
                final long nowNs = System.nanoTime();
                gapNs = Math.max(gapNs, nowNs - lastNs);
                lastNs = nowNs;
            }
            received.complete(new Result(bytes, HexFormat.of().formatHex(digest.digest()),
                TimeUnit.NANOSECONDS.toMillis(gapNs)));
        } catch (final IOException e) {
            received.completeExceptionally(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Waits for the end: the hash that was sent, and what was received. */
    Result await(final int longestSec) throws Exception {
        final Result result = received.get(longestSec, TimeUnit.SECONDS);
        final String hash = sent.get(longestSec, TimeUnit.SECONDS);
        if (!hash.equals(result.hash)) {
            throw new AssertionError("sent and received differ: " + Arrays.asList(hash, result));
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
