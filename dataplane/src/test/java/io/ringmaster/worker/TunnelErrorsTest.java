package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.RS;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.TestNetwork.CLIENT_ROUTER;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.service.PathMtu;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors from the way of tunnel packets, beside the recordings: whose they are, what is learned and for how long. */
class TunnelErrorsTest {
    private static final int LARGE = 1300;

    private static Story tunnel(final String options) {
        return new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " -i " + options);
    }

    /** What a router on the way says about a tunnel packet of ours. */
    private static byte[] error(final int type, final int code, final int rest, final byte[] ours) {
        return Frames.icmp(RS, MAC_0, "10.2.0.254", "10.2.0.1", type, code, rest, ours, 100);
    }

    private static byte[] sent(final Story story, final byte[] in) {
        return story.director.send(0, in).getFirst().frame();
    }

    private static int told(final byte[] error) {
        return Frames.u16(error, Frames.IP + 20 + 6);
    }

    @ParameterizedTest
    @CsvSource({"'', 20", "--tun-type gue --tun-port 6080, 32", "--tun-type gue --tun-port 6080 --tun-csum, 32",
        "--tun-type gre, 24", "--tun-type gre --tun-csum, 28"})
    void theMtuIsLearnedToldAndForgotten(final String options, final int overhead) {
        try (Story story = tunnel(options)) {
            story.director.send(0, fromClient(SYN));
            final byte[] ours = sent(story, fromClient(ACK, LARGE));
            assertEquals(40 + LARGE + overhead, Frames.u16(ours, Frames.IP + 2));
            final byte[] relayed = sent(story, error(3, 4, 1200, ours));
            assertEquals("000001>0100fe ttl=64 len=" + (28 + 100 - overhead) + " icmp 3/4 mtu=" + (1200 - overhead)
                + " 10.1.0.100>10.9.1.1", Frames.text(relayed));
            assertEquals(1200 - overhead, told(sent(story, fromClient(ACK, LARGE))), "by us from now on");
            assertEquals(2, story.director.send(0, Frames.mayFragment(fromClient(ACK, LARGE))).size());
            assertEquals(1, story.director.count(Counter.PATH_MTU_LEARNED));
            story.elapse(PathMtu.KEPT_MS / 1000);
            assertEquals(40 + LARGE + overhead, Frames.u16(sent(story, fromClient(ACK, LARGE)), Frames.IP + 2));
        }
    }

    @Test
    void aWayIsThatOfAnAddressWhateverTheService() {
        try (Story story = tunnel("")) {
            story.rules("-A -u 10.1.0.100:53 -s rr", "-a -u 10.1.0.100:53 -r 10.2.0.11:53 -i");
            story.director.send(0, fromClient(SYN));
            final byte[] ours = sent(story, fromClient(ACK, LARGE));
            sent(story, error(3, 4, 1200, ours));
            final byte[] datagram = Frames.udp(CLIENT_ROUTER, MAC_0, Story.CLIENT, "10.1.0.100:53", LARGE);
            assertEquals(1180, told(sent(story, datagram)));
            story.rules("-A -u 10.1.0.100:54 -s rr", "-a -u 10.1.0.100:54 -r 10.2.0.11:54 -g");
            assertEquals(1, story.director.send(0, Frames.udp(CLIENT_ROUTER, MAC_0, Story.CLIENT, "10.1.0.100:54",
                LARGE)).size(), "another method has the route's MTU");
        }
    }

    @Test
    void anotherTypeIsForLivingConnectionsToo() {
        try (Story story = tunnel("")) {
            story.director.send(0, fromClient(SYN));
            assertEquals(4, sent(story, fromClient(ACK))[Frames.IP + 9]);
            story.rules("-e -t " + VIP + " -r " + RIP + " -i --tun-type gre");
            assertEquals(47, sent(story, fromClient(ACK))[Frames.IP + 9]);
        }
    }

    @Test
    void aClientThatLetsItsPacketsBeFragmentedIsNotTold() {
        try (Story story = tunnel("")) {
            story.director.send(0, fromClient(SYN));
            final byte[] ours = sent(story, Frames.mayFragment(fromClient(ACK, LARGE)));
            story.then(error(3, 4, 1200, ours), Counter.DROP_ICMP_LEARNED);
            assertEquals(2, story.director.send(0, Frames.mayFragment(fromClient(ACK, LARGE))).size());
        }
    }

    @Test
    void otherErrorsAreToldToTheClientAndCounted() {
        try (Story story = tunnel("--tun-type gre")) {
            story.director.send(0, fromClient(SYN));
            final byte[] ours = sent(story, fromClient(ACK, LARGE));
            story.then(error(3, 2, 0, ours), Counter.SENT_ICMP_RELAYED,
                "000001>0100fe ttl=64 len=104 icmp 3/2 mtu=0 10.1.0.100>10.9.1.1");
            assertEquals(1, story.director.server(1, ServerCounters.OUT_PACKETS));
            assertEquals(76, story.director.server(1, ServerCounters.OUT_BYTES));
        }
    }

    @Test
    void whatIsNotAboutATunnelPacketOfOursIsTheKernels() {
        final byte[] ours;
        try (Story story = tunnel("--tun-type gue --tun-port 6080")) {
            story.director.send(0, fromClient(SYN));
            ours = sent(story, fromClient(ACK, LARGE));
            story.then(error(3, 4, 1200, Frames.with(ours, Frames.IP + 20 + 3, 6081 & 0xff)), Counter.BACK_ICMP)
                .then(error(3, 4, 1200, Frames.with(ours, Frames.IP + 28, 0x40)), Counter.BACK_ICMP)
                .then(error(3, 4, 1200, Frames.with(ours, Frames.IP + 29, 41)), Counter.BACK_ICMP)
                .then(error(3, 4, 1200, Frames.with(ours, Frames.IP + 19, 12)), Counter.BACK_ICMP)
                .then(Frames.icmp(RS, MAC_0, "10.2.0.254", "10.2.0.1", 3, 4, 1200, ours, 31), Counter.BACK_ICMP);
            final byte[] wrong = error(3, 4, 1200, ours);
            wrong[wrong.length - 1] ^= 1;
            story.then(wrong, Counter.DROP_BAD_CHECKSUM);
            assertEquals(0, story.director.count(Counter.PATH_MTU_LEARNED));
        }
        try (Story story = tunnel("--tun-type gre")) {
            story.then(error(3, 4, 1200, ours), Counter.BACK_ICMP);
            story.director.send(0, fromClient(SYN));
            story.then(error(3, 4, 1200, ours), Counter.BACK_ICMP);
        }
    }

    @Test
    void errorsOfOneWayForOneClientAreLimited() {
        try (Story story = new Story(TestDirector.Shape.DEFAULT.withIcmpLimits(), "-A -t " + VIP + " -s rr",
            "-a -t " + VIP + " -r " + RIP + " -i")) {
            story.director.send(0, fromClient(SYN));
            final byte[] ours = sent(story, fromClient(ACK, LARGE));
            for (int i = 0; i < 100; i++) {
                story.director.send(0, error(3, 2, 0, ours));
            }
            assertEquals(100, story.director.count(Counter.SENT_ICMP_RELAYED)
                + story.director.count(Counter.DROP_ICMP_LIMITED));
            assertTrue(story.director.count(Counter.DROP_ICMP_LIMITED) > 0);
            assertEquals(story.director.count(Counter.ICMP_RATE_LIMITED),
                story.director.count(Counter.DROP_ICMP_LIMITED));
        }
    }
}
