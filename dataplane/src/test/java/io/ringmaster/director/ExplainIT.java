package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.conformance.JsonTree;
import io.ringmaster.control.Reply;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.demo.LoadResult;
import io.ringmaster.service.ForwardingMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What explain tells of a director with real packets, as an operator asks; and that asking leaves no trace. */
@Timeout(600)
class ExplainIT {
    private static final ForwardingMethod NAT = ForwardingMethod.MASQUERADING;
    private static final ForwardingMethod DR = ForwardingMethod.DIRECT_ROUTING;
    private static final long LONGER_THAN_A_TICK_MS = 3_000;
    private static final String CLIENT = "10.77.1.11:40000";

    @Test
    void itTellsWhatHappensThenAndLeavesNoTrace() throws IOException {
        try (Lab lab = Lab.with(DemoNetwork.Options.defaults())) {
            lab.service("-t", NAT, "rr", 1, 1, 1);
            lab.service("-t", DR, "wlc", 1);
            final String service = lab.vip(NAT) + ":80";
            theExamplesOfTheHelpRun(lab);
            // Now all neighbours are known.
            assertEquals(List.of(), lab.http(NAT).get(3, 1, number -> 10).failures());
            assertEquals(List.of(), lab.http(DR).get(1, 1, number -> 10).failures());
            theSchedulersTurnIsToldAndNotTaken(lab, service);

            lab.director().ipvsadm("-A", "-t", lab.vip(NAT) + ":81", "-s", "rr");
            lab.director().ipvsadm("-a", "-t", lab.vip(NAT) + ":81", "-r", "10.77.2.99:80", "-m");
            lab.director().ipvsadm("-A", "-t", lab.vip(NAT) + ":82", "-s", "rr");
            lab.director().ipvsadm("-a", "-t", lab.vip(NAT) + ":82", "-r", lab.network().rip(1) + ":80", "-m", "-w",
                "0");
            lab.director().ipvsadm("-A", "-t", lab.vip(NAT) + ":83", "-s", "rr", "-p", "300");
            final String before = settledState(lab);
            assertTrue(before.lines().anyMatch(line -> line.matches("TCP +" + service + " +6 .*")), before);
            said(lab, 0, "redirected-service", "connection +none; it makes one", "method +direct routing",
                "02:00:00:00:02:0b by back|by back, MTU", "sent-to-real-server").with("--from", CLIENT, "--to",
                lab.vip(DR) + ":80");
            said(lab, 1, "passed-local|passed-no-service", "stays with the kernel", "Services of this address: TCP "
                + service).with("--from", CLIENT, "--to", lab.vip(NAT) + ":8888");
            said(lab, 1, "to an address of the director itself|of no virtual service", "stays with the kernel")
                .with("--from", CLIENT, "--to", service, "--proto", "udp");
            said(lab, 2, "is more than comes by front, whose MTU is 1500").with("--from", CLIENT, "--to", service,
                "--bytes", "1501");
            said(lab, 1, "drop-neighbour-unresolved|sent-icmp-error", "a neighbour that does not answer")
                .with("--from", CLIENT, "--to", lab.vip(NAT) + ":81");
            said(lab, 1, "connection +none", "real server +" + lab.network().rip(1) + ":80: weight 0",
                "sent-icmp-error").with("--from", CLIENT, "--to", lab.vip(NAT) + ":82");
            said(lab, 1, "connection +none", "real servers +none").with("--from", CLIENT, "--to", lab.vip(NAT) + ":83");
            said(lab, 1, "back-no-connection", "the kernel's").with("--from", CLIENT, "--to", service, "--flags", "A");
            said(lab, 1, "passed-icmp", "stays with the kernel").with("--from", "10.77.1.11", "--to", lab.vip(NAT),
                "--proto", "icmp");
            fragmentsAreToldOneByOneAndAsAWhole(lab, service);
            said(lab, 1, "passed-icmp|passed-no-service|passed-local", "stays with the kernel").with("--from",
                lab.vip(NAT) + ":8888", "--to", CLIENT, "--icmp-error", "port-unreachable");
            said(lab, 2, "is none of the director's: front, back").with("--from", CLIENT, "--to", service,
                "--interface", "eth9");
            assertEquals(before, state(lab));
            lab.assertSound();
        }
    }

