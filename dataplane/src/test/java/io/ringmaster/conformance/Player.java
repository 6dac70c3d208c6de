package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Command;
import io.ringmaster.conformance.Fixture.Connections;
import io.ringmaster.conformance.Fixture.Late;
import io.ringmaster.conformance.Fixture.Listed;
import io.ringmaster.conformance.Fixture.Restore;
import io.ringmaster.conformance.Fixture.Send;
import io.ringmaster.conformance.Fixture.Sleep;
import io.ringmaster.conformance.Fixture.Step;
import io.ringmaster.conformance.Fixture.Sysctl;
import io.ringmaster.conformance.Result.Difference;
import io.ringmaster.conformance.Result.Excuse;
import io.ringmaster.control.Reply;
import io.ringmaster.director.ModelDirector;
import io.ringmaster.director.ModelDirector.Sent;
import io.ringmaster.director.XdpDecision;
import java.util.ArrayList;
import java.util.List;

/** Plays one recording to a new director, of whatever kind, step by step. */
final class Player {
    /** What the recorder's steps took, about: a frame with its fence, and a command in a guest that forks slowly. */
    private static final long FRAME_MS = 1;
    private static final long COMMAND_MS = 50;
    /** Before statistics the recorder waited until the kernel had taken them over, which is not among its steps. */
    private static final long STATISTICS_MS = 2_300;
    /** What the notes say where it did not. */
    private static final String AT_ONCE = "taken at once";
    private static final long CAPACITY = 4096;
    private static final long ROOMY = 4 * CAPACITY;

    private final Fixture fixture;
    private final StepTable stepTable;
    private final Device director;
    private final Story story;
    private final Frames frames;
    private final List<Excuse> excused;
    private final List<Difference> differences = new ArrayList<>();
    private int number;
    private boolean stopped;
    private final Unstored unstored;
    private boolean sequencesPlayed;

    Player(final Fixture fixture, final StepTable stepTable, final Story story, final Device director,
           final Frames frames, final List<Excuse> excused) {
        this.fixture = fixture;
        this.stepTable = stepTable;
        this.director = director;
        this.unstored = new Unstored(fixture.notes());
        this.story = story;
        this.frames = frames;
        this.excused = excused;
    }

    /** A frame in, and what has to come of it. */
    @FunctionalInterface
    interface Frames {
        /** Plays a frame; lines about what differs, none if nothing does. What is excused is added to a list. */
        List<String> send(int step, Send send);
    }

    /** Plays it all to a director without a kernel. */
    static Result play(final Fixture fixture, final StepTable stepTable, final XdpDecision xdp) {
        final Topology topology = new Topology(fixture.mtuBytes());
        final Story story = new Story(new HostAnswer(topology));
        final List<Excuse> excused = new ArrayList<>();
        try (ModelDirector director = new ModelDirector(topology.links(), topology.addresses(), topology, xdp,
            fixture.sequences().isEmpty() ? CAPACITY : ROOMY)) {
            return new Player(fixture, stepTable, story, new ModelDevice(director),
                new SendStep(director, story, excused), excused).play();
        }
    }

    /** Plays it all; whatever goes wrong in the director is a difference, too. */
    Result play() {
        for (; number < fixture.steps().size() && !stopped; number++) {
            try {
                step(fixture.steps().get(number));
            } catch (final RuntimeException | AssertionError e) {
                differ("the director failed", List.of(e + at(e)));
                stopped = true;
            }
        }
        return new Result(fixture.name(), differences, excused);
    }

    private static String at(final Throwable failure) {
        return failure.getStackTrace().length == 0 ? "" : " at " + failure.getStackTrace()[0];
    }

    private void step(final Step step) {
        story.goOn(step);
        switch (step) {
            case Restore restore -> restore(restore);
            case Command command -> command(command);
            case Sysctl sysctl -> sysctl(sysctl);
            case Sleep sleep -> {
                unstored.send(director, fixture);
                director.elapse((long) (sleep.seconds() * 1000));
            }
            case Send send -> {
                director.elapse(FRAME_MS);
                final List<String> lines = frames.send(number, send);
                if (!lines.isEmpty()) {
                    differ((send.note().isEmpty() ? "" : "[" + send.note() + "] ") + "in: vec" + send.port() + " "
                        + FrameText.of(send.frame()), lines);
                }
            }
            case Connections connections -> connections("connections", connections.connections(),
                run("ipvsadm -Lnc").whole());
            case Late late -> {
                final List<Sent> ours = director.takeSent();
                differ("frames that come by themselves", FrameComparison.compare(late.out(), ours));
                return;
            }
        }
        differ("frames that come by themselves", FrameComparison.compare(List.of(), director.takeSent()));
    }

