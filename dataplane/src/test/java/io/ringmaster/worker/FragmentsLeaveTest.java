package io.ringmaster.worker;

import static io.ringmaster.worker.Frames.ACK;
import static io.ringmaster.worker.Frames.SYN;
import static io.ringmaster.worker.Story.RIP;
import static io.ringmaster.worker.Story.VIP;
import static io.ringmaster.worker.Story.fromClient;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.stats.Counter;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What becomes of fragments where frames or places in the ring are scarce. That each frame is in one place, whatever
 * happened, the harness asserts after each cycle.
 */
class FragmentsLeaveTest {
    private static final int RING = 8;
    private static final byte[] LARGE = Frames.mayFragment(fromClient(ACK, 1460));
    private static final TestDirector.Shape SMALL = TestDirector.Shape.DEFAULT.ringSize(RING);

    private static Story tunnel(final TestDirector.Shape shape) {
        final Story story = new Story(shape, "-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r " + RIP + " -i");
        story.director.send(0, fromClient(SYN));
        return story;
    }

    /** So many packets stay in the transmit ring. */
    private static void fill(final Story story, final int packets) {
        story.director.transmits(false);
        for (int i = 0; i < packets; i++) {
            story.director.send(0, fromClient(ACK));
        }
    }

    @Test
    void theFirstLeavesFirst() {
        try (Story story = tunnel(SMALL)) {
            final List<TestDirector.Sent> sent = story.director.send(0, LARGE);
            assertEquals(2, sent.size());
            assertEquals(0x2000, Frames.u16(sent.get(0).frame(), Frames.IP + 6), "more of them");
            assertEquals(1480 / 8, Frames.u16(sent.get(1).frame(), Frames.IP + 6), "the last");
            assertEquals(1, story.director.count(Counter.FRAGMENTED));
            assertEquals(2, story.director.count(Counter.SENT_TO_REAL_SERVER), "the SYN and this");
        }
    }

    @Test
    void aLastPlaceInTheRingIsForTheFirst() {
        try (Story story = tunnel(SMALL)) {
            fill(story, RING - 1);
            story.director.send(0, LARGE);
            assertEquals(1, story.director.count(Counter.FRAGMENTS_LOST));
            assertEquals(0, story.director.count(Counter.DROP_TRANSMIT_FULL));
        }
    }

    @Test
    void withoutAFrameForEachNoneLeaves() {
        try (Story story = tunnel(SMALL)) {
            fill(story, RING);
            story.director.send(0, LARGE);
            assertEquals(1, story.director.count(Counter.DROP_NO_FRAGMENT_FRAMES));
            assertEquals(0, story.director.count(Counter.FRAGMENTED));
        }
    }

    @Test
    void withoutAPlaceForTheFirstNoneLeaves() {
        try (Story story = tunnel(SMALL.twoArmed(1500, 1500))) {
            fill(story, RING);
            story.director.send(0, LARGE);
            assertEquals(1, story.director.count(Counter.DROP_TRANSMIT_FULL));
            assertEquals(0, story.director.count(Counter.FRAGMENTED) + story.director.count(Counter.FRAGMENTS_LOST));
        }
    }
}