    /** As they stand there, on the services of the tutorial. */
    private static void theExamplesOfTheHelpRun(final Lab lab) throws IOException {
        lab.director().ipvsadm("-A", "-t", "10.77.1.100:8000", "-s", "wlc");
        lab.director().ipvsadm("-a", "-t", "10.77.1.100:8000", "-r", "10.77.2.11:8080", "-m");
        assertEquals("200", lab.network().exec(lab.network().client(), "curl", "-s", "-m", "60", "--interface",
            "10.77.1.11", "--local-port", "40000", "-o", "/dev/null", "-w", "%{http_code}",
            "http://10.77.1.100:8000/bytes/1").strip());
        assertTrue(lab.awaitClosed(), "curl closes first, and the real server after it");
        said(lab, 0, "connection +TIME_WAIT", "sent-to-real-server").with("--from", "10.77.1.11:40000", "--to",
            "10.77.1.100:8000");
        final String json = said(lab, 0).with("--from", "10.77.2.11:8080", "--to", "10.77.1.11:40000", "--flags", "SA",
            "--json");
        final Map<?, ?> told = JsonTree.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        assertEquals("redirected-reply", told.get("xdp"));
        assertEquals("TCP 10.77.1.100:8000", told.get("answers"));
        assertEquals("sent-to-client", ((Map<?, ?>) ((List<?>) told.get("workers")).getFirst()).get("result"));
        said(lab, 0, "ICMP frag-needed, MTU 1280, about TCP 10.77.1.100:8000 > 10.77.1.11:40000", "redirected-icmp",
            "connection +TIME_WAIT", "sent-icmp-relayed",
            "error fragmentation needed mtu 1280, about 10.77.2.11:8080 > 10.77.1.11:40000").with("--from",
            "10.77.1.100:8000", "--to", "10.77.1.11:40000", "--icmp-error", "frag-needed");
        said(lab, 0, "redirected-icmp", "answers|service +TCP 10.77.1.100:8000", "sent-icmp-relayed",
            "ipv4 10.77.1.100 > 10.77.1.11 .*about 10.77.1.11:40000 > 10.77.1.100:8000").with("--from",
            "10.77.1.11:40000", "--to", "10.77.2.11:8080", "--icmp-error", "port-unreachable");
        lab.director().ipvsadm("-D", "-t", "10.77.1.100:8000");
    }

    private static void fragmentsAreToldOneByOneAndAsAWhole(final Lab lab, final String service) {
        said(lab, 1, "2000 bytes, the first of 2 fragments", "redirected-fragment", "fragment-joined",
            "waits for the others, 30 seconds").with("--from", CLIENT, "--to", service, "--fragment", "first");
        said(lab, 0, "2000 bytes in 2 fragments", "redirected-fragment", "rr chooses", "sent-to-real-server",
            "fragmentOffset 1480").with("--from", CLIENT, "--to", service, "--fragment", "all");
        said(lab, 2, "comes by front in 34 fragments; no more than 16 can be asked about").with("--from", CLIENT,
            "--to", service, "--fragment", "all", "--bytes", "50000");
    }

    private static void theSchedulersTurnIsToldAndNotTaken(final Lab lab, final String service) {
        final Set<String> chosen = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            final String told = said(lab, 0, "rr chooses").with("--from", CLIENT, "--to", service);
            assertEquals(told, said(lab, 0).with("--from", CLIENT, "--to", service));
            final Matcher matcher = Pattern.compile("rr chooses 10\\.77\\.2\\.1([1-3]):").matcher(told);
            assertTrue(matcher.find(), told);
            final LoadResult result = lab.http(NAT).get(1, 1, number -> 10);
            assertEquals(List.of(), result.failures());
            assertEquals(Set.of("rs" + matcher.group(1)), result.shares().keySet());
            chosen.add(matcher.group(1));
        }
        assertEquals(3, chosen.size());
        assertTrue(lab.awaitClosed(), "their states change no more");
        // One of those connections, both ways.
        final String line = lab.director().ipvsadm("-Lnc").lines().filter(each -> each.contains(service + " "))
            .findFirst().orElseThrow();
        final String[] words = line.split(" +");
        said(lab, 0, "connection +" + words[2] + ", to " + words[5], "sent-to-real-server").with("--from", words[3],
            "--to", service, "--flags", "A");
        said(lab, 0, "redirected-reply", "service +TCP " + service + ", whose real server answers",
            "sent-to-client", "ipv4 " + lab.vip(NAT) + " > ").with("--from", words[5],
            "--to", words[3]);
    }

    /** What must stand in the answer, as regular expressions, before it is asked. */
    private record Expected(Lab lab, int exit, List<String> patterns) {
        String with(final String... words) {
            final List<String> args = new ArrayList<>(List.of("explain"));
            args.addAll(List.of(words));
            final Reply reply = ControlClient.ask(lab.director().socket(), args, "");
            final String text = reply.out() + reply.err();
            for (final String pattern : patterns) {
                assertTrue(Pattern.compile(pattern).matcher(text).find(), () -> args + " lacks " + pattern + ":\n"
                    + text);
            }
            assertEquals(exit, reply.exit(), text);
            return text;
        }
    }

    private static Expected said(final Lab lab, final int exit, final String... patterns) {
        return new Expected(lab, exit, Arrays.asList(patterns));
    }

    /** As it is when nothing is on its way, and statistics, which are read every two seconds, tell of all that was. */
    private static String settledState(final Lab lab) {
        assertTrue(lab.awaitClosed(), "connections are closed by both ends");
        final String[] seen = {state(lab)};
        assertTrue(RunningDirector.await(() -> {
            pause();
            final String before = seen[0];
            seen[0] = state(lab);
            return seen[0].equals(before);
        }), () -> seen[0]);
        return seen[0];
    }

    private static void pause() {
        try {
            Thread.sleep(LONGER_THAN_A_TICK_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All counters of workers and services, and all connections but for how long they last. */
    private static String state(final Lab lab) {
        final String drops = ControlClient.ask(lab.director().socket(), List.of("drops", "--all"), "").out();
        return drops.substring(drops.indexOf("sent:")) + drops.lines().filter(line -> line.contains("redirected"))
            .toList() + lab.director().ipvsadm("-Ln", "--stats") + lab.director().ipvsadm("-Lnc").lines()
            .map(line -> line.replaceAll(" [0-9]+:[0-9]+ ", " ")).sorted().toList();
    }
}
