package io.ringmaster.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.sys.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The wiring alone, by plain kernel routing: what a director will stand in must work without one. */
class DemoNetworkIT {
    @BeforeAll
    static void root() {
        DemoSupport.needRoot();
    }

    @Test
    void clientAndRealServersReachEachOtherThroughTheDirectorsKernel() throws Exception {
        try (DemoNetwork network = DemoNetwork.create(DemoNetwork.Options.defaults())) {
            for (int i = 1; i <= network.realServers(); i++) {
                final String from = network.clientAddress(0);
                assertEquals(from, peerSeenBy(network, i, network.rip(i), from));
            }
            assertTrue(network.exec(network.director(), "cat", "/proc/net/dev").contains("front"));
        }
    }

    @Test
    void repliesFromAVipOnARealServerPassTheDirectorBy() throws Exception {
        try (DemoNetwork network = DemoNetwork.create(DemoNetwork.Options.defaults())) {
            final String vip = network.vip(ForwardingMethod.DIRECT_ROUTING);
            // As direct routing delivers it: the VIP's packets to the MAC of one real server.
            network.exec(network.director(), "ip", "address", "delete", vip + "/32", "dev", "front");
            network.exec(network.director(), "ip", "route", "add", vip + "/32", "via", network.rip(2));
            network.exec(network.client(), "ip", "route", "add", vip + "/32", "via", DemoNetwork.DIRECTOR_FRONT);
            assertEquals(network.clientAddress(1), peerSeenBy(network, 2, vip, network.clientAddress(1)));
        }
    }

    @Test
    void nothingIsLeftAfterClose() {
        final List<String> names;
        try (DemoNetwork network = DemoNetwork.create(DemoNetwork.Options.defaults().withQueues(2))) {
            names = network.names();
            names.forEach(name -> assertTrue(NetworkNamespace.exists(name), name));
        }
        names.forEach(name -> assertFalse(NetworkNamespace.exists(name), name));
    }

    @Test
    void namespacesOfADeadProcessAreRemovedByTheNextRun() {
        final String dead = "ringmaster-" + Integer.MAX_VALUE + "-1-client";
        Commands.run("ip", "netns", "add", dead);
        DemoNetwork.create(DemoNetwork.Options.defaults()).close();
        assertFalse(NetworkNamespace.exists(dead));
    }

    /** Connects from an address of the client to a server: whom the server saw, told by the server to the client. */
    private static String peerSeenBy(final DemoNetwork network, final int server, final String address,
                                     final String from) throws Exception {
        try (ServerSocket listener = network.in(network.realServer(server), () -> new ServerSocket(8080))) {
            final Thread thread = Thread.ofPlatform().start(() -> {
                try (Socket accepted = listener.accept()) {
                    accepted.getOutputStream().write(accepted.getInetAddress().getHostAddress()
                        .getBytes(StandardCharsets.UTF_8));
                } catch (final IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            final String seen = network.in(network.client(), () -> {
                try (Socket socket = new Socket()) {
                    socket.bind(new InetSocketAddress(from, 0));
                    socket.connect(new InetSocketAddress(address, 8080), 3000);
                    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                }
            });
            thread.join();
            return seen;
        }
    }
}
