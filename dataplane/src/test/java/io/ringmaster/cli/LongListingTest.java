package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Commands;
import io.ringmaster.control.Reply;
import io.ringmaster.control.Request;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Listings that have no room in memory, neither in the client's nor in the director's. */
final class LongListingTest {
    private static final int PIECES = 4_000;
    private static final String PIECE = "TCP 14:59 ESTABLISHED 10.9.1.1:4000 10.0.0.1:80 10.1.0.11:8080\n".repeat(512);

    private final AtomicInteger made = new AtomicInteger();

    /** The launcher gives clients 64 MiB; a fifth of that must do for twice as much. */
    @Test
    void streamThroughAClientOfLittleMemory() throws IOException, InterruptedException {
        try (ServedDirector director = ServedDirector.of(new Listing())) {
            final ProcessBuilder client = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-XX:+UseSerialGC", "-Xmx12m", "-cp", System.getProperty("java.class.path"),
                "io.ringmaster.cli.Main", "ipvsadm", "-Lnc").redirectError(ProcessBuilder.Redirect.INHERIT);
            client.environment().put("RINGMASTER_SOCKET", director.socket().toString());
            final Process process = client.start();
            long lines = 0;
            try (BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                while (out.readLine() != null) {
                    lines++;
                }
            } finally {
                process.destroy();
            }
            assertEquals(0, process.waitFor());
            assertEquals(PIECES * PIECE.lines().count(), lines);
        }
    }

    @Test
    void onAFullDiskAreToldNotToBeWhole() throws IOException, InterruptedException {
        try (ServedDirector director = ServedDirector.of(new Listing())) {
            final ProcessBuilder client = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                "io.ringmaster.cli.Main", "ipvsadm", "-Lnc").redirectOutput(new File("/dev/full"));
            client.environment().put("RINGMASTER_SOCKET", director.socket().toString());
            final Process process = client.start();
            final String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("Standard output cannot be written (No space left on device): it is not whole.\n", said);
            assertEquals(1, process.waitFor());
        }
    }

    @Test
    void areMadeNoFasterThanTheClientReads() throws IOException {
        try (ServedDirector director = ServedDirector.of(new Listing());
             SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(director.socket()))) {
            client.write(ByteBuffer.wrap("{\"version\":1,\"args\":[\"ipvsadm\",\"-Lnc\"]}\n"
                .getBytes(StandardCharsets.UTF_8)));
            final ByteBuffer some = ByteBuffer.allocate(1 << 20);
            for (int read = 0; read < 8 << 20; some.clear()) {
                read += client.read(some);
            }
            assertTrue(made.get() < PIECES / 4, made + " pieces of " + PIECES + " for a client that read 8 MiB");
        }
    }

    /** A listing of 128 MiB, in pieces. */
    private final class Listing implements Commands {
        @Override
        public Reply run(final Request request) {
            final Iterator<String> pieces = IntStream.range(0, PIECES).mapToObj(i -> {
                made.incrementAndGet();
                return PIECE;
            }).iterator();
            return new Reply(0, "", "", pieces);
        }

        @Override
        public long version() {
            return 0;
        }

        @Override
        public boolean settled(final long version) {
            return true;
        }
    }
}
