package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tunnels of each type with either family outside and inside, by ordinary programs. The way has no room for the
 * tunnel's headers, so that clients have to be told in either family.
 */
class TunnelFamiliesIT {
    private static final int UPLOAD_BYTES = 300_000;
    private static final String VIP6 = "fd77:1::102";
    private static final String RIP6 = "fd77:2::11";
    private static final String SWITCH6 = "fd77:2::fe";
    private static Lab lab;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults().withServerMtu(1_500));
        final DemoNetwork network = lab.network();
        for (final String host : List.of(network.switchboard(), network.client(), network.director(),
            network.realServer(1))) {
            network.exec(host, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
        }
        address(network.switchboard(), "fd77:1::fe/64", "br-client");
        address(network.switchboard(), SWITCH6 + "/64", "br-server");
        address(network.client(), "fd77:1::11/64", DemoNetwork.ETH0);
        address(network.director(), "fd77:1::1/64", DemoNetwork.FRONT);
        address(network.director(), VIP6 + "/128", DemoNetwork.FRONT);
        address(network.director(), "fd77:2::1/64", DemoNetwork.BACK);
        address(network.realServer(1), RIP6 + "/64", DemoNetwork.ETH0);
        address(network.realServer(1), VIP6 + "/128", "lo");
        network.exec(network.realServer(1), "ip", "-6", "route", "add", "default", "via", SWITCH6);
        network.exec(network.switchboard(), "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        network.exec(network.director(), "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
        lab.own(RunningDirector.start(network));
        Files.write(directory.resolve("upload"), new byte[UPLOAD_BYTES]);
    }

    private static void address(final String host, final String address, final String interfaceName) {
        lab.network().exec(host, "ip", "address", "add", address, "dev", interfaceName, "nodad");
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"ipip, true", "ipip, false", "gue --tun-port 6080, true", "gue --tun-port 6080, false",
        "gue --tun-port 6080 --tun-csum, true", "gue --tun-port 6080 --tun-csum, false", "gre, true", "gre, false",
        "gre --tun-csum, true", "gre --tun-csum, false"})
    void everyTypeInEitherFamily(final String type, final boolean overIpv6) {
        final String vip = lab.vip(ForwardingMethod.TUNNELING);
        final String rip = overIpv6 ? "[" + RIP6 + "]" : lab.network().rip(1);
        final long before = Counters.of(lab.director()).of(Counter.SENT_ICMP_ERROR);
        for (final String host : List.of(vip, "[" + VIP6 + "]")) {
            lab.director().ipvsadm("-A", "-t", host + ":80", "-s", "rr");
            final List<String> words = new ArrayList<>(List.of("-a", "-t", host + ":80", "-r", rip + ":80", "-i",
                "--tun-type"));
            words.addAll(List.of(type.split(" ")));
            lab.director().ipvsadm(words.toArray(String[]::new));
            assertEquals("200 100000", curl("http://" + host + "/bytes/100000"));
            assertEquals("200 64", curl("http://" + host + "/hash", "--data-binary",
                "@" + directory.resolve("upload")));
        }
        assertTrue(Counters.of(lab.director()).of(Counter.SENT_ICMP_ERROR) > before, "clients were told what fits");
        lab.assertSound();
        lab.clear();
        // What clients learned of the way to a VIP would be true for the next type by accident only.
        for (final String family : List.of("-4", "-6")) {
            lab.network().exec(lab.network().client(), "ip", family, "route", "flush", "cache");
        }
    }

    private static String curl(final String url, final String... options) {
        final List<String> words = new ArrayList<>(List.of("curl", "-s", "-m", "20", "-o", "/dev/null", "-w",
            "%{http_code} %{size_download}", url));
        words.addAll(List.of(options));
        return lab.network().exec(lab.network().client(), words.toArray(String[]::new)).strip();
    }
}
