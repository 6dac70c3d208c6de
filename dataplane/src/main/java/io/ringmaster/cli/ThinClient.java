package io.ringmaster.cli;

import io.ringmaster.control.ControlSocket;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Sends one command to the running director and prints what it answers, as it comes. It loads as little as it can: a
 * command from the shell is to take about as long as the JVM takes to start.
 */
final class ThinClient {
    /** Exit code where no director answers, as ipvsadm's where the kernel has no IPVS. */
    static final int NO_DIRECTOR = 2;
    /** As Messages.VERSION, which would load the JSON library. */
    static final int VERSION = 1;
    private static final int FAILED = 1;
    private static final int NOT_PERMITTED = 3;
    private static final int BROKEN = 255;
    /** As the shell says it of a program that nobody reads from any more: 128 and SIGPIPE. */
    static final int NOBODY_READS = 141;
    private static final long PATIENCE_NS = 60_000_000_000L;
    /** The director gives up who says nothing for 10 seconds. */
    private static final long HEARTBEAT_MS = 4_000;
    /** Back to the line's start, and the rest of it empty (ECMA-48: CR, EL). */
    private static final String CLEAR_LINE = "\r\033[K";
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LONGEST_CHARACTER_BYTES = 4;
    private static final byte[] HEARTBEAT = {'{', '}', '\n'};
    private static final byte[] STOP = "{\"stop\":true}\n".getBytes(StandardCharsets.UTF_8);
    private static final long LAST_WORDS_MS = 3_000;

    private final Path socket;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private volatile long heardNs;
    private boolean shown;
    private volatile IOException stdinFailure;
    private volatile SocketChannel asked;

    ThinClient(final Path socket, final InputStream in, final PrintStream out, final PrintStream err) {
        this.socket = socket;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs a command on the director.
     *
     * @param args    the command and its arguments.
     * @param columns width of the terminal, 0 if there is none.
     * @return the exit code.
     */
    int run(final List<String> args, final int columns) {
        Thread guard = null;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            send(channel, request(args, columns));
            asked = channel;
            guard = guard(channel);
            return receive(channel, columns);
        } catch (final ConnectException e) {
            return complain(NO_DIRECTOR, noDirector(socket));
        } catch (final CaptureFile.UnwritableException e) {
            return complain(FAILED, e.getMessage());
        } catch (final IOException | RuntimeException e) {
            if (!Files.exists(socket)) {
                return complain(NO_DIRECTOR, noDirector(socket));
            }
            if (guard == null && !Files.isWritable(socket)) {
                return complain(NOT_PERMITTED, "This user may not use the director's socket " + socket
                    + "; ask as root, or as a member of the group that it was given by run --socket-group.");
            }
            if (stdinFailure != null) {
                return complain(BROKEN, "Standard input cannot be read: " + stdinFailure.getMessage() + ".");
            }
            return complain(BROKEN, "The director at " + socket + " could not be asked: " + e.getMessage()
                + ". Is it of the same version as this program?");
        } finally {
            if (guard != null) {
                guard.interrupt();
            }
        }
    }

    /**
     * Asks the command to come to an end; for a signal's thread. Returns after three seconds if the program has not
     * ended meanwhile, as it does when the director has said its last words.
     */
    void stop() {
        final SocketChannel channel = asked;
        if (channel != null) {
            try {
                send(channel, STOP);
                Thread.sleep(LAST_WORDS_MS);
            } catch (final IOException | InterruptedException e) {
                return;
            }
        }
    }

