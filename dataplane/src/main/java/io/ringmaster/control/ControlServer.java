package io.ringmaster.control;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The control socket: clients send one JSON line a request and get one JSON line a reply. Polled by the control thread,
 * which owns it; {@link #poll()} never waits for a client. Number of clients, length of requests, memory of all of
 * them and their silence are bounded; each limit has its sentence.
 */
public final class ControlServer implements AutoCloseable {
    /** Clients served at once. */
    public static final int MOST_CLIENTS = 128;
    private static final long MOST_BYTES = 64L << 20;
    private static final int ACCEPTED_PER_POLL = 16;

    private final Path path;
    private final Commands commands;
    private final LongSupplier clockNs;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Object file;
    private final List<Session> sessions = new ArrayList<>();

    private ControlServer(final Path path, final Commands commands, final LongSupplier clockNs,
                          final ServerSocketChannel listener) throws IOException {
        this.path = path;
        this.commands = commands;
        this.clockNs = clockNs;
        this.listener = listener;
        this.selector = Selector.open();
        this.file = fileKey(path);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Listens on a path.
     *
     * @param path     of the socket; its directory is made if it is missing.
     * @param commands what requests are answered by.
     * @param clockNs  as System.nanoTime.
     * @throws ControlException in one sentence, if another director has the path or it cannot be had.
     */
    public static ControlServer open(final Path path, final Commands commands, final LongSupplier clockNs) {
        try {
            return new ControlServer(path, commands, clockNs, ControlSocket.listen(path));
        } catch (final IOException e) {
            throw new ControlException("Cannot listen on the socket path " + path + " (" + ControlSocket.reason(e)
                + ").");
        }
    }

    /** Where it listens. */
    public Path path() {
        return path;
    }

    /**
     * Accepts, reads, runs and answers what is there.
     *
     * @return how much was done; 0 for nothing.
     */
    public int poll() {
        final long nowNs = clockNs.getAsLong();
        int done = accept(nowNs);
        if (sessions.isEmpty()) {
            return done;
        }
        long memory = 0;
        for (final Session session : sessions) {
            memory += session.memoryBytes();
        }
        for (final Session session : sessions) {
            done += session.work(nowNs, memory < MOST_BYTES);
        }
        sessions.removeIf(Session::closed);
        return done;
    }

    private int accept(final long nowNs) {
        int accepted = 0;
        try {
            if (sessions.isEmpty() && selector.selectNow() == 0) {
                return 0;
            }
            selector.selectedKeys().clear();
            SocketChannel channel = listener.accept();
            while (channel != null) {
                welcome(channel, nowNs);
                accepted++;
                channel = accepted < ACCEPTED_PER_POLL ? listener.accept() : null;
            }
        } catch (final IOException e) {
            // Out of descriptors, most likely: those who wait are taken when some are free again.
            System.getLogger(ControlServer.class.getName())
                .log(System.Logger.Level.WARNING, "cannot accept a client of " + path, e);
        }
        return accepted;
    }

    private void welcome(final SocketChannel channel, final long nowNs) throws IOException {
        channel.configureBlocking(false);
        final Session session = new Session(channel, commands, nowNs);
        if (sessions.size() >= MOST_CLIENTS) {
            session.refuse("The director already serves " + MOST_CLIENTS + " clients; try again.", nowNs);
            session.close();
        } else {
            sessions.add(session);
        }
    }

    private static Object fileKey(final Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }

    /** Parts from all clients and removes the socket's file, unless another director has put its own there. */
    @Override
    public void close() {
        sessions.forEach(Session::close);
        sessions.clear();
        try {
            selector.close();
            listener.close();
            if (Files.exists(path) && file.equals(fileKey(path))) {
                Files.delete(path);
            }
        } catch (final IOException e) {
            System.getLogger(ControlServer.class.getName())
                .log(System.Logger.Level.WARNING, "the socket " + path + " is left behind", e);
        }
    }
}
