package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Datagrams of 8,000 bytes over IPv6 through each forwarding method, and services of IPv6 firewall marks, by ordinary
 * programs.
 */
class Ipv6FragmentsIT {
    private static final int DATAGRAMS = 50;
    private static final int BYTES = 8_000;
    private static final String MARKED = "fd77:5::";
    private static final String SERVICE = Ipv6Network.bracketed(Ipv6Network.VIP) + ":" + LargeDatagrams.PORT;
    private static Lab lab;
    private static LargeDatagrams datagrams;

    @BeforeAll
    static void start() throws IOException {
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
        final DemoNetwork network = lab.network();
        Ipv6Network.add(network);
        Ipv6Network.addServer(network, 1, Ipv6Network.SWITCH);
        Ipv6Network.addServer(network, 2, Ipv6Network.DIP);
        network.exec(network.client(), "ip", "-6", "route", "add", MARKED + "/64", "via", "fd77:1::1");
        network.exec(network.director(), "ip", "-6", "route", "add", "local", MARKED + "/64", "dev", "lo");
        datagrams = new LargeDatagrams(network);
        datagrams.serve(1, Ipv6Network.VIP);
        datagrams.serveTunnel(1, Ipv6Network.rip(1), Ipv6Network.VIP);
        datagrams.serve(2, Ipv6Network.rip(2));
        lab.own(RunningDirector.start(network));
    }

    @AfterAll
    static void stop() {
        if (datagrams != null) {
            datagrams.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @AfterEach
    void clear() {
        lab.assertSound();
        lab.clear();
    }

    private static void service(final int server, final String... method) throws IOException {
        final String[] words = new String[5 + method.length];
        System.arraycopy(new String[] {"-a", "-u", SERVICE, "-r", Ipv6Network.bracketed(Ipv6Network.rip(server)) + ":"
            + LargeDatagrams.PORT}, 0, words, 0, 5);
        System.arraycopy(method, 0, words, 5, method.length);
        lab.director().ipvsadm("-A", "-u", SERVICE, "-s", "rr");
        lab.director().ipvsadm(words);
        final Counters before = Counters.of(lab.director());
        echo(Ipv6Network.VIP, DATAGRAMS);
        final Counters after = Counters.of(lab.director());
        assertTrue(after.of(Counter.FRAGMENT_JOINED) - before.of(Counter.FRAGMENT_JOINED) >= DATAGRAMS * 5,
            "they came in fragments");
        assertTrue(after.of(Counter.SENT_TO_REAL_SERVER) - before.of(Counter.SENT_TO_REAL_SERVER) > DATAGRAMS,
            "and those before them");
    }

    private static void echo(final String address, final int count) throws IOException {
        try {
            datagrams.echo(address, count, BYTES);
        } catch (final SocketTimeoutException e) {
            final Reply drops = ControlClient.ask(lab.director().socket(), List.of("drops"), "");
            throw new AssertionError("no echo from " + address + "; what became of all packets:\n" + drops.out(), e);
        }
    }

    @Test
    void masquerading() throws IOException {
        service(2, "-m");
    }

    @Test
    void directRouting() throws IOException {
        service(1, "-g");
    }

    @Test
    void tunneling() throws IOException {
        service(1, "-i", "--tun-type", "gue", "--tun-port", Integer.toString(LargeDatagrams.TUNNEL_PORT), "--tun-csum");
    }

    private static void mark(final String... words) {
        final Reply reply = ControlClient.ask(lab.director().socket(), List.of(words), "");
        assertEquals(0, reply.exit(), reply::err);
    }

    @Test
    void aServiceOfAnIpv6Mark() throws IOException {
        mark("mark", "add", "--destination", MARKED + "/64", "--mark", "1");
        try {
            lab.director().ipvsadm("-A", "-f", "1", "-6", "-s", "rr");
            lab.director().ipvsadm("-a", "-f", "1", "-6", "-r", Ipv6Network.bracketed(Ipv6Network.rip(2)) + ":0", "-m");
            for (final String address : List.of(MARKED + "1", MARKED + "2", MARKED + "abcd:1")) {
                for (final String port : List.of(":80", ":8080")) {
                    assertEquals("200 100000", curl("http://" + Ipv6Network.bracketed(address) + port
                        + "/bytes/100000"));
                }
                echo(address, 3);
            }
            final String connections = lab.director().ipvsadm("-L", "-n", "-c");
            assertTrue(connections.contains("[" + MARKED + "abcd:1]:8080"), connections);
            assertEquals(9, connections.lines().filter(line -> line.contains(MARKED)).count(), connections);
        } finally {
            mark("mark", "del", "--destination", MARKED + "/64", "--mark", "1");
        }
    }

    private static String curl(final String url) {
        return lab.network().exec(lab.network().client(), "curl", "-g", "-s", "-m", "60", "-o", "/dev/null", "-w",
            "%{http_code} %{size_download}", url).strip();
    }
}
