package io.ringmaster.bench.fuzz;

import io.ringmaster.cli.ipvsadm.Ipvsadm;
import io.ringmaster.cli.ipvsadm.Names;
import io.ringmaster.connection.ConnectionTable;
import io.ringmaster.connection.TableChecker;
import io.ringmaster.connection.TableForm;
import io.ringmaster.connection.TableRule;
import io.ringmaster.connection.TcpState;
import io.ringmaster.control.MarkWords;
import io.ringmaster.control.Ports;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.Reply;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.SysctlWords;
import io.ringmaster.ring.FramePool;
import io.ringmaster.ring.SpscRing;
import io.ringmaster.service.IcmpLimits;
import io.ringmaster.service.MarkRule;
import io.ringmaster.sip.Calls;
import io.ringmaster.stats.Counter;
import io.ringmaster.transmit.ClientHops;
import io.ringmaster.worker.WorkerAgent;
import io.ringmaster.worker.WorkerQueue;
import io.ringmaster.worker.WorkerSetup;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * A director of one worker over rings in memory, a settable clock, the service table and the commands in front of it:
 * plays actions, and after each cycle looks at all that must hold ({@link Inspection}). Owned by one thread.
 */
final class Director implements Actions, AutoCloseable {
    private static final long CAPACITY = 1024;
    private static final long MS_NS = 1_000_000;
    private static final long START_NS = 1_000_000_000_000L;
    private static final int HAND_BACK_BYTES = 1 << 18;
    private static final int MOST_CYCLES = 10_000;
    /** Longer than any connection lasts; templates of a longer persistence are no fault if they remain. */
    private static final long ALL_ENDED_MS = 40L * 24 * 3600 * 1000;
    private static final long END_STEP_MS = 1_000_000;

    private final Arena arena = Arena.ofConfined();
    private final Socket[] sockets;
    private final FrameStore store;
    private final ConnectionTable narrow;
    private final ConnectionTable wide;
    private final WorkerAgent worker;
    private final ServiceTable table;
    private final Ipvsadm ipvsadm;
    private final Inspection inspection;
    private long nowNs = START_NS;
    private boolean sending = true;

    /**
     * What differs from director to director.
     *
     * @param mtuBytes  of each interface: one, or two.
     * @param tableSeed of the connection tables' hash.
     */
    record Shape(int[] mtuBytes, long tableSeed) {
    }

    /**
     * A director without services.
     *
     * @param store  its packet memory, which no other uses now.
     * @param counts its counts, likewise.
     * @param shape  what it is like.
     */
    Director(final FrameStore store, final Counts counts, final Tamper tamper, final Shape shape) {
        this.narrow = ConnectionTable.allocate(TableForm.NARROW, CAPACITY, 1, 1, shape.tableSeed());
        this.wide = ConnectionTable.allocate(TableForm.WIDE, CAPACITY, 1, 1, shape.tableSeed());
        this.store = store;
        final int[] mtuBytes = shape.mtuBytes();
        store.reset();
        counts.reset();
        final int frames = framesFor(mtuBytes.length);
        final Network network = new Network(mtuBytes);
        final FramePool pool = new FramePool((long) (store.frames() - frames) * FrameStore.FRAME_BYTES,
            FrameStore.FRAME_BYTES, frames);
        final SpscRing handBack = new SpscRing(HAND_BACK_BYTES);
        this.sockets = new Socket[mtuBytes.length];
        final WorkerQueue[] queues = new WorkerQueue[sockets.length];
        for (int port = 0; port < sockets.length; port++) {
            sockets[port] = new Socket(arena, store);
            queues[port] = sockets[port].queue(port);
        }
        this.worker = WorkerSetup.worker(0, () -> nowNs).queues(queues, queues.length).memory(store.memory(), pool)
            .tables(narrow, wide, counts.servers(), counts.services(), new ClientHops())
            .calls(Calls.allocate(CAPACITY)).handBack(handBack, Integer.MAX_VALUE)
            .icmpLimits(new IcmpLimits(0, 1, 0, 0, 0)).make();
        this.inspection = new Inspection(store, pool, handBack, worker.counters(), tamper, store.frames() - frames);
        final Plane plane = new Plane(worker, narrow, wide, counts, () -> nowNs / MS_NS, this::cycle);
        this.table = new ServiceTable(plane, network, TcpState.defaults(),
            new Ports(network.links(), network.addresses(), Integer.MAX_VALUE, line -> { }).views());
        this.ipvsadm = new Ipvsadm(table, new Names(Path.of("/etc/services"), Path.of("/etc/hosts")));
        worker.onStart();
        plane.publish(table.view());
        cycle();
    }

