package io.ringmaster.bench.pipeline;

import java.util.ArrayList;
import java.util.List;

/** Both sides of a comparison, one after the other on the same packets, or the own side alone. */
final class Both {
    private final Lane own;
    private final Lane peer;
    private boolean checksumsEqual = true;
    private long checksum;

    /** The peer may be null. */
    Both(final Lane own, final Lane peer) {
        this.own = own;
        this.peer = peer;
    }

    /** A pass of worker 0 of each side: the own one first. */
    List<Pass> pass(final Lane.Kind kind, final long argument) {
        return passes(kind, argument, 1).stream().map(List::getFirst).toList();
    }

    /** The passes of some workers at the same time, the own side's first. */
    List<List<Pass>> passes(final Lane.Kind kind, final long argument, final int who) {
        final List<List<Pass>> sides = new ArrayList<>();
        final List<Pass> mine = own.passes(kind, argument, who);
        sides.add(mine);
        if (peer != null) {
            final List<Pass> theirs = peer.passes(kind, argument, who);
            sides.add(theirs);
            for (int i = 0; i < mine.size(); i++) {
                checksumsEqual &= mine.get(i).checksum() == theirs.get(i).checksum()
                    && mine.get(i).packets() == theirs.get(i).packets();
            }
        }
        for (final Pass pass : mine) {
            checksum = checksum * 31 + pass.checksum();
        }
        return sides;
    }

    /** Tells whether both sides sent the same bytes in all rounds, if there are two. */
    void tellChecksums(final Outcome outcome) {
        if (peer == null) {
            return;
        }
        outcome.note("checksum over all that was sent %016x, %s", checksum, checksumsEqual ? "equal in both"
            : "NOT THE SAME in both");
        outcome.doubtIf(!checksumsEqual, "The packets are not the same as the peer's: one of them does another job, and"
            + " the figures say nothing.").failIf(!checksumsEqual);
        outcome.results().put("outputChecksum", Long.toHexString(checksum)).put("checksumsEqual", checksumsEqual);
    }
}
