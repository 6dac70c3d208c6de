package io.ringmaster.director;

import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A real server that says its name to whoever connects, then says back what it hears. A thread each. */
final class NamedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final String name;

    private NamedServer(final ServerSocket listener, final String name) {
        this.listener = listener;
        this.name = name;
    }

    /** On a port of a real server, called rs and its number. */
    static NamedServer start(final DemoNetwork network, final int realServer, final int port) throws IOException {
        final NamedServer server = new NamedServer(network.in(network.realServer(realServer),
            () -> new ServerSocket(port)), "rs" + realServer);
        Thread.ofPlatform().daemon().name(server.name).start(server::accept);
        return server;
    }

    private void accept() {
        try {
            while (true) {
                final Socket socket = listener.accept();
                Thread.ofPlatform().daemon().name(name + " connection").start(() -> serve(socket));
            }
        } catch (final IOException e) {
            // The test is over.
            return;
        }
    }

    private void serve(final Socket accepted) {
        try (Socket socket = accepted; InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
            in.transferTo(socket.getOutputStream());
        } catch (final IOException e) {
            // The client has reset the connection.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
