package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.RS;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static io.ringmaster.worker.Story.fromServer;
import static io.ringmaster.worker.TestNetwork.MAC_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.packet.Ipv4;
import io.ringmaster.service.NextHop;
import io.ringmaster.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that end behind their ports: they go on with their connection where nothing behind those is written. */
class CutPacketsTest {
    private static final String SYN_RECV = "SYN_RECV 10.9.1.1:4000 10.1.0.100:80 10.2.0.11:80";

    static byte[] cut(final byte[] frame, final int transportBytes) {
        final byte[] shorter = Arrays.copyOf(frame, Frames.IP + 20 + transportBytes);
        final MemorySegment memory = MemorySegment.ofArray(shorter);
        Ipv4.totalLength(memory, Frames.IP, 20 + transportBytes);
        Ipv4.writeChecksum(memory, Frames.IP);
        return shorter;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 12, 19})
    void goOnWithTheirConnection(final int bytes) {
        try (Story story = Story.of("-g")) {
            story.director.send(0, fromClient(SYN));
            final List<TestDirector.Sent> sent = story.director.send(0, cut(fromClient(SYN), bytes));
            assertEquals("000001>02000b ttl=63 len=" + (20 + bytes) + " tcp 10.9.1.1:4000>10.1.0.100:80",
                Frames.text(sent.getFirst().frame()));
            story.connections(SYN_RECV);
        }
        try (Story story = Story.of("-i")) {
            story.director.send(0, fromClient(SYN));
            assertEquals("000001>02000b ttl=63 len=" + (40 + bytes) + " ipip 10.2.0.1>10.2.0.11 [ttl=63 len="
                + (20 + bytes) + " tcp 10.9.1.1:4000>10.1.0.100:80]",
                Frames.text(story.director.send(0, cut(fromClient(SYN), bytes)).getFirst().frame()));
        }
    }

    @Test
    void keepTheirConnectionAlive() {
        try (Story story = Story.of("-g")) {
            story.director.send(0, fromClient(SYN));
            story.elapse(50);
            story.director.send(0, cut(fromClient(SYN), 8));
            story.elapse(50).connections(SYN_RECV).elapse(20).connections();
        }
    }

    @Test
    void cannotBeMasqueraded() {
        try (Story story = Story.of("-m")) {
            story.director.send(0, fromClient(SYN));
            story.then(cut(fromClient(SYN), 12), Counter.DROP_CUT)
                .then(cut(fromServer(SYN), 12), Counter.DROP_CUT)
                .then(cut(Frames.tcp(RS, MAC_0, RIP, "10.9.1.2:1", SYN, 0), 12), Counter.BACK_REAL_SERVER);
        }
    }

    @Test
    void openNone() {
        try (Story story = Story.of("-g")) {
            story.then(cut(fromClient(SYN), 12), Counter.DROP_CUT).connections();
        }
    }

    @Test
    void whatAnyPacketMeets() {
        try (Story story = Story.of("-g")) {
            story.director.send(0, fromClient(SYN));
            final byte[] cut = cut(fromClient(SYN), 12);
            story.then(cut(Frames.timeToLive(fromClient(SYN), 1), 12), Counter.SENT_ICMP_ERROR,
                "000001>0100fe ttl=64 len=60 icmp 11/0 mtu=0 10.1.0.100>10.9.1.1");
            story.director.network.route("10.2.0.11", NextHop.NONE);
            story.director.services.refreshNextHops();
            story.director.cycle();
            story.then(cut, Counter.DROP_NEIGHBOUR_UNRESOLVED)
                .rules("-d -t " + VIP + " -r " + RIP)
                .then(cut, Counter.DROP_REAL_SERVER_REMOVED);
        }
    }
}
