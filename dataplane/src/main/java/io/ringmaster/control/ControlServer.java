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
import java.util.concurrent.locks.LockSupport;
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
    private static final long PATIENCE_NS = 50_000_000L;
    private static final long GOODBYE_NS = 1_000_000_000L;
    private static final long FULL_PAUSE_NS = 1_000_000L;
    private static final long COMPLAIN_EVERY_NS = 60_000_000_000L;

    private final Path path;
    private final Commands commands;
    private final LongSupplier clockNs;
    private final ServerSocketChannel listener;
    private final Selector selector;
    private final Object file;
    private final Peers peers;
    private final List<Session> sessions = new ArrayList<>();
    /** Accepted, but without a place yet. */
    private SocketChannel next;
    private boolean complained;
    private long complainedNs;

    private ControlServer(final Path path, final Commands commands, final LongSupplier clockNs,
                          final ServerSocketChannel listener, final SocketAccess access) throws IOException {
        this.path = path;
        this.commands = commands;
        this.clockNs = clockNs;
        this.listener = listener;
        this.selector = Selector.open();
        this.file = fileKey(path);
        this.peers = new Peers(access.groupMayChange());
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
        return open(path, SocketAccess.OWNER, commands, clockNs);
    }

    /** As above, for those whom {@code access} names, too. */
    public static ControlServer open(final Path path, final SocketAccess access, final Commands commands,
                                     final LongSupplier clockNs) {
        try {
            return new ControlServer(path, commands, clockNs, ControlSocket.listen(path, access), access);
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
        if (sessions.removeIf(Session::closed)) {
            select(0);
        }
        return done;
    }

    /**
     * Waits until a client says something or takes something, a verb wants the control thread, or the time is over.
     *
     * @param longestMs at least 1.
     */
    public void await(final long longestMs) {
        if (sessions.size() < MOST_CLIENTS) {
            select(longestMs);
        } else {
            // A newcomer who has to wait would end each select at once.
            LockSupport.parkNanos(FULL_PAUSE_NS);
        }
    }

    /** Also what really closes channels that were. */
    private void select(final long longestMs) {
        try {
            if (longestMs > 0) {
                selector.select(longestMs);
            } else {
                selector.selectNow();
            }
            selector.selectedKeys().clear();
        } catch (final IOException e) {
            complain(e, clockNs.getAsLong());
        }
    }

    private int accept(final long nowNs) {
        int accepted = 0;
        try {
            while (accepted < ACCEPTED_PER_POLL) {
                next = next == null ? listener.accept() : next;
                if (next == null || !hasRoom(nowNs)) {
                    break;
                }
                final SocketChannel channel = next;
                next = null;
                accepted++;
                sessions.add(session(channel, nowNs));
            }
        } catch (final IOException e) {
            // Out of descriptors, most likely: those who wait are taken when some are free again.
            complain(e, nowNs);
        }
        return accepted;
    }

    private Session session(final SocketChannel channel, final long nowNs) throws IOException {
        try {
            channel.configureBlocking(false);
            return new Session(channel, channel.register(selector, SelectionKey.OP_READ), peers.of(channel), commands,
                nowNs);
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
    }

    /** This may be so at every poll, a thousand times a second, and is told once a minute. */
    private void complain(final IOException e, final long nowNs) {
        if (!complained || nowNs - complainedNs > COMPLAIN_EVERY_NS) {
            complained = true;
            complainedNs = nowNs;
            System.getLogger(ControlServer.class.getName())
                .log(System.Logger.Level.WARNING, "cannot accept a client of " + path, e);
        }
    }

    /**
     * Where all places are taken, the client that has kept us waiting longest gives way; until one has for a moment,
     * newcomers wait to be accepted. So clients that say nothing keep nobody from being heard.
     */
    private boolean hasRoom(final long nowNs) {
        if (sessions.size() < MOST_CLIENTS) {
            return true;
        }
        Session slowest = null;
        for (final Session session : sessions) {
            if (session.silentNs(nowNs) > (slowest == null ? PATIENCE_NS : slowest.silentNs(nowNs))) {
                slowest = session;
            }
        }
        if (slowest == null) {
            return false;
        }
        slowest.refuse("The director gave this client's place to another, since it serves " + MOST_CLIENTS
            + " at once and this one was silent; try again.", nowNs);
        slowest.close();
        sessions.remove(slowest);
        return true;
    }

    private static Object fileKey(final Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }

    /** Tells clients that wait; those who follow the director to its end have a moment to hear of it. */
    private void sayGoodbye() {
        commands.ending();
        final long startNs = System.nanoTime();
        boolean more = true;
        while (more && System.nanoTime() - startNs < GOODBYE_NS) {
            final long nowNs = clockNs.getAsLong();
            more = false;
            for (final Session session : sessions) {
                if (session.saysGoodbye(nowNs)) {
                    session.work(nowNs, false);
                    more = true;
                }
            }
            if (more) {
                select(1);
            }
        }
    }

    /** Parts from all clients and removes the socket's file, unless another director has put its own there. */
    @Override
    public void close() {
        sayGoodbye();
        sessions.forEach(Session::close);
        sessions.clear();
        try {
            if (next != null) {
                next.close();
            }
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
