package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.service.ForwardingMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What traceroute and tracepath show of ways through a director: itself under the VIP and the real server behind it, as
 * with the kernel's director; the narrow link on the servers' side; and its plain routing, which is the kernel's.
 */
class TracesIT {
    private static final int NARROW_BYTES = 1_400;
    private static final Pattern HOP = Pattern.compile("^ *(\\d+)\\??: +(?!\\[LOCALHOST\\])(\\S+) ");
    private static final String VIP = "10.77.1.100";
    private static Lab lab;

    @BeforeAll
    static void start() {
        Needs.root();
        Needs.program("tracepath", "iputils-tracepath");
        Needs.program("traceroute", "traceroute");
        Needs.program("ping", "iputils-ping");
        lab = Lab.with(DemoNetwork.Options.defaults().withServerMtu(NARROW_BYTES));
        for (int i = 1; i <= 2; i++) {
            lab.network().exec(lab.network().director(), "ping", "-c", "1", "-w", "60", lab.network().rip(i));
        }
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
        lab.network().exec(lab.network().client(), "ip", "route", "flush", "cache");
    }

    /** The hops of traceroute, one probe each. */
    private static List<String> traceroute(final String host, final String... words) {
        final List<String> line = new ArrayList<>(List.of("traceroute", "-n", "-q", "1", "-w", "30", "-m", "6"));
        line.addAll(List.of(words));
        return lab.network().exec(host, line.toArray(String[]::new)).lines().skip(1)
            .map(each -> each.strip().split(" +")[1]).toList();
    }

    private static String tracepath(final String to) {
        return lab.network().exec(lab.network().client(), "tracepath", "-n", "-m", "6", to);
    }

    /** The hops of tracepath, each named once; who tells that a packet was too big need not be that far away. */
    private static List<String> hops(final String said) {
        final List<String> hops = new ArrayList<>();
        said.lines().filter(line -> !line.contains("pmtu")).map(HOP::matcher).filter(Matcher::find)
            .map(hop -> hop.group(1) + " " + hop.group(2)).filter(hop -> !hops.contains(hop)).forEach(hops::add);
        return hops;
    }

    @Test
    void segmentsThroughMasquerading() {
        lab.service("-t", ForwardingMethod.MASQUERADING, "rr", 1);
        assertEquals(List.of(VIP, VIP), traceroute(lab.network().client(), "-T", "-p", "80", VIP));
    }

    @Test
    void datagramsThroughMasqueradingOfAllPorts() {
        lab.director().ipvsadm("-A", "-u", VIP + ":0", "-s", "rr", "-p", "60");
        lab.director().ipvsadm("-a", "-u", VIP + ":0", "-r", lab.network().rip(1) + ":0", "-m");
        assertEquals(List.of(VIP, VIP), traceroute(lab.network().client(), VIP));
        final String said = tracepath(VIP);
        assertEquals(List.of("1 " + VIP, "2 " + VIP), hops(said), said);
        assertTrue(said.contains("pmtu " + NARROW_BYTES), said);
        assertTrue(said.contains("reached"), said);
        assertTrue(said.contains("Resume: pmtu " + NARROW_BYTES + " hops 2 back 2"), said);
    }

    @Test
    void pastTheServicesTheKernelRoutes() {
        lab.service("-t", ForwardingMethod.MASQUERADING, "rr", 1, 1);
        final String rip = lab.network().rip(2);
        assertEquals(List.of(DemoNetwork.DIRECTOR_FRONT, rip), traceroute(lab.network().client(), rip));
        assertEquals(List.of(DemoNetwork.DIRECTOR_BACK, lab.network().clientAddress(0)),
            traceroute(lab.network().realServer(2), lab.network().clientAddress(0)));
        final String said = tracepath(rip);
        assertEquals(List.of("1 " + DemoNetwork.DIRECTOR_FRONT, "2 " + rip), hops(said), said);
        assertTrue(said.contains("Resume: pmtu " + NARROW_BYTES + " hops 2 back 2"), said);
    }

    @Test
    void theDirectorItselfIsOneHopAway() {
        lab.service("-t", ForwardingMethod.MASQUERADING, "rr", 1);
        final String said = tracepath(VIP);
        assertEquals(List.of("1 " + VIP), hops(said), said);
        assertTrue(said.contains("Resume: pmtu 1500 hops 1 back 1"), said);
    }
}
