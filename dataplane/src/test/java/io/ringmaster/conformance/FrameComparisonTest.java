package io.ringmaster.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.conformance.Fixture.Out;
import io.ringmaster.conformance.Fixture.Send;
import io.ringmaster.conformance.Fixture.Span;
import io.ringmaster.director.ModelDirector.Sent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameComparisonTest {
    private static final byte[] SEGMENT = Segments.fromClient("10.9.1.1", "10.1.0.100", 80, "SA");

    private static List<String> compare(final byte[] kernel, final List<Span> ignored, final Sent... ours) {
        return FrameComparison.compare(List.of(new Out(0, kernel, ignored)), List.of(ours));
    }

    private static byte[] changed(final int offset) {
        final byte[] copy = SEGMENT.clone();
        copy[offset] ^= 1;
        return copy;
    }

    @Test
    void everyByteMatters() {
        assertEquals(List.of(), compare(SEGMENT, List.of(), new Sent(0, SEGMENT)));
        for (int offset = 0; offset < SEGMENT.length; offset++) {
            assertFalse(compare(SEGMENT, List.of(), new Sent(0, changed(offset))).isEmpty(), "byte " + offset);
        }
    }

    @Test
    void whatDiffersFromRunToRunDoesNot() {
        final List<Span> identification = List.of(new Span(18, 2));
        assertEquals(List.of(), compare(SEGMENT, identification, new Sent(0, changed(18))));
        assertEquals(List.of(), compare(SEGMENT, identification, new Sent(0, changed(19))));
        assertFalse(compare(SEGMENT, identification, new Sent(0, changed(20))).isEmpty());
    }

    @Test
    void fieldsAreNamed() {
        final List<String> lines = compare(SEGMENT, List.of(), new Sent(1, changed(14 + 8)));
        assertEquals(List.of("  interface: kernel vec0, ours vec1", "  ip.ttl: kernel 64, ours 65"),
            lines.subList(1, 3));
        assertTrue(lines.get(3).startsWith("  ip.checksum: ") && lines.get(3).endsWith("WRONG"), lines.get(3));
        assertEquals(4, lines.size());
    }

    @Test
    void aFrameTooFewOrTooMany() {
        assertTrue(compare(SEGMENT, List.of()).getFirst().startsWith("missing"));
        assertTrue(compare(SEGMENT, List.of(), new Sent(0, SEGMENT), new Sent(0, SEGMENT)).getFirst()
            .startsWith("too much"));
    }

    /** The decoder tells all that a frame holds: no two of the recorded frames have the same fields. */
    @Test
    void noRecordedFrameLooksLikeAnother() {
        final Map<String, Map<?, ?>> all = FixtureSet.own();
        for (final String name : List.of("fwd-nat-edge", "fwd-tun6-gre-csum", "fwd-sctp-nat", "icmp6-tun", "frag6-nat",
            "fwd-tun-gue-csum-edge", "fwd6-ext", "icmp-in-tunnel-gre")) {
            final List<byte[]> frames = new ArrayList<>();
            FixtureReader.read(name, all.get(name)).steps().forEach(step -> {
                if (step instanceof Send send) {
                    frames.add(send.frame());
                    send.out().forEach(out -> frames.add(out.frame()));
                }
            });
            final long different = frames.stream().map(HexFormat.of()::formatHex).distinct().count();
            assertEquals(different, frames.stream().map(FrameFields::of).distinct().count(), name);
        }
    }
}
