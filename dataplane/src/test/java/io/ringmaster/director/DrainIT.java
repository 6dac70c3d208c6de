package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Draining real servers that real clients talk to, over veth. */
@Timeout(600)
class DrainIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final int PORT = 7000;
    private final List<AutoCloseable> open = new ArrayList<>();
    private Lab lab;

    @BeforeEach
    void makeLab() throws IOException {
        lab = Lab.with(DemoNetwork.Options.defaults());
        open.add(NamedServer.start(lab.network(), 1, PORT));
        open.add(NamedServer.start(lab.network(), 2, PORT));
    }

    @AfterEach
    void closeLab() throws Exception {
        for (final AutoCloseable each : open) {
            each.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    private String service() {
        return lab.vip(NAT) + ":" + PORT;
    }

    private void makeService(final String... options) {
        final List<String> words = new ArrayList<>(List.of("-A", "-t", service(), "-s", "rr"));
        words.addAll(List.of(options));
        lab.director().ipvsadm(words.toArray(String[]::new));
        for (int i = 1; i <= 2; i++) {
            lab.director().ipvsadm("-a", "-t", service(), "-r", lab.network().rip(i) + ":" + PORT, "-m");
        }
    }

    /** A connection whose real server has said its name. */
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final String server;

        Client() throws IOException {
            socket = lab.network().in(lab.network().client(), () -> {
                final Socket made = new Socket();
                // Closed by a reset: the connection then ends after 10 seconds, not after two minutes of TIME_WAIT.
                made.setSoLinger(true, 0);
                made.setSoTimeout(20_000);
                made.connect(new InetSocketAddress(lab.vip(NAT), PORT), 20_000);
                return made;
            });
            open.add(this);
            server = new String(socket.getInputStream().readNBytes("rsN\n".length()), 0, "rsN".length());
        }

        /** Says something and hears it again. */
        void talk() throws IOException {
            socket.getOutputStream().write('x');
            assertEquals('x', socket.getInputStream().read());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private List<Client> clients(final int number) throws IOException {
        final List<Client> clients = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            clients.add(new Client());
        }
        return clients;
    }

    private static List<String> servers(final List<Client> clients) {
        return clients.stream().map(client -> client.server).distinct().sorted().toList();
    }

    private CompletableFuture<Reply> asked(final String... words) {
        final CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() ->
            reply.complete(ControlClient.ask(lab.director().socket(), List.of(words), "")));
        return reply;
    }

    private Reply said(final String... words) {
        return asked(words).orTimeout(60, TimeUnit.SECONDS).join();
    }

    private void awaitWeight(final int weight) {
        final String rule = "-r " + lab.network().rip(1) + ":" + PORT + " -m -w " + weight;
        while (!lab.director().ipvsadm("-Sn").contains(rule)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoIsServedIsServedToTheEndAndNewClientsGoElsewhere() throws Exception {
        makeService();
        final List<Client> before = clients(4);
        assertEquals(List.of("rs1", "rs2"), servers(before));
        final CompletableFuture<Reply> first = asked("drain", lab.network().rip(1), "--json");
        awaitWeight(0);
        final CompletableFuture<Reply> second = asked("drain", lab.network().rip(1) + ":" + PORT);
        assertEquals(List.of("rs2"), servers(clients(4)), "new ones");
        for (final Client client : before) {
            client.talk();
        }
        assertFalse(first.isDone() || second.isDone(), "two connections are there");
        for (final Client client : before) {
            client.close();
        }
        final Reply json = first.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(0, json.exit(), json::toString);
        assertTrue(json.out().contains("\"draining\",\"active\":2,\"inactive\":0,\"templates\":0"), json.out());
        assertTrue(json.out().contains("\"drained\",\"active\":0,\"inactive\":0,\"templates\":0"), json.out());
        final Reply text = second.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(0, text.exit(), text::toString);
        assertEquals(lab.network().rip(1) + ":" + PORT + " of TCP " + service() + " has weight 1 again.\n",
            said("undrain", lab.network().rip(1)).out());
        assertEquals(List.of("rs1", "rs2"), servers(clients(4)), "it serves again");
        lab.assertSound();
    }

    @Test
    void atTheTimeOutConnectionsAreCutAndTheirClientsFindAnother() throws Exception {
        makeService();
        final List<Client> before = clients(2);
        final Reply cut = said("drain", lab.network().rip(1), "--timeout", "2", "--then", "delete");
        assertEquals(1, cut.exit(), cut::toString);
        assertTrue(cut.out().contains(": time-out after 2s with 1 active and 0 inactive connections left: each ends "
            + "with its client's next packet; it was deleted."), cut.out());
        for (final Client client : before) {
            if (client.server.equals("rs1")) {
                assertThrows(SocketException.class, client::talk, "it is reset");
            } else {
                client.talk();
            }
        }
        assertEquals(List.of("rs2"), servers(clients(3)));
        lab.assertSound();
    }

    @Test
    void persistentClientsComeBackUnlessTheyAreToGo() throws Exception {
        makeService("-p", "300");
        final String server = new Client().server;
        final String rip = lab.network().rip(server.equals("rs1") ? 1 : 2);
        final CompletableFuture<Reply> drain = asked("drain", rip, "--timeout", "15s", "--json");
        while (!lab.director().ipvsadm("-Sn").contains(rip + ":" + PORT + " -m -w 0")) {
            Thread.onSpinWait();
        }
        assertEquals(server, new Client().server, "its template leads it there still");
        assertEquals(0, said("sysctl", "expire_quiescent_template=1").exit());
        assertTrue(!server.equals(new Client().server), "now it goes elsewhere");
        final Reply cut = drain.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(1, cut.exit(), cut::toString);
        // The second one may have come before the drain looked for the first time.
        assertTrue(cut.out().matches("(?s).*\"state\":\"draining\",\"active\":[12],\"inactive\":0,\"templates\":1.*"),
            cut.out());
        lab.assertSound();
    }
}
