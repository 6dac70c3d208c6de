package io.ringmaster.connection;

import io.ringmaster.service.Timeouts;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * Ends connections of one worker's share of the table for other reasons than their time: all of real servers that were
 * removed, or some at random against a flood (ip_vs_conn.c: ip_vs_expire_nodest_conn_flush, ip_vs_random_dropentry).
 * Owned by that worker.
 */
public final class Culler {
    /** A template ends after the connections that it made, so the share is gone over twice. */
    private static final int FLUSH_PASSES = 2;
    // Of the whole share each second.
    private static final int SHARE = 32;
    private static final long MS_PER_SEC = 1_000;
    /** An established connection that was heard of later than that is left alone. */
    private static final long QUIET_MS = 60_000;
    /** With more packets than that, too. */
    private static final int MOST_PACKETS = 8;

    private final TableWords words;
    private final Sweeper sweeper;
    private final int slotStep;
    private final IntPredicate removed;
    private final SplittableRandom random = new SplittableRandom();
    /** By packets of the client: the more it sent, the fewer are dropped. */
    private final int[] untilDrop = new int[MOST_PACKETS + 1];
    private Timeouts timeouts;
    private long flushLine;
    private int flushPasses;
    private long dueMs = Long.MIN_VALUE;
    // Lines × milliseconds.
    private long due;

    Culler(final ConnectionTable table, final Sweeper sweeper, final IntPredicate removed) {
        this.words = table.words();
        this.sweeper = sweeper;
        this.slotStep = table.form().slotStep();
        this.removed = removed;
    }

    /** Other time-outs count from now on. */
    public void use(final Timeouts newTimeouts) {
        timeouts = newTimeouts;
    }

    /** Connections of removed real servers are to end: from here on, whatever was done before. */
    public void beginFlush() {
        flushLine = sweeper.firstLine();
        flushPasses = FLUSH_PASSES;
    }

    /** Ends connections of removed real servers in the next lines, if there is a flush under way; how many. */
    public int flush(final int maxLines) {
        int ended = 0;
        for (int i = 0; i < maxLines && flushPasses > 0; i++) {
            if (flushLine >= sweeper.lineLimit()) {
                flushLine = sweeper.firstLine();
                flushPasses--;
            } else {
                ended += flushLine(words.at(flushLine++));
            }
        }
        return ended;
    }

    private int flushLine(final long at) {
        int ended = 0;
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            final long seen = words.valueAcquire(at, slot);
            if (ConnectionValue.isLive(seen) && removed.test(ConnectionValue.realServer(seen)) && !controls(seen)) {
                ended += sweeper.endLive(at, slot, seen) ? 1 : 0;
            }
        }
        return ended;
    }

    private static boolean controls(final long value) {
        return ConnectionValue.isTemplate(value) && TemplateValue.children(value) > 0;
    }

    /** No defence until the next {@link #dropDue}. */
    public void rest() {
        dueMs = Long.MIN_VALUE;
        due = 0;
    }

    /** Looks at random lines, a 32nd of the share each second, and ends what the kernel would drop; how many. */
    public int dropDue(final int maxLines, final long nowMs) {
        final long lines = sweeper.lineLimit() - sweeper.firstLine();
        if (dueMs != Long.MIN_VALUE) {
            due = Math.min(due + Math.min(nowMs - dueMs, MS_PER_SEC) * lines, MS_PER_SEC * lines);
        }
        dueMs = nowMs;
        int ended = 0;
        for (int i = 0; i < maxLines && due >= SHARE * MS_PER_SEC; i++) {
            due -= SHARE * MS_PER_SEC;
            ended += dropLine(words.at(sweeper.firstLine() + random.nextLong(lines)), nowMs);
        }
        return ended;
    }

    private int dropLine(final long at, final long nowMs) {
        int ended = 0;
        for (int slot = 0; slot < TableWords.SLOTS_PER_LINE; slot += slotStep) {
            final long seen = words.valueAcquire(at, slot);
            if (ConnectionValue.isLive(seen) && dispensable(seen, nowMs)) {
                ended += sweeper.endLive(at, slot, seen) ? 1 : 0;
            }
        }
        return ended;
    }

    private boolean dispensable(final long value, final long nowMs) {
        if (ConnectionValue.isTemplate(value)) {
            return TemplateValue.isDispensable(value);
        }
        final int state = ConnectionValue.state(value);
        if (state == TcpState.SYN_RECV.ordinal() || state == TcpState.SYNACK.ordinal()) {
            return true;
        }
        return (state == TcpState.ESTABLISHED.ordinal() || state == TcpState.UDP.ordinal())
            && quietMs(value, state, nowMs) >= QUIET_MS && isTurn(ConnectionValue.packets(value));
    }

    private long quietMs(final long value, final int state, final long nowMs) {
        final int timeoutSec = state == TcpState.UDP.ordinal() ? timeouts.udpSec() : timeouts.tcpSec(state);
        return timeoutSec * MS_PER_SEC - ConnectionValue.remainingMs(value, nowMs);
    }

    private boolean isTurn(final int packets) {
        if (packets == 0 || packets > MOST_PACKETS || --untilDrop[packets] > 0) {
            return false;
        }
        untilDrop[packets] = packets;
        return true;
    }
}
