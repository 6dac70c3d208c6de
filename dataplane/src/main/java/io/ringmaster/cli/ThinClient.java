package io.ringmaster.cli;

import io.ringmaster.control.ControlSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sends one command to the running director and prints what it answers. It loads as little as it can: a command from
 * the shell is to take about as long as the JVM takes to start.
 */
final class ThinClient {
    /** Exit code where no director answers, as ipvsadm's where the kernel has no IPVS. */
    static final int NO_DIRECTOR = 2;
    private static final int BROKEN = 255;
    private static final long PATIENCE_NS = 60_000_000_000L;
    /** How a line begins that is no reply yet; its text needs no unescaping. */
    private static final String PROGRESS = "{\"progress\":\"";
    /** Back to the line's start, and the rest of it empty (ECMA-48: CR, EL). */
    private static final String CLEAR_LINE = "\r\033[K";
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path socket;
    private final PrintStream out;
    private final PrintStream err;
    private volatile long heardNs;

    ThinClient(final Path socket, final PrintStream out, final PrintStream err) {
        this.socket = socket;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs a command on the director.
     *
     * @param args    the command and its arguments.
     * @param stdin   what the command may read.
     * @param columns width of the terminal, 0 if there is none.
     * @return the exit code.
     */
    int run(final List<String> args, final String stdin, final int columns) {
        final Thread guard = guard();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            guard.start();
            send(channel, request(args, stdin, columns));
            final ReplyReader reply = ReplyReader.of(receive(channel, columns));
            out.print(reply.out());
            out.flush();
            err.print(reply.err());
            err.flush();
            return reply.exit();
        } catch (final ConnectException e) {
            return complain(NO_DIRECTOR, noDirector(socket));
        } catch (final IOException | RuntimeException e) {
            if (!Files.exists(socket)) {
                return complain(NO_DIRECTOR, noDirector(socket));
            }
            return complain(BROKEN, "The director at " + socket + " could not be asked (" + e.getMessage()
                + "); are you root, and is it of the same version as this program?");
        } finally {
            guard.interrupt();
        }
    }

    /** What to tell where nobody listens. */
    static String noDirector(final Path socket) {
        return "No director answers at " + socket + "; start one with: ringmaster run --interface IF"
            + (socket.toString().equals(ControlSocket.DEFAULT_PATH) ? "" : " --socket " + socket);
    }

    private int complain(final int exit, final String sentence) {
        err.println(sentence);
        return exit;
    }

    private static String request(final List<String> args, final String stdin, final int columns) {
        final StringBuilder json = new StringBuilder(stdin.length() + 256).append("{\"args\":[");
        for (int i = 0; i < args.size(); i++) {
            json.append(i == 0 ? "" : ",").append(ReplyReader.quoted(args.get(i)));
        }
        return json.append("],\"stdin\":").append(ReplyReader.quoted(stdin)).append(",\"columns\":").append(columns)
            .append(",\"terminal\":").append(columns > 0).append("}\n").toString();
    }

    private static void send(final SocketChannel channel, final String request) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The reply line; lines before it say how far the director is, and are shown to people only. */
    private String receive(final SocketChannel channel, final int columns) throws IOException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER_BYTES);
        final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        boolean shown = false;
        while (channel.read(buffer) >= 0) {
            int from = 0;
            for (int i = 0; i < buffer.position(); i++) {
                if (buffer.get(i) == '\n') {
                    line.write(buffer.array(), from, i + 1 - from);
                    from = i + 1;
                    final String text = line.toString(StandardCharsets.UTF_8);
                    if (!text.startsWith(PROGRESS)) {
                        err.print(shown ? CLEAR_LINE : "");
                        return text;
                    }
                    heardNs = System.nanoTime();
                    shown = columns > 0;
                    err.print(shown ? CLEAR_LINE + text.substring(PROGRESS.length(), text.lastIndexOf('"')) : "");
                    err.flush();
                    line.reset();
                }
            }
            line.write(buffer.array(), from, buffer.position() - from);
            buffer.clear();
        }
        throw new IOException("it hung up");
    }

    /** Ends the program if the director says nothing for too long. */
    private Thread guard() {
        heardNs = System.nanoTime();
        final Thread watch = new Thread(() -> {
            try {
                long leftNs = PATIENCE_NS;
                while (leftNs > 0) {
                    Thread.sleep(leftNs / 1_000_000 + 1);
                    leftNs = heardNs + PATIENCE_NS - System.nanoTime();
                }
            } catch (final InterruptedException e) {
                return;
            }
            err.println("The director at " + socket + " has not answered for " + PATIENCE_NS / 1_000_000_000
                + " seconds; given up.");
            Runtime.getRuntime().halt(BROKEN);
        }, "patience");
        watch.setDaemon(true);
        return watch;
    }
}
