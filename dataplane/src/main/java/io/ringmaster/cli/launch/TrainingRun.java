package io.ringmaster.cli.launch;

import io.ringmaster.cli.DirectorSocket;
import io.ringmaster.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Does once what commands from the shell do, so that the virtual machine's cache holds the classes that this takes:
 * asks a director that is played by another thread, asks where there is none, shows help, complains. What it prints is
 * for nobody.
 */
public final class TrainingRun {
    private static final List<String> ANSWER = List.of("{\"progress\":\"half\"}", "{\"want\":\"stdin\"}",
        "{\"out\":\"a line\\n\"}", "{\"err\":\"a warning\\n\"}", "{\"bytes\":\"UEs=\"}", "{\"exit\":1}");
    private static final List<String> ALONE = List.of("--help", "--version", "version", "run", "run --help", "nosuch",
        "drops --help", "sysctl --help", "mark --help", "table check --help", "ipvsadm --help");

    private TrainingRun() {
    }

    /** Runs commands until all ways of the client were gone once. */
    public static void main(final String[] args) throws IOException {
        final Path folder = Files.createTempDirectory("ringmaster-training-");
        final Path socket = folder.resolve("s");
        trainSearch();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            final Thread director = new Thread(() -> answer(server), "director");
            director.setDaemon(true);
            director.start();
            for (final String command : List.of("ipvsadm -Ln", "drops")) {
                Main.run(("--socket " + socket + " " + command).split(" "));
            }
        } finally {
            Files.deleteIfExists(socket);
        }
        Main.run(("--socket " + socket + " ipvsadm -Ln").split(" "));
        Files.delete(folder);
        for (final String command : ALONE) {
            Main.run(command.split(" "));
        }
    }

    /** Which director a command is for, without asking one that happens to run here. */
    private static void trainSearch() {
        try {
            DirectorSocket.find();
        } catch (final IllegalStateException e) {
            // There are several, which is none of the training's business.
            return;
        }
    }

    private static void answer(final ServerSocketChannel server) {
        try {
            while (server.isOpen()) {
                try (SocketChannel client = server.accept();
                     BufferedReader lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
                    lines.readLine();
                    for (final String line : ANSWER) {
                        client.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
                        if (line.contains("want")) {
                            lines.readLine();
                        }
                    }
                }
            }
        } catch (final IOException e) {
            // The end: the server was closed.
            return;
        }
    }
}
