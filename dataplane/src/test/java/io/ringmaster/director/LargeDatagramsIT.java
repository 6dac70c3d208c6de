package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Datagrams of 8,000 bytes, in six fragments each way: through services, and pings that the kernel answers. Not through
 * tunnels: their packets would arrive in fragments, which the program that strips headers on these real servers leaves.
 */
class LargeDatagramsIT {
    private static final int BYTES = 8_000;
    private static final int EXCHANGES = 20;
    private static final int TRIES = 10;
    private static Lab lab;

    @BeforeAll
    static void start() {
        Needs.root();
        Needs.program("ping", "iputils-ping");
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
        Ipv6Network.add(lab.network());
        lab.own(RunningDirector.start(lab.network()));
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void clear() {
        lab.assertSound();
        lab.clear();
    }

    @ParameterizedTest
    @EnumSource(names = {"MASQUERADING", "DIRECT_ROUTING"})
    void throughAService(final ForwardingMethod method) throws IOException {
        lab.service("-u", method, "rr", 1, 1);
        final long joined = Counters.of(lab.director()).of(Counter.FRAGMENT_JOINED);
        final int answered = lab.network().in(lab.network().client(), () -> echoed(method));
        assertEquals(EXCHANGES, answered, () -> lab.director().said() + Counters.of(lab.director()).byGroupAndReason());
        assertTrue(Counters.of(lab.director()).of(Counter.FRAGMENT_JOINED) >= joined + EXCHANGES);
    }

    /** How many datagrams came back as they were sent. */
    private static int echoed(final ForwardingMethod method) throws IOException {
        final SplittableRandom random = new SplittableRandom(method.ordinal());
        int answered = 0;
        for (int i = 0; i < EXCHANGES; i++) {
            final byte[] data = new byte[BYTES - i];
            random.nextBytes(data);
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(lab.network().clientAddress(0), 0))) {
                socket.setSoTimeout(1_000);
                answered += isEchoed(socket, data, new InetSocketAddress(lab.vip(method), 80)) ? 1 : 0;
            }
        }
        return answered;
    }

    /** The first one has the real server's neighbour asked for, and is lost. */
    private static boolean isEchoed(final DatagramSocket socket, final byte[] data, final InetSocketAddress to)
        throws IOException {
        for (int i = 0; i < TRIES; i++) {
            socket.send(new DatagramPacket(data, data.length, to));
            final DatagramPacket reply = new DatagramPacket(new byte[BYTES + 1], BYTES + 1);
            try {
                socket.receive(reply);
                // The server writes its number into the first byte.
                return Arrays.equals(data, 1, data.length, reply.getData(), 1, reply.getLength());
            } catch (final SocketTimeoutException e) {
                // Again.
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.1.100", Ipv6Network.VIP})
    void pingsOfTheVip(final String vip) {
        lab.service("-u", ForwardingMethod.MASQUERADING, "rr", 1);
        lab.director().ipvsadm("-A", "-u", "[" + Ipv6Network.VIP + "]:80", "-s", "rr");
        final String said = lab.network().exec(lab.network().client(), "ping", "-n", "-c", "5", "-i", "0.2", "-w", "20",
            "-s", Integer.toString(BYTES), vip);
        assertTrue(said.contains("5 received"), said);
        assertTrue(said.contains(BYTES + 8 + " bytes from " + vip), said);
    }
}
