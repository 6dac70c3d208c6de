package io.ringmaster.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that {@code ringmaster capture -w} names. The program that the shell starts writes it, with its user's
 * rights, from what the director gives it as standard output; it is made when the director has begun.
 */
final class CaptureFile extends OutputStream {
    /** Exit code where the file cannot be written. */
    private static final int FAILED = 1;

    private final Path path;
    private OutputStream out;

    private CaptureFile(final Path path) {
        this.path = path;
    }

    /** It cannot be written; the message is a sentence. */
    static final class UnwritableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnwritableException(final String name, final String reason) {
            super("The file " + name + " cannot be written (" + reason + ").");
        }
    }

    /** Runs {@code ringmaster capture}, which Ctrl-C ends in order. */
    static int capture(final Path socket, final InputStream in, final List<String> args, final int columns) {
        final PrintStream out;
        try {
            out = toStandardOutput(args) ? System.out : new PrintStream(new CaptureFile(checked(name(args))));
        } catch (final UnwritableException e) {
            System.err.println(e.getMessage());
            return FAILED;
        }
        final ThinClient client = new ThinClient(socket, in, out, System.err);
        Runtime.getRuntime().addShutdownHook(new Thread(client::stop));
        return client.run(args, columns);
    }

    /** Whether what a command says goes to standard output, not to a file. */
    static boolean toStandardOutput(final List<String> args) {
        return !args.getFirst().equals("capture") || name(args) == null || name(args).equals("-");
    }

    /** The name of the file, or null if there is none. */
    static String name(final List<String> args) {
        for (int i = 1; i < args.size(); i++) {
            final String word = args.get(i);
            if (word.equals("-w")) {
                return i + 1 < args.size() ? args.get(i + 1) : null;
            }
            if (word.startsWith("-w")) {
                return word.substring(word.startsWith("-w=") ? "-w=".length() : "-w".length());
            }
        }
        return null;
    }

    /** What would go wrong later is told before anything begins. */
    private static Path checked(final String name) {
        final Path path;
        try {
            path = Path.of(name);
        } catch (final InvalidPathException e) {
            throw new UnwritableException(name, e.getReason());
        }
        final Path folder = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path)) {
            throw new UnwritableException(name, "it is a folder");
        }
        if (!Files.exists(path) && (folder == null || !Files.isDirectory(folder))) {
            throw new UnwritableException(name, "there is no folder " + folder);
        }
        if (!Files.isWritable(Files.exists(path) ? path : folder)) {
            throw new UnwritableException(name, "this user may not");
        }
        return path;
    }

    @Override
    public void write(final int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) {
        if (length == 0) {
            return;
        }
        try {
            if (out == null) {
                out = new FileOutputStream(path.toFile());
            }
            out.write(bytes, offset, length);
        } catch (final IOException e) {
            throw new UnwritableException(path.toString(), e.getMessage());
        }
    }
}
