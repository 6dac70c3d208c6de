package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever misuses the control socket harms neither the commands of others nor the traffic. */
class SocketAbuseIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final String BEGIN = "{\"version\":1,\"args\":";
    private static Lab lab;
    private static String rules;
    private final List<SocketChannel> channels = new ArrayList<>();

    @BeforeAll
    static void makeLab() {
        lab = Lab.with(new DemoNetwork.Options(1, 1, 1, 1600));
        lab.service("-t", NAT, "rr", 1);
        rules = lab.director().ipvsadm("-Sn");
    }

    @AfterAll
    static void closeLab() {
        if (lab != null) {
            lab.close();
        }
    }

    private SocketChannel connect() throws IOException {
        final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(lab.director().socket()));
        channels.add(channel);
        return channel;
    }

    private static void send(final SocketChannel channel, final byte[] bytes) throws IOException {
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** While the abusers still hold their connections. */
    @AfterEach
    void othersAreServed() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertEquals(rules, lab.director().ipvsadm("-Sn"));
        }
        assertEquals(List.of(), lab.http(NAT).get(10, 2, number -> 1_000).failures());
        for (final SocketChannel channel : channels) {
            channel.close();
        }
        assertEquals(rules, lab.director().ipvsadm("-Sn"));
        lab.assertSound();
    }

    @Test
    void garbage() throws IOException {
        final Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            final byte[] noise = new byte[1 + random.nextInt(5_000)];
            random.nextBytes(noise);
            noise[noise.length - 1] = '\n';
            try {
                send(connect(), noise);
            } catch (final IOException e) {
                // Hung up on in the middle of it: as it should be.
                assertTrue(lab.director().process().isAlive());
            }
        }
        for (final String line : List.of("", "{}", "[]", "null", BEGIN + "[]}", BEGIN + "[1]}", BEGIN + "{}}",
            BEGIN + "[\"ipvsadm\",\"-Ln\"]", BEGIN + "[\"nosuch\"]}", BEGIN + "[\"\"]}",
            BEGIN + "[\"ipvsadm\",\"-A\",\"-t\",\"\\u0000\"]}", BEGIN + "[\"ipvsadm\",\"-R\"],\"stdin\":\"x\"}",
            BEGIN + "[\"ipvsadm\",\"-Ln\"],\"columns\":1e99}", "{\"version\":2,\"args\":[\"ipvsadm\"]}",
            "{\"args\":[\"ipvsadm\"]}", "[".repeat(100_000))) {
            final SocketChannel channel = connect();
            try {
                send(channel, (line + "\n").getBytes(StandardCharsets.UTF_8));
                final ByteBuffer answer = ByteBuffer.allocate(1 << 16);
                channel.read(answer);
                final String said = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
                assertTrue(said.startsWith("{\"exit\":") && !said.startsWith("{\"exit\":0"), line + " -> " + said);
            } catch (final IOException e) {
                assertTrue(line.length() > 10_000, line + ": " + e);
            }
        }
    }

    @Test
    void halfRequestsAndEarlyGoodbyes() throws IOException {
        final byte[] half = "{\"version\":1,\"args\":[\"ipvsadm\",\"-C\"]".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 60; i++) {
            send(connect(), half);
            final SocketChannel vanishing = connect();
            send(vanishing, "{\"version\":1,\"args\":[\"ipvsadm\",\"-Ln\"]}\n".getBytes(StandardCharsets.UTF_8));
            vanishing.close();
        }
    }

    @Test
    void twoHundredIdleConnections() throws IOException {
        for (int i = 0; i < 200; i++) {
            connect();
        }
    }

    @Test
    void hugeRequests() throws IOException {
        final byte[] megabyte = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        final SocketChannel channel = connect();
        send(channel, "{\"version\":1,\"args\":[\"".getBytes(StandardCharsets.UTF_8));
        int sentMegabytes = 0;
        try {
            for (; sentMegabytes < 40; sentMegabytes++) {
                send(channel, megabyte);
            }
        } catch (final IOException e) {
            assertTrue(sentMegabytes >= 10, "hung up on after " + sentMegabytes + " MB: " + e);
        }
        assertTrue(sentMegabytes < 40, "an endless request is hung up on");
        // One that is long but honest: four thousand rules at once, of which the first is wrong.
        final Reply reply = ControlClient.ask(lab.director().socket(), List.of("ipvsadm", "-R"),
            "-a -t 10.0.0.1:1 -r 10.0.0.2:1 -m\n".repeat(4_000));
        assertTrue(reply.exit() != 0, reply::toString);
    }

    /** A hundred at once, each with several commands on one connection, and every answer whole. */
    @Test
    void aHundredClientsAtOnce() throws InterruptedException {
        final Queue<Object> wrong = new ConcurrentLinkedQueue<>();
        final CountDownLatch connected = new CountDownLatch(100);
        final List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(lab.director().socket()))) {
                    connected.countDown();
                    connected.await();
                    final BufferedReader lines = new BufferedReader(Channels.newReader(channel,
                        StandardCharsets.UTF_8));
                    final Set<String> answers = new HashSet<>();
                    for (int n = 0; n < 10; n++) {
                        send(channel, (BEGIN + "[\"ipvsadm\",\"-Sn\"]}\n").getBytes(StandardCharsets.UTF_8));
                        answers.add(lines.readLine());
                    }
                    if (answers.size() != 1 || !answers.iterator().next().startsWith("{\"exit\":0,\"out\":\"-A ")) {
                        wrong.add(answers);
                    }
                } catch (final IOException | InterruptedException e) {
                    wrong.add(e);
                }
            }));
        }
        for (final Thread client : clients) {
            client.join();
        }
        assertEquals(List.of(), List.copyOf(wrong));
    }

    /** A gigabyte of standard input is not taken: what is too much is told, and no memory is taken for it. */
    @Test
    void standardInputWithoutEnd() throws IOException {
        final SocketChannel channel = connect();
        send(channel, (BEGIN + "[\"ipvsadm\",\"-R\"]}\n").getBytes(StandardCharsets.UTF_8));
        final BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        final byte[] megabyte = ("{\"stdin\":\"" + "# nothing\\n".repeat(100_000) + "\"}\n")
            .getBytes(StandardCharsets.UTF_8);
        String said = lines.readLine();
        int sentMegabytes = 0;
        for (; sentMegabytes < 1_000 && said.equals("{\"want\":\"stdin\"}"); sentMegabytes++) {
            send(channel, megabyte);
            said = lines.readLine();
        }
        assertTrue(said.contains("Standard input is longer than 16777216 characters; split it."), said);
        assertTrue(sentMegabytes < 20, sentMegabytes + " MB were taken");
        assertEquals(null, lines.readLine(), "it is hung up on");
    }

    /** One letter now and then is no request: its time counts from the first. */
    @Test
    void aSlowRequest() throws Exception {
        final SocketChannel channel = connect();
        channel.configureBlocking(false);
        final ByteBuffer answer = ByteBuffer.allocate(1_000);
        for (int i = 0; i < 150 && channel.read(answer) == 0; i++) {
            try {
                send(channel, new byte[] {'['});
            } catch (final IOException e) {
                assertTrue(i > 0, "hung up on at once: " + e);
            }
            Thread.sleep(100);
        }
        final String said = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        assertTrue(said.contains("no newline came for 10 seconds"), said);
    }

    @Test
    void otherVersionsAreTold() throws IOException {
        for (final String line : List.of("{\"version\":2,\"args\":[\"ipvsadm\",\"-C\"],\"news\":[{}]}",
            "{\"args\":[\"ipvsadm\",\"-C\"]}")) {
            final SocketChannel channel = connect();
            send(channel, (line + "\n").getBytes(StandardCharsets.UTF_8));
            final BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            final String said = lines.readLine();
            assertTrue(said.startsWith("{\"exit\":4,"), said);
            assertTrue(said.contains("This director speaks version 1 of the control protocol"), said);
            assertEquals(null, lines.readLine(), "it is hung up on");
        }
    }

    /** Verbs run on threads of their own: those whose clients vanish, or take nothing, end or wait without harm. */
    @Test
    void verbsWithoutReaders() throws IOException {
        for (int i = 0; i < 60; i++) {
            final SocketChannel silent = connect();
            send(silent, (BEGIN + "[\"drops\",\"--all\"]}\n").repeat(50).getBytes(StandardCharsets.UTF_8));
            final SocketChannel vanishing = connect();
            send(vanishing, (BEGIN + "[\"drops\",\"--json\"]}\n").getBytes(StandardCharsets.UTF_8));
            vanishing.close();
        }
    }
}
