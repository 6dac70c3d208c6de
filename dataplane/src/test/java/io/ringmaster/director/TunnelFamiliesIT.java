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
    private static Lab lab;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws IOException {
        lab = Lab.withoutDirector(DemoNetwork.Options.defaults().withServerMtu(1_500));
        Ipv6Network.add(lab.network());
        Ipv6Network.addServer(lab.network(), 1, Ipv6Network.SWITCH);
        lab.own(RunningDirector.start(lab.network()));
        Files.write(directory.resolve("upload"), new byte[UPLOAD_BYTES]);
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
        final String rip = overIpv6 ? Ipv6Network.bracketed(Ipv6Network.rip(1)) : lab.network().rip(1);
        final long before = Counters.of(lab.director()).of(Counter.SENT_ICMP_ERROR);
        for (final String host : List.of(vip, Ipv6Network.bracketed(Ipv6Network.VIP))) {
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
        final List<String> words = new ArrayList<>(List.of("curl", "-s", "-m", "60", "-o", "/dev/null", "-w",
            "%{http_code} %{size_download}", url));
        words.addAll(List.of(options));
        return lab.network().exec(lab.network().client(), words.toArray(String[]::new)).strip();
    }
}
