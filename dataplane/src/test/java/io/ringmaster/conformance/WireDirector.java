package io.ringmaster.conformance;

import io.ringmaster.conformance.Fixture.Send;
import io.ringmaster.conformance.Result.Excuse;
import io.ringmaster.control.Reply;
import io.ringmaster.director.ControlClient;
import io.ringmaster.director.Counters;
import io.ringmaster.director.ModelDirector.Sent;
import io.ringmaster.director.RunningDirector;
import io.ringmaster.netlink.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The program {@code ringmaster run} on the interfaces of a {@link WireNetwork}, whose kernel answers for the host.
 * All frames that come out are compared with all that the recorded host sent, whoever of the two sent them.
 */
final class WireDirector implements Device, Player.Frames, AutoCloseable {
    /** How long an answer may take on a busy machine. */
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(3);
    /** How long is waited for what should not come, and for the kernel when it was handed a frame. */
    private static final long QUIET_MS = 20;
    private static final long LOOK_NS = 200_000;
    /** As far as this machine's compilers need not be tried, a start takes half of the time. */
    private static final List<String> JVM_FLAGS = List.of("-XX:TieredStopAtLevel=1");

    private final WireNetwork network;
    private final RunningDirector director;
    private final int ports;
    private final Story story;
    private final List<Excuse> excused;
    private long framesIn;
    private long startNs;
    private long elapsedMs;

    /** Starts it; when this returns, it takes packets. */
    WireDirector(final Topology topology, final Story story, final List<Excuse> excused) {
        this.story = story;
        this.excused = excused;
        ports = topology.links().size();
        network = new WireNetwork(topology);
        try {
            director = RunningDirector.launch(network.host(), JVM_FLAGS, List.of("run", "--connections", "4096",
                "--interface", String.join(",", topology.links().stream().map(Link::name).toList())));
        } catch (final RuntimeException e) {
            network.close();
            throw e;
        }
        try {
            director.awaitReady();
        } catch (final AssertionError e) {
            close();
            throw e;
        }
    }

    @Override
    public Reply run(final List<String> words, final String stdin) {
        return ControlClient.ask(director.socket(), words, stdin);
    }

    @Override
    public void elapse(final long ms) {
        if (startNs == 0) {
            startNs = System.nanoTime();
        }
        elapsedMs += ms;
        pause(ms);
    }

    private static void pause(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public long lateSec() {
        return 1 + Math.max(0, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs) - elapsedMs) / 1000;
    }

    @Override
    public void receive(final int port, final byte[] frame) {
        network.socket(port).send(frame);
        framesIn++;
    }

    @Override
    public List<Sent> takeSent() {
        final List<Sent> sent = new ArrayList<>();
        for (int port = 0; port < ports; port++) {
            for (byte[] frame = network.socket(port).receive(0); frame != null;
                 frame = network.socket(port).receive(0)) {
                if (!HostAnswer.byItself(frame) && !story.host().asksNeighbour(frame)) {
                    sent.add(new Sent(port, frame));
                }
            }
        }
        return sent;
    }

    @Override
    public List<String> send(final int step, final Send send) {
        receive(send.port(), send.frame());
        if (send.out().size() == 1 && story.host().asksNeighbour(send.out().getFirst().frame())) {
            excused.add(new Excuse(step, FrameText.of(send.out().getFirst().frame()),
                "the host's kernel asks for the neighbour when it likes, from when a rule names it"));
            return FrameComparison.compare(List.of(), awaitSent(0));
        }
        final List<Sent> sent = awaitSent(send.out().size());
        final List<String> lines = FrameComparison.compare(send.out(), sent);
        if (!lines.isEmpty()) {
            final String bug = KernelBug.of(send.frame(), send.out().stream().map(Fixture.Out::frame).toList(),
                sent.stream().map(Sent::frame).toList(), story);
            if (!bug.isEmpty()) {
                excused.add(new Excuse(step, "in: " + FrameText.of(send.frame()), "kernel bug: " + bug));
                return List.of();
            }
        }
        return lines;
    }

    /** As many frames as are expected, and those beyond that come in the moment after. */
    private List<Sent> awaitSent(final int expected) {
        final List<Sent> sent = new ArrayList<>();
        final long deadlineNs = System.nanoTime() + LONGEST_NS;
        while (sent.size() < expected && System.nanoTime() < deadlineNs) {
            sent.addAll(takeSent());
            LockSupport.parkNanos(LOOK_NS);
        }
        // Where nothing is to be waited for, the director's counters tell when it is done.
        while (expected == 0 && System.nanoTime() < deadlineNs && !Counters.of(director).settled(framesIn)) {
            LockSupport.parkNanos(LOOK_NS);
        }
        pause(QUIET_MS);
        sent.addAll(takeSent());
        return sent;
    }

    @Override
    public void close() {
        try {
            director.close();
        } finally {
            network.close();
        }
    }
}