    private void differ(final String what, final List<String> lines) {
        if (!lines.isEmpty()) {
            differences.add(new Difference(number, what, lines));
        }
    }

    private void connections(final String what, final List<Listed> kernel, final String ours) {
        final List<Listed> own = Listing.connections(ours);
        final long lateSec = director.lateSec();
        final List<Listed> meant = new ArrayList<>();
        for (final Listed row : kernel) {
            meant.add(Listing.asMeant(row, own, lateSec, story, reason ->
                excused.add(new Excuse(number, row.toString(), "kernel bug: " + reason))));
        }
        differ(what, Listing.compareConnections(meant, own, lateSec));
    }

    private static String oneLine(final String text) {
        return text.strip().replace("\n", "; ");
    }

    private Reply run(final String line) {
        director.elapse(COMMAND_MS);
        return director.run(List.of(line.strip().split("\\s+")), "");
    }

    private void restore(final Restore restore) {
        director.elapse(COMMAND_MS);
        final Reply reply = director.run(restore.append() ? List.of("ipvsadm", "-R") : List.of("ipvsadm-restore"),
            restore.rules());
        final String out = reply.whole() + reply.err();
        if (reply.exit() != restore.exit() || !out.equals(restore.out())) {
            // All that follows rests on these rules.
            stopped = true;
            differ("rules " + restore.rules().strip().replace("\n", "; "), List.of(
                "kernel   exit " + restore.exit() + " " + oneLine(restore.out()),
                "ours     exit " + reply.exit() + " " + oneLine(out)));
        }
    }

    private void command(final Command command) {
        if (!sequencesPlayed && !fixture.sequences().isEmpty()) {
            sequencesPlayed = true;
            differ("states", StateSequences.play(director, fixture));
        }
        if (command.line().startsWith("ipvsadm ")) {
            ipvsadm(command);
            return;
        }
        final StepTable.Ours ours = stepTable.ours(command.line());
        if (ours == null) {
            differ(command.line(), List.of("steps.txt has no row for this"));
        } else if (!ours.words().isEmpty()) {
            final String line = String.join(" ", ours.words());
            final Reply reply = run(line);
            final String failed = reply.exit() == 0 ? "" : "ours     exit " + reply.exit() + " " + oneLine(reply.err());
            differ(line, failed.isEmpty() ? Settings.compare(ours.check(), command.out(), reply.whole())
                : List.of(failed));
        }
    }

    private void ipvsadm(final Command command) {
        if (command.line().contains("--stats") && !fixture.notes().toString().contains(AT_ONCE)) {
            director.elapse(STATISTICS_MS);
        }
        final Reply reply = run(command.line());
        final String out = asLarge(reply.whole() + reply.err());
        if (command.exit() != null && command.exit() != reply.exit()) {
            differ(command.line(), List.of("kernel   exit " + command.exit() + " " + oneLine(command.out()),
                "ours     exit " + reply.exit() + " " + oneLine(out)));
        } else if (command.line().startsWith("ipvsadm -Lnc")) {
            connections(command.line(), Listing.connections(command.out()), out);
        } else if (command.line().contains("--nosort")) {
            differ(command.line(), Listing.compareText(Listing.servicesSorted(command.out()),
                Listing.servicesSorted(out)));
        } else {
            differ(command.line(), Listing.compareText(command.out(), command.line().startsWith("ipvsadm -S")
                ? Listing.withoutThresholds(out) : out));
        }
    }

    /** Where more room is needed to play all sequences at once, listings tell of it. */
    private static String asLarge(final String out) {
        return out.replace("(size=" + ROOMY + ")", "(size=" + CAPACITY + ")");
    }

    private void sysctl(final Sysctl sysctl) {
        final String line = "sysctl " + sysctl.key() + "=" + sysctl.value();
        final Reply reply = run(line);
        if (reply.exit() == 0 != (sysctl.exit() == 0)) {
            differ(line, List.of("kernel   exit " + sysctl.exit(), "ours     exit " + reply.exit() + " "
                + oneLine(reply.err())));
        }
    }
}