    /** Whether somebody listens. */
    static boolean answers(final Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    /** What to tell where nobody listens. */
    static String noDirector(final Path socket) {
        final int lengthBytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (lengthBytes > ControlSocket.LONGEST_PATH_BYTES) {
            return "A socket's path has at most " + ControlSocket.LONGEST_PATH_BYTES + " bytes, and " + socket
                + " has " + lengthBytes + "; name the director's with --socket.";
        }
        return "No director answers at " + socket + "; start one with: ringmaster run --interface IF"
            + (socket.toString().equals(ControlSocket.DEFAULT_PATH) ? "" : " --socket " + socket);
    }

    private int complain(final int exit, final String sentence) {
        err.println(sentence);
        return exit;
    }

    private static byte[] request(final List<String> args, final int columns) {
        final StringBuilder json = new StringBuilder(256).append("{\"version\":").append(VERSION).append(",\"args\":[");
        for (int i = 0; i < args.size(); i++) {
            json.append(i == 0 ? "" : ",").append(ReplyLine.quoted(args.get(i)));
        }
        return json.append("],\"columns\":").append(columns).append(",\"terminal\":").append(columns > 0).append("}\n")
            .toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Two threads send: this one, and the one that shows that it is still there. */
    private static void send(final SocketChannel channel, final byte[] line) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(line);
        synchronized (channel) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Uses line by line until the last one; the exit code. */
    private int receive(final SocketChannel channel, final int columns) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        int from = 0;
        while (channel.read(buffer) >= 0) {
            heardNs = System.nanoTime();
            int start = 0;
            for (int i = from; i < buffer.position(); i++) {
                if (buffer.get(i) == '\n') {
                    final ReplyLine line = ReplyLine.of(start == 0 ? buffer.array()
                        : Arrays.copyOfRange(buffer.array(), start, i), i - start);
                    use(line, channel, columns);
                    if (line.last()) {
                        return line.exit();
                    }
                    start = i + 1;
                }
            }
            buffer.flip().position(start);
            buffer = buffer.compact();
            from = buffer.position();
            if (!buffer.hasRemaining()) {
                buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), 2 * buffer.capacity())).position(from);
            }
        }
        throw new IOException("it hung up");
    }

    private void use(final ReplyLine line, final SocketChannel channel, final int columns) throws IOException {
        final boolean shows = line.progress() != null && columns > 0;
        if (shown || shows) {
            err.print(CLEAR_LINE);
            shown = shows;
        }
        if (shows) {
            err.write(line.progress(), 0, line.progress().length);
        }
        out.write(line.out(), 0, line.out().length);
        out.flush();
        err.write(line.err(), 0, line.err().length);
        err.flush();
        if (out.checkError()) {
            // Mostly nobody reads any more, as behind "| head": the rest is for nobody.
            Runtime.getRuntime().halt(unwritable());
        }
        if (line.wantsStdin()) {
            // A person may think long before a key is pressed, and sees meanwhile what the director says.
            final Thread reading = new Thread(() -> giveStdin(channel), "standard input");
            reading.setDaemon(true);
            reading.start();
        }
    }

    /** The exit code for standard output that takes nothing, and a sentence if it is not for want of readers. */
    private int unwritable() {
        // The print stream keeps the reason to itself; another attempt tells it.
        try (FileOutputStream again = new FileOutputStream(FileDescriptor.out)) {
            again.write('\n');
        } catch (final IOException e) {
            if (!"Broken pipe".equals(e.getMessage())) {
                err.println("Standard output cannot be written (" + e.getMessage() + "): it is not whole.");
                err.flush();
                return FAILED;
            }
        }
        return NOBODY_READS;
    }

    private void giveStdin(final SocketChannel channel) {
        final byte[] line;
        try {
            line = stdinLine();
        } catch (final IOException e) {
            stdinFailure = e;
            close(channel);
            return;
        }
        try {
            send(channel, line);
        } catch (final IOException e) {
            // Who receives finds out as well, and tells.
            return;
        }
    }

    private static void close(final SocketChannel channel) {
        try {
            channel.close();
        } catch (final IOException e) {
            return;
        }
    }

    /** One piece of standard input, or its end. */
    private byte[] stdinLine() throws IOException {
        final byte[] piece = new byte[BUFFER_BYTES];
        int length = in.read(piece, 0, piece.length - LONGEST_CHARACTER_BYTES);
        // A character of several bytes stays whole.
        while (length > 0 && cut(piece, length)) {
            final int more = in.read(piece, length, 1);
            length += Math.max(0, more);
            if (more < 0) {
                break;
            }
        }
        return ("{\"stdin\":" + (length < 0 ? "null"
            : ReplyLine.quoted(new String(piece, 0, length, StandardCharsets.UTF_8))) + "}\n")
            .getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the last character of some UTF-8 is not all there (RFC 3629). */
    private static boolean cut(final byte[] text, final int length) {
        int start = length - 1;
        while (start > 0 && length - start < LONGEST_CHARACTER_BYTES && (text[start] & 0xc0) == 0x80) {
            start--;
        }
        final int first = text[start] & 0xff;
        final int wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
        return length - start < wanted;
    }

    /** Shows the director that this program is there, and ends it if the director says nothing for too long. */
    private Thread guard(final SocketChannel channel) {
        heardNs = System.nanoTime();
        final Thread watch = new Thread(() -> watch(channel), "patience");
        watch.setDaemon(true);
        watch.start();
        return watch;
    }

    private void watch(final SocketChannel channel) {
        try {
            while (System.nanoTime() - heardNs < PATIENCE_NS) {
                Thread.sleep(HEARTBEAT_MS);
                send(channel, HEARTBEAT);
            }
        } catch (final InterruptedException | IOException e) {
            return;
        }
        err.println("The director at " + socket + " has not answered for " + PATIENCE_NS / 1_000_000_000
            + " seconds; given up.");
        Runtime.getRuntime().halt(BROKEN);
    }
}
