package io.ringmaster.conformance;

import io.ringmaster.director.XdpDecision;
import java.util.Map;

/** Plays the project's own copy of the recordings with another XDP decision than the model's. */
public final class PlayedFrames {
    private PlayedFrames() {
    }

    /** A decision for one recording, and what is to be done when it was played. */
    public record Play(XdpDecision xdp, Runnable after) {
    }

    /** Makes the decision for a recording on a director of so many interfaces. */
    @FunctionalInterface
    public interface Maker {
        Play make(String name, int links);
    }

    /** Plays all; whether they hold is not asked. State matrices, which are many frames of one kind, are left out. */
    public static void all(final Maker maker) {
        final StepTable stepTable = new StepTable();
        for (final Map.Entry<String, Map<?, ?>> each : FixtureSet.own().entrySet()) {
            final Fixture fixture = FixtureReader.read(each.getKey(), each.getValue());
            if (fixture.sequences().isEmpty() && fixture.notes().stream().noneMatch(n -> n.contains("not stored"))) {
                final Play play = maker.make(each.getKey(), fixture.mtuBytes().length);
                Player.play(fixture, stepTable, play.xdp());
                play.after().run();
            }
        }
    }
}
