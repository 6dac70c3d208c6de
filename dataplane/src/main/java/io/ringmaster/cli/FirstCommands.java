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
    private static final long LONGEST_MS = 5_000;

    private FirstCommands() {
    }

    /** Returns when all were answered, or after 5 seconds. */
    static void ask(final Path socket) {
        final Thread asking = new Thread(() -> askAll(socket), "first commands");
        asking.setDaemon(true);
        asking.start();
        try {
            asking.join(LONGEST_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void askAll(final Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
             BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            for (final String args : ASKED) {
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
