package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Telephone calls by sipp to any address of an IPv6 prefix: a service of a firewall mark with the engine sip. */
class SipMarkIT {
    private static final String MARKED = "fd77:5::";
    private static final int SERVERS = 2;
    private static final int CALLS = 20;
    private static Lab lab;
    private static Telephones telephones;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        Needs.root();
        Needs.program("sipp", "sip-tester");
        Needs.program("ping", "iputils-ping");
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults());
        final DemoNetwork network = lab.network();
        telephones = new Telephones(network, directory);
        Ipv6Network.add(network);
        network.exec(network.client(), "ip", "-6", "route", "add", MARKED + "/64", "via", "fd77:1::1");
        network.exec(network.director(), "ip", "-6", "route", "add", "local", MARKED + "/64", "dev", "lo");
        for (int i = 1; i <= SERVERS; i++) {
            Ipv6Network.addServer(network, i, Ipv6Network.DIP);
            telephones.answer(i, Ipv6Network.bracketed(Ipv6Network.rip(i)));
        }
        lab.own(RunningDirector.start(network));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (telephones != null) {
            telephones.end();
        }
        if (lab != null) {
            lab.close();
        }
    }

    private static void rules() {
        final Reply reply = ControlClient.ask(lab.director().socket(),
            List.of("mark", "add", "--destination", MARKED + "/64", "--mark", "1"), "");
        assertEquals(0, reply.exit(), reply::err);
        lab.director().ipvsadm("-A", "-f", "1", "-6", "-s", "rr", "-p", "60", "--pe", "sip");
        for (int i = 1; i <= SERVERS; i++) {
            final String rip = Ipv6Network.rip(i);
            lab.director().ipvsadm("-a", "-f", "1", "-6", "-r", Ipv6Network.bracketed(rip) + ":0", "-m");
            Telephones.makeKnown(lab, rip);
        }
    }

    @Test
    void eachCallOfAnAddressOfThePrefixHasOneRealServer() throws Exception {
        rules();
        for (final String address : List.of(MARKED + "1", MARKED + "abcd:2")) {
            final long caller = telephones.call(lab.director(), "[fd77:1::11]", Ipv6Network.bracketed(address), CALLS,
                "un");
            assertEquals(Map.of("[" + Ipv6Network.rip(1) + "]:0", (long) CALLS / SERVERS,
                "[" + Ipv6Network.rip(2) + "]:0", (long) CALLS / SERVERS), Telephones.byServer(lab.director(), caller));
        }
        lab.assertSound();
    }
}
