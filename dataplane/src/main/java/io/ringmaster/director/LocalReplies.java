package io.ringmaster.director;

import io.ringmaster.bpf.EgressProgram;
import io.ringmaster.netlink.Link;
import io.ringmaster.packet.LocalReply;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.worker.HandBackAgent;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/**
 * Replies of real servers that are the director itself: the egress program on all its interfaces, from the first such
 * real server on. Started and closed by the control thread; what the helper thread calls is in
 * {@link HandBackAgent.LocalReplies}.
 */
final class LocalReplies implements HandBackAgent.LocalReplies, EgressProgram.Seen, AutoCloseable {
    private final List<Link> links;
    private final Consumer<String> log;
    private volatile EgressProgram program; // written once, by the control thread
    private SpscRing told;

    LocalReplies(final List<Link> links, final Consumer<String> log) {
        this.links = links;
        this.log = log;
    }

    /** Attaches the program if that was not done; why it was impossible in a sentence, or nothing. */
    String follow() {
        if (program != null) {
            return "";
        }
        EgressProgram loaded = null;
        try {
            loaded = EgressProgram.load();
            for (final Link link : links) {
                loaded.attach(link.index(), link.name());
            }
            program = loaded;
            log.accept("Replies of real servers that are the director itself are translated on their way out.");
            return "";
        } catch (final RuntimeException e) {
            if (loaded != null) {
                loaded.close();
            }
            return e.getMessage();
        }
    }

    @Override
    public void expect(final MemorySegment memory, final long offset) {
        final EgressProgram now = program;
        if (now != null) {
            now.expect(memory, offset);
        }
    }

    @Override
    public int poll(final SpscRing to) {
        final EgressProgram now = program;
        told = to;
        return now == null ? 0 : now.poll(this);
    }

    @Override
    public void reply(final MemorySegment memory, final long offset) {
        // Where the worker does not keep up it misses some: states follow with the next ones.
        told.offer(memory, offset, LocalReply.SEEN_BYTES, 0);
    }

    /** Only once the helper thread has ended. */
    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }
}
