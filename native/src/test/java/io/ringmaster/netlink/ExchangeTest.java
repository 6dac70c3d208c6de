package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final int INTERRUPTED = NetlinkHeader.FLAG_DUMP_INTERRUPTED;

    @Test
    void joinsAListOfSeveralDatagrams() {
        final ScriptedKernel kernel = new ScriptedKernel(k ->
            k.datagram(0, "link-loopback").datagram(0, "link-veth", "done"));
        assertEquals(List.of("lo", "nl0"), names(kernel));
        assertEquals(1, kernel.requests());
    }

    @Test
    void asksAgainWhenTheListChangedMeanwhile() {
        final ScriptedKernel kernel = new ScriptedKernel(k -> {
            if (k.requests() < 3) {
                k.datagram(k.requests() == 1 ? INTERRUPTED : 0, "link-loopback")
                    .datagram(k.requests() == 2 ? INTERRUPTED : 0, "done");
            } else {
                k.datagram(0, "link-loopback", "link-veth", "done");
            }
        });
        assertEquals(List.of("lo", "nl0"), names(kernel));
        assertEquals(3, kernel.requests());
    }

    @Test
    void givesUpOnAListThatNeverStopsChanging() {
        final ScriptedKernel kernel = new ScriptedKernel(k -> k.datagram(INTERRUPTED, "link-loopback", "done"));
        final IllegalStateException e = assertThrows(IllegalStateException.class, () -> names(kernel));
        assertTrue(e.getMessage().startsWith("Could not list the links: the kernel changed them"), e.getMessage());
        assertEquals(Exchange.TRIES, kernel.requests());
    }

    @Test
    void asksAgainWhenADatagramWasTooLargeOrLost() {
        final ScriptedKernel kernel = new ScriptedKernel(k -> {
            switch (k.requests()) {
                case 1 -> k.outcome(Channel.TOO_LARGE).datagram(0, "link-veth", "done");
                case 2 -> k.datagram(0, "link-loopback").outcome(Channel.OVERRUN).datagram(0, "done");
                default -> k.datagram(0, "link-veth", "done");
            }
        });
        assertEquals(List.of("nl0"), names(kernel));
        assertEquals(3, kernel.requests());
    }

    @Test
    void passesOverTheRemainsOfAnEarlierAnswer() {
        final ScriptedKernel kernel = new ScriptedKernel(k -> k.datagram(0, "link-veth", "done"));
        kernel.datagram(0, "link-loopback").outcome(Channel.OVERRUN).datagram(0, "done");
        assertEquals(List.of("nl0"), names(kernel));
        final ScriptedKernel late = new ScriptedKernel(k -> k.datagram(0, "link-veth", "done"));
        final RouteNetlink netlink = new RouteNetlink(late);
        netlink.links();
        late.datagram(0, "link-loopback");
        assertEquals(1, netlink.links().size());
    }

    @Test
    void anErrorBecomesASentenceWithTheKernelsWords() {
        final ScriptedKernel kernel = new ScriptedKernel(k -> k.datagram(0, "error-extack"));
        final SystemCallException e = assertThrows(SystemCallException.class, () -> names(kernel));
        assertEquals("Could not list the links: Invalid argument (EINVAL). The kernel says: "
            + "ipv4: Unsupported rtm_flags for route get request", e.getMessage());
        assertEquals(Errno.EINVAL, e.errno());
    }

    @Test
    void noRouteAndABlackholeAreAnswersButOurOwnMistakeIsNot() {
        assertAnswer("error-no-route", Errno.ENETUNREACH, "There is no way to 203.0.113.1: Network is unreachable");
        assertAnswer("error-blackhole", Errno.EINVAL, "There is no way to 203.0.113.1: Invalid argument");
        final RouteNetlink netlink = new RouteNetlink(new ScriptedKernel(k -> k.datagram(0, "error-extack")));
        assertThrows(SystemCallException.class, () -> netlink.routeTo(MessagesTest.ip("203.0.113.1")));
    }

    private static void assertAnswer(final String answer, final int errno, final String words) {
        final RouteNetlink netlink = new RouteNetlink(new ScriptedKernel(k -> k.datagram(0, answer)));
        final RouteAnswer got = netlink.ask(MessagesTest.ip("203.0.113.1"), null, 0);
        assertNull(got.route());
        assertEquals(errno, got.errno());
        assertTrue(got.describe().startsWith(words), got.describe());
    }

    @Test
    void aRouteOfTypeBlackholeIsNoWay() {
        final RouteNetlink netlink = new RouteNetlink(new ScriptedKernel(k -> k.datagram(0, "route-blackhole")));
        assertNull(netlink.routeTo(MessagesTest.ip("198.51.100.1")));
    }

    @Test
    void refusesASourceOfTheOtherFamily() {
        final RouteNetlink netlink = new RouteNetlink(new ScriptedKernel(k -> { }));
        assertThrows(IllegalArgumentException.class, () ->
            netlink.routeTo(MessagesTest.ip("203.0.113.1"), MessagesTest.ip("::1"), 0));
    }

    @Test
    void namesTheInterfacesThatExist() {
        final RouteNetlink netlink = new RouteNetlink(new ScriptedKernel(k ->
            k.datagram(0, "link-loopback", "link-veth", "done")));
        assertEquals(4, netlink.link("nl0").index());
        assertEquals("There is no interface \"eth9\" in this network namespace; it has lo, nl0.",
            assertThrows(IllegalArgumentException.class, () -> netlink.link("eth9")).getMessage());
    }

    private static List<String> names(final ScriptedKernel kernel) {
        return new RouteNetlink(kernel).links().stream().map(Link::name).toList();
    }
}
