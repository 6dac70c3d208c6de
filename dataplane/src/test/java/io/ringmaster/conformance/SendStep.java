package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Out;
import io.ringmaster.conformance.Fixture.Send;
import io.ringmaster.conformance.HostAnswer.Kind;
import io.ringmaster.conformance.Result.Excuse;
import io.ringmaster.director.ModelDirector;
import io.ringmaster.director.ModelDirector.Outcome;
import io.ringmaster.director.ModelDirector.Sent;
import io.ringmaster.stats.Counter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Frames in, and what has to come of them. There are three verdicts: the frames that the kernel sent, sent by us; the
 * frame is the kernel's, who then must be the one that answered as recorded; the next hop has to be asked for first.
 */
final class SendStep implements Player.Frames {
    private final ModelDirector director;
    private final HostAnswer host;
    private final Story story;
    private final List<Excuse> excused;
    private final EgressModel egress = new EgressModel();
    private final List<byte[]> arrived = new ArrayList<>();
    private final HostReassembly reassembly = new HostReassembly();

    SendStep(final ModelDirector director, final Story story, final List<Excuse> excused) {
        this.director = director;
        this.host = story.host();
        this.story = story;
        this.excused = excused;
    }

    @Override
    public List<String> send(final int step, final Send send) {
        final Outcome outcome = director.receive(send.port(), send.frame());
        final byte[] whole = reassembly.whole(send.frame());
        arrived.add(send.frame());
        if (whole != null && whole != send.frame()) {
            // Given back as one, which the host takes as well.
            arrived.add(whole);
        }
        director.takeExpected().forEach(egress::expect);
        final boolean handedBack = !outcome.handedBack().isEmpty();
        if (outcome.counters().containsKey(Counter.BACK_LOCAL_NODE)) {
            return local(step, send, outcome);
        }
        if (!outcome.handedBack().stream().allMatch(this::arrived)) {
            return List.of("handed back to the kernel, but not as it came");
        }
        if ((!outcome.redirected() || handedBack) && outcome.sent().isEmpty()) {
            return passed(step, send, outcome, whole);
        }
        final List<String> lines = FrameComparison.compare(send.out(), outcome.sent());
        if (asksNeighbour(send, outcome)) {
            excused.add(new Excuse(step, FrameText.of(send.out().getFirst().frame()),
                "the control thread has the kernel ask for the neighbour"));
            return List.of();
        }
        if (lines.isEmpty()) {
            return lines;
        }
        final List<byte[]> kernel = send.out().stream().map(Out::frame).toList();
        final List<byte[]> ours = outcome.sent().stream().map(Sent::frame).toList();
        final String bug = KernelBug.of(send.frame(), kernel, ours, story);
        if (!bug.isEmpty()) {
            excused.add(new Excuse(step, "in: " + FrameText.of(send.frame()), "kernel bug: " + bug));
            return List.of();
        }
        final List<String> all = new ArrayList<>(lines);
        all.add("ours     " + fate(outcome));
        return all;
    }

    /** Whether a frame is one that came in, now or before: a fragment may be kept for a while. */
    private boolean arrived(final byte[] frame) {
        return arrived.stream().anyMatch(each -> Arrays.equals(each, frame));
    }

    /** The frame is the kernel's: then what was recorded must be what a host does by itself, and nothing else. */
    private List<String> passed(final int step, final Send send, final Outcome outcome, final byte[] whole) {
        final List<byte[]> out = send.out().stream().map(Out::frame).toList();
        final boolean together = whole != null && whole != send.frame() && host.owns(HostPacket.read(whole).to());
        final byte[] asked = together ? whole : send.frame();
        final Kind kind = host.kind(send.port(), asked);
        final String way = (outcome.handedBack().isEmpty() ? "not redirected" : "handed back") + " (" + fate(outcome)
            + ")";
        final boolean explained = !together && outcome.handedBack().size() > 1
            ? host.explainsEach(kind, outcome.handedBack(), out) : host.explains(kind, asked, out);
        if (explained) {
            excused.add(new Excuse(step, out.isEmpty() ? "none, for " + FrameText.of(send.frame())
                : FrameText.of(out.getFirst()), way + "; the host " + kind.meaning()));
            return List.of();
        }
        final List<String> lines = new ArrayList<>(FrameComparison.compare(send.out(), outcome.sent()));
        lines.add("ours     the frame is the kernel's: " + way + "; a host " + kind.meaning());
        return lines;
    }

    /**
     * The frame is for a real server that is the host itself: then what was recorded must be what the host answers, and
     * the egress program writes into that; and the director is told what it saw.
     */
    private List<String> local(final int step, final Send send, final Outcome outcome) {
        final byte[] handedBack = outcome.handedBack().getFirst();
        if (outcome.handedBack().size() != 1 || !Arrays.equals(send.frame(), egress.asArrived(handedBack))) {
            return List.of("handed back to the kernel, but not as it came, to the real server");
        }
        final List<byte[]> out = send.out().stream().map(Out::frame).toList();
        final List<byte[]> answers = out.stream().map(egress::before).toList();
        final Kind kind = host.kind(send.port(), handedBack);
        final List<String> lines = new ArrayList<>();
        if (!host.explains(kind, handedBack, answers)) {
            lines.add("ours     handed back for a local real server; a host " + kind.meaning());
        }
        for (int i = 0; i < out.size(); i++) {
            if (!Arrays.equals(out.get(i), egress.leaving(answers.get(i)))) {
                lines.add("ours     is not translated so on its way out");
            }
            final byte[] told = egress.told(answers.get(i));
            if (told.length > 0) {
                director.seen(told);
            }
            excused.add(new Excuse(step, FrameText.of(out.get(i)), "handed back (" + fate(outcome) + "); the host "
                + kind.meaning() + ", and the egress program translates that"));
        }
        return lines;
    }

    private boolean asksNeighbour(final Send send, final Outcome outcome) {
        return outcome.counters().containsKey(Counter.DROP_NEIGHBOUR_UNRESOLVED) && outcome.sent().isEmpty()
            && send.out().size() == 1 && host.asksNeighbour(send.out().getFirst().frame());
    }

    private static String fate(final Outcome outcome) {
        final StringBuilder text = new StringBuilder(outcome.xdp().word().replace('_', '-'));
        outcome.counters().forEach((counter, count) -> {
            if (counter.kind() != Counter.Kind.EVENT) {
                text.append(", ").append(counter.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        });
        return text.toString();
    }
}
