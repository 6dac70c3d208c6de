package io.ringmaster.explain;

import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Packet;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.scheduler.Scheduler;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.Counter;
import io.ringmaster.stats.ServerCounters;
import io.ringmaster.stats.ServerLoad;
import io.ringmaster.worker.HandBack;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.worker.WorkerQueue;
import io.ringmaster.worker.WorkerSetup;
import io.ringmaster.worker.WorkerState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One packet through a worker of its own, in a copy of the director. Owned by the thread that explains; used once.
 */
final class Rehearsal {
    private static final int FRAME_BYTES = 4096;
    /** Beyond those in rings: what a packet larger than its way is cut up into. */
    private static final int SPARE_FRAMES = 64;
    private static final int HAND_BACK_BYTES = 1 << 15;
    private static final int PLENTY_PER_SEC = 1_000_000;
    private static final int[] POPULATION = {ServerCounters.ACTIVE, ServerCounters.INACTIVE, ServerCounters.PERSISTENT};

    private final Scene scene;
    private final WorkerState state;
    private final ConnectionTable originalWide;
    private final ServerCounters original;
    private final int interfaces;

    /**
     * A rehearsal of what one worker would do.
     *
     * @param state        what that worker knows.
     * @param originalWide the director's table of the wide form; only read.
     * @param original     what real servers carry; only read.
     * @param interfaces   how many the director has.
     */
    Rehearsal(final Scene scene, final WorkerState state, final ConnectionTable originalWide,
              final ServerCounters original, final int interfaces) {
        this.scene = scene;
        this.state = state;
        this.originalWide = originalWide;
        this.original = original;
        this.interfaces = interfaces;
    }

    /** What becomes of frames of one packet that come in by an interface of a number. */
    Course run(final int protocol, final int port, final List<byte[]> frames) {
        final View view = scene.view().withServices(this::onStage);
        final int numbers = view.numbers();
        final ServerCounters servers = new ServerCounters(1, numbers);
        final ServerCounters services = new ServerCounters(1, numbers);
        load(view, numbers, servers);
        final SpscRing handBack = new SpscRing(HAND_BACK_BYTES);
        try (Arena arena = Arena.ofConfined();
             RehearsedTables tables = new RehearsedTables(originalWide, view, scene.entries(), protocol,
                 scene.nowMs())) {
            final int room = interfaces * StageQueue.RING + SPARE_FRAMES;
            final MemorySegment memory = arena.allocate((long) room * FRAME_BYTES, FRAME_BYTES);
            final StageQueue[] stage = new StageQueue[interfaces];
            Arrays.setAll(stage, i -> new StageQueue(arena, memory));
            final WorkerQueue[] queues = new WorkerQueue[interfaces];
            Arrays.setAll(queues, i -> stage[i].queue(i));
            final WorkerAgent worker = WorkerSetup.worker(0, scene::nowNs).queues(queues, interfaces)
                .vlans(scene.vlans().copy())
                .memory(memory, new FramePool(0, FRAME_BYTES, room)).arena(arena)
                .tables(tables.narrow(), tables.wide(), servers, services, scene.hops().copy())
                .handBack(handBack, PLENTY_PER_SEC).state(state).make();
            worker.offer(view);
            worker.onStart();
            stage[port].receive(frames);
            worker.doWork();
            worker.onClose();
            return new Course(end(worker), events(worker), sent(stage), handedBack(handBack), counted(servers, numbers),
                tables.entries());
        }
    }

    /** Only the service that the packet is for has a scheduler: no other is asked. */
    private ServiceView onStage(final ServiceView service) {
        return service.withScheduler(service == scene.service() ? state.scheduler() : new NobodysScheduler());
    }

    /** What real servers carry that may be chosen, or have a connection that can be met. */
    private void load(final View view, final int numbers, final ServerCounters servers) {
        for (int number = 1; number < numbers; number++) {
            final RealServerView server = view.realServer(number);
            if (server != null && (scene.service() != null && server.endpoint() == scene.service().endpoint()
                || has(number))) {
                for (final int field : POPULATION) {
                    servers.add(0, number, field, original.sum(number, field));
                }
            }
        }
    }

    private boolean has(final int number) {
        return scene.entries().stream().anyMatch(entry -> ConnectionValue.realServer(entry.value()) == number);
    }

    private static int counted(final ServerCounters servers, final int numbers) {
        for (int number = 1; number < numbers; number++) {
            if (servers.sum(number, ServerCounters.IN_PACKETS) + servers.sum(number, ServerCounters.OUT_PACKETS) != 0) {
                return number;
            }
        }
        return ConnectionValue.NO_SERVER;
    }

    private static Counter end(final WorkerAgent worker) {
        final List<Counter> ends = Arrays.stream(Counter.values()).filter(counter -> counter.kind()
            != Counter.Kind.EVENT && worker.counters().value(counter) != 0).toList();
        // All fragments but the one that completes the datagram were joined to others.
        return ends.stream().filter(counter -> counter != Counter.FRAGMENT_JOINED).findFirst()
            .or(() -> ends.stream().findFirst())
            .orElseThrow(() -> new IllegalStateException("A rehearsed packet had no end"));
    }

    private static List<Counter> events(final WorkerAgent worker) {
        // That a rehearsal begins with a view has nothing to do with the packet.
        return Arrays.stream(Counter.values()).filter(counter -> counter.kind() == Counter.Kind.EVENT
            && counter != Counter.VIEWS_APPLIED && worker.counters().value(counter) != 0).toList();
    }

    private static List<Course.Sent> sent(final StageQueue[] stage) {
        final List<Course.Sent> sent = new ArrayList<>();
        for (int port = 0; port < stage.length; port++) {
            for (final byte[] frame : stage[port].sent()) {
                sent.add(new Course.Sent(port, frame));
            }
        }
        return sent;
    }

    private static List<byte[]> handedBack(final SpscRing ring) {
        final List<byte[]> frames = new ArrayList<>();
        ring.poll((memory, offset, lengthBytes, tag) -> {
            if (!HandBack.isExpectation(tag)) {
                frames.add(memory.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE));
            }
        }, Integer.MAX_VALUE);
        return frames;
    }

    /** Of services that the packet is not for. */
    private static final class NobodysScheduler implements Scheduler {
        @Override
        public void serversChanged(final ServiceView service) {
            // Nothing changes in a rehearsal.
        }

        @Override
        public int choose(final ServiceView service, final Packet packet, final ServerLoad load) {
            throw new IllegalStateException("A rehearsed packet came to the scheduler of a service that it is not for");
        }
    }
}
