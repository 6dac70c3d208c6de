package io.ringmaster.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Fields of the two words: each reads as written and leaves the others alone. */
final class ConnectionValueTest {
    private static final long MAX_NOW_MS = 1L << 45;
    /**
     * All bits, but that of templates, which end otherwise: see TemplateValueTest; and that of what the side table has
     * more of, which tells whether such an entry has ended.
     */
    private static final long CONNECTION = ~(ConnectionValue.TEMPLATE | ConnectionValue.SIDE_TABLE);

    @Property
    void keyFieldsReadAsWritten(@ForAll final int client, @ForAll @IntRange(max = 65_535) final int port,
                                @ForAll @IntRange(min = 1, max = 65_535) final int endpoint) {
        final long key = ConnectionKey.of(client, port, endpoint);
        assertEquals(client, ConnectionKey.clientAddress(key));
        assertEquals(port, ConnectionKey.clientPort(key));
        assertEquals(endpoint, ConnectionKey.endpoint(key));
        assertEquals(ConnectionKey.client(client, port), ConnectionKey.client(key));
    }

    @Property
    void valueFieldsLeaveEachOtherAlone(@ForAll final long bits, @ForAll @IntRange(max = 15) final int state,
                                        @ForAll @IntRange(max = 65_535) final int server,
                                        @ForAll @IntRange(max = 1_023) final int hop) {
        final long value = ConnectionValue.withNextHop(ConnectionValue.withRealServer(
            ConnectionValue.withState(bits, state), server), hop);
        assertEquals(state, ConnectionValue.state(value));
        assertEquals(server, ConnectionValue.realServer(value));
        assertEquals(hop, ConnectionValue.nextHop(value));
        assertEquals(ConnectionValue.packets(bits), ConnectionValue.packets(value));
        assertEquals(ConnectionValue.isLive(bits), ConnectionValue.isLive(value));
        final long changed = 0xfL << 4 | 0xffffL << 26 | 0x3ffL << 42;
        assertEquals(bits & ~changed, value & ~changed);
    }

    @Property
    void ofSetsAllFields(@ForAll @IntRange(max = 15) final int state, @ForAll @IntRange(max = 65_535) final int server,
                         @ForAll @IntRange(max = 1_023) final int hop,
                         @ForAll @IntRange(max = ConnectionValue.MAX_TIMEOUT_SEC) final int timeoutSec,
                         @ForAll @LongRange(max = MAX_NOW_MS) final long nowMs) {
        final long value = ConnectionValue.of(state, server, hop, ConnectionValue.OUTPUT_SEEN, timeoutSec, nowMs);
        assertEquals(state, ConnectionValue.state(value));
        assertEquals(server, ConnectionValue.realServer(value));
        assertEquals(hop, ConnectionValue.nextHop(value));
        assertEquals(0, ConnectionValue.packets(value));
        assertTrue(ConnectionValue.outputSeen(value));
        assertFalse(ConnectionValue.isTemplate(value) || ConnectionValue.isControlled(value));
        assertEquals(0, value & (ConnectionValue.PHASE_MASK | ConnectionValue.MARK_MASK));
    }

    /** Across the wrap of 16 bits at every scale: not before the time-out, one unit after it at most, and for long. */
    @Property
    void deadlineHoldsAtEveryScale(@ForAll @IntRange(max = ConnectionValue.MAX_TIMEOUT_SEC) final int timeoutSec,
                                   @ForAll @LongRange(max = MAX_NOW_MS) final long nowMs) {
        final long value = ConnectionValue.withDeadline(CONNECTION, timeoutSec, nowMs);
        final long unitMs = timeoutSec <= 4_000 ? 125 : timeoutSec <= 64_000 ? 2_000 : 128_000;
        final long endMs = nowMs + timeoutSec * 1_000L;
        assertFalse(ConnectionValue.isExpired(value, nowMs));
        assertFalse(ConnectionValue.isExpired(value, endMs));
        assertTrue(ConnectionValue.isExpired(value, endMs + unitMs));
        assertTrue(ConnectionValue.isExpired(value, endMs + 60 * 60_000));
        final long remainingMs = ConnectionValue.remainingMs(value, nowMs);
        assertTrue(Math.abs(remainingMs - timeoutSec * 1_000L) <= unitMs, () -> "remaining " + remainingMs);
        assertEquals(CONNECTION & ~(0x3ffffL << 8), value & ~(0x3ffffL << 8));
    }

    @Property
    void passedDeadlineEndsAtOnce(@ForAll final long bits,
                                  @ForAll @LongRange(min = 125, max = MAX_NOW_MS) final long now) {
        assertTrue(ConnectionValue.isExpired(ConnectionValue.withDeadlinePassed(bits & CONNECTION, now), now));
    }

    @Test
    void theSweepJudgesWhatTheSideTableKnows() {
        final long value = ConnectionValue.of(1, 7, 0, ConnectionValue.SIDE_TABLE, 3, 1_000);
        assertFalse(ConnectionValue.isInQuestion(value, 3_900));
        assertTrue(ConnectionValue.isInQuestion(value, 4_200));
        assertFalse(ConnectionValue.isExpired(value, 4_200));
        assertFalse(ConnectionValue.isInQuestion(value & ~ConnectionValue.SIDE_TABLE, 4_200));
    }

    @Test
    void packetsSaturate() {
        long value = ConnectionValue.of(1, 0xffff, 0x3ff, 0, 3, 0);
        for (int i = 0; i < 40; i++) {
            assertEquals(Math.min(i, 15), ConnectionValue.packets(value));
            value = ConnectionValue.withPacketCounted(value);
        }
        assertEquals(0xffff, ConnectionValue.realServer(value));
        assertEquals(0x3ff, ConnectionValue.nextHop(value));
        assertFalse(ConnectionValue.isTemplate(value));
    }
}