    /** Frames of a director with some interfaces: as many as fit its fill and transmit rings. */
    static int framesFor(final int ports) {
        return ports * 2 * Socket.RING;
    }

    @Override
    public void command(final List<String> words, final String stdin) {
        run(words, stdin);
    }

    /** Runs a command and lets the worker take it over; what it answers. */
    Reply run(final List<String> words, final String stdin) {
        final Reply reply;
        try {
            reply = answer(words.getFirst(), words.subList(1, words.size()), stdin);
        } catch (final RuntimeException e) {
            throw Fault.of(e);
        }
        for (int i = 0; !table.settled(table.view().version()); i++) {
            if (i == MOST_CYCLES) {
                throw new Fault("the worker never takes over what " + words + " changed");
            }
            cycle();
        }
        return reply;
    }

    private Reply answer(final String command, final List<String> rest, final String stdin) {
        return switch (command) {
            case "ipvsadm" -> ipvsadm.run(rest, stdin);
            case "sysctl" -> taken(() -> SysctlWords.read(rest).apply(table));
            case "mark" -> taken(() -> mark(rest));
            default -> throw new IllegalArgumentException("there is no command " + command);
        };
    }

    private void mark(final List<String> words) {
        final MarkRule rule = MarkWords.read(words.subList(1, words.size()));
        if (words.getFirst().equals("add")) {
            table.addMark(rule);
        } else {
            table.deleteMark(rule);
        }
    }

    /** What comes of a change, which may be refused. */
    private static Reply taken(final Runnable change) {
        try {
            change.run();
            return Reply.of("");
        } catch (final RefusedException | SysctlWords.ValueException e) {
            return Reply.failure(1, e.getMessage());
        }
    }

    @Override
    public void elapse(final long ms) {
        nowNs += ms * MS_NS;
        table.onTick(nowNs);
        cycle();
    }

    @Override
    public void sends(final boolean on) {
        sending = on;
    }

    @Override
    public void frame(final int port, final byte[] bytes, final int lengthBytes) {
        final int frame = sockets[port % sockets.length].receive(bytes, lengthBytes);
        if (frame >= 0) {
            inspection.came(frame, bytes, lengthBytes);
        }
    }

    @Override
    public void cycle() {
        try {
            worker.doWork();
        } catch (final RuntimeException | Error e) {
            throw Fault.of(e);
        }
        inspection.afterWork(sockets);
        if (sending) {
            for (final Socket socket : sockets) {
                socket.send();
            }
        }
    }

    /** What was counted so far. */
    long count(final Counter counter) {
        return worker.counters().value(counter);
    }

    @Override
    public void end() {
        sends(true);
        cycle();
        checkTables();
        for (long left = ALL_ENDED_MS; left > 0 && narrow.size() + wide.size() > 0; left -= END_STEP_MS) {
            nowNs += END_STEP_MS * MS_NS;
            cycle();
        }
        if (narrow.size() + wide.size() > 0) {
            throw new Fault(narrow.size() + " and " + wide.size() + " connections never end");
        }
    }

    private void checkTables() {
        for (final TableForm form : TableForm.values()) {
            final TableChecker checker = table.checker(form);
            while (!checker.done()) {
                checker.step(MOST_CYCLES);
                nowNs += MS_NS;
            }
            for (final TableRule rule : TableRule.values()) {
                if (checker.report().violations(rule) > 0) {
                    throw new Fault("the table breaks its rule " + rule.word() + ": "
                        + checker.report().examples(rule));
                }
            }
        }
    }

    @Override
    public void close() {
        worker.onClose();
        narrow.close();
        wide.close();
        arena.close();
    }
}
