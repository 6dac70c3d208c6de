package io.ringmaster.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Asks a director that has just started for what changes nothing, so that a person's first command does not wait for
 * the classes that commands take.
 */
final class FirstCommands {
    private static final String[] ASKED = {"\"ipvsadm\",\"-Ln\"", "\"ipvsadm\",\"-D\"", "\"sysctl\",\"-a\"",
        "\"mark\",\"list\"", "\"drops\",\"--json\""};
    /** About a packet between addresses that are for documentation (RFC 5737). */
    private static final String EXPLAIN = "\"explain\",\"--from\",\"192.0.2.1:1\",\"--to\",\"192.0.2.2:1\"";
    private static final long LONGEST_MS = 5_000;

    private FirstCommands() {
    }

    /** Returns when all were answered, or after 5 seconds. */
    static void ask(final Path socket) {
        final Thread asking = new Thread(() -> askAll(socket, ASKED), "first commands");
        asking.setDaemon(true);
        asking.start();
        try {
            asking.join(LONGEST_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the first {@code explain} prepared, and asks it, beside all else; returns at once. */
    static void askToExplain(final Runnable preparation, final Path socket) {
        final Thread asking = new Thread(() -> {
            preparation.run();
            askAll(socket, EXPLAIN);
        }, "first explain");
        asking.setDaemon(true);
        asking.start();
    }

    private static void askAll(final Path socket, final String... asked) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
             BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            for (final String args : asked) {
                channel.write(ByteBuffer.wrap(("{\"version\":" + ThinClient.VERSION + ",\"args\":[" + args + "]}\n")
                    .getBytes(StandardCharsets.UTF_8)));
                String line = lines.readLine();
                while (line != null && !line.startsWith("{\"exit\"")) {
                    line = lines.readLine();
                }
            }
        } catch (final IOException e) {
            // Commands are only slower the first time.
            return;
        }
    }
}
