package io.ringmaster.worker;

import io.ringmaster.capture.Capture;
import io.ringmaster.capture.CaptureFilter;
import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.capture.CaptureRecord.Side;
import io.ringmaster.capture.Captures;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.packet.Packet;
import io.ringmaster.ring.RxRing;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import io.ringmaster.service.ServiceView;
import io.ringmaster.service.View;
import io.ringmaster.stats.WorkerCounters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.agrona.concurrent.NanoClock;

/**
 * A worker's part in captures: stands around the packet path while there are any, and is not there otherwise. A packet
 * that one may want goes alone; what the path did with it is seen from outside. Owned by one worker.
 */
final class Tap {
    /** No frame is larger. */
    private static final int FRAME_BYTES = 4096;

    private final int worker;
    private final NanoClock clock;
    private final MemorySegment memory;
    private final WorkerQueue[] outputs;
    private final PacketPath path;
    private final Trackers trackers;
    private final Verdicts verdicts;
    private final Captures captures;
    private final SeenHeaders headers;
    private final int[] marks;
    private final int[] skipped = new int[Captures.MOST];
    private final MemorySegment before = record();
    private final MemorySegment after = record();
    private Capture[] running;
    /** A bit for each running capture that may want the packet. */
    private int wanted;
    // What became of it.
    private long leftNs;
    private RealServerView server;
    private ServiceKey service;
    private int verdict;

    Tap(final int worker, final NanoClock clock, final MemorySegment memory, final WorkerQueue[] outputs,
        final PacketPath path, final Trackers trackers, final WorkerCounters counters, final Captures captures) {
        this.worker = worker;
        this.clock = clock;
        this.memory = memory;
        this.outputs = outputs;
        this.path = path;
        this.trackers = trackers;
        this.verdicts = new Verdicts(counters);
        this.captures = captures;
        this.headers = new SeenHeaders(memory);
        this.marks = new int[outputs.length];
        this.running = captures.running();
    }

    private static MemorySegment record() {
        return Arena.ofAuto().allocate(CaptureRecord.HEADER_BYTES + FRAME_BYTES, Long.BYTES);
    }

    /** Whether packets are to go by {@link #process}; once a cycle. */
    boolean isOn() {
        final Capture[] now = captures.running();
        if (now != running) {
            running = now;
            captures.use(worker, now);
        }
        return now.length > 0;
    }

    /** As {@link PacketPath#process}, with copies for captures. */
    int process(final WorkerQueue queue, final long nowNs) {
        final int count = queue.rx().peek(PacketPath.BATCH);
        int done = 0;
        while (done < count) {
            final int unwanted = unwanted(queue, count - done);
            if (unwanted > 0) {
                path.process(queue, unwanted, nowNs);
                done += unwanted;
            }
            if (done < count) {
                one(queue, nowNs);
                done++;
            }
        }
        return count;
    }

    /** As {@link PacketPath#expireFragments}: what is sent then is the worker's own, and has come from nowhere. */
    void expireFragments(final long nowNs) {
        markOutputs();
        path.expireFragments(nowNs);
        for (int port = 0; port < outputs.length; port++) {
            for (int i = marks[port]; i < outputs[port].pending(); i++) {
                own(port, i);
            }
        }
    }

    private void own(final int port, final int i) {
        headers.read(outputs[port].pendingAddress(i), outputs[port].pendingLength(i), port);
        leftNs = clock.nanoTime();
        server = null;
        service = null;
        verdict = Verdicts.EXPIRED;
        describe();
        for (final Capture capture : running) {
            final CaptureFilter filter = capture.filter();
            if (filter.extent().after() && filter.wants(headers.packet(), headers.quote())
                && filter.wants(null, null, verdict)) {
                CaptureRecord.renumber(after, capture.nextNumber(worker));
                tellSent(capture, port, i);
            }
        }
    }

    /** How many of the packets that wait come before the first that a capture may want. */
    private int unwanted(final WorkerQueue queue, final int count) {
        final RxRing rx = queue.rx();
        for (int i = 0; i < count; i++) {
            headers.read(rx.address(i), rx.length(i), queue.port());
            wanted = wanting();
            if (wanted != 0) {
                return i;
            }
        }
        return count;
    }

    private int wanting() {
        int bits = 0;
        for (int i = 0; i < running.length; i++) {
            final CaptureFilter filter = running[i].filter();
            if (filter.wants(headers.packet(), headers.quote())) {
                skipped[i]++;
                if (skipped[i] >= filter.extent().sample()) {
                    skipped[i] = 0;
                    bits |= 1 << i;
                }
            }
        }
        return bits;
    }

    /** The path of one packet, with what is to be seen of it before and behind. */
    private void one(final WorkerQueue queue, final long nowNs) {
        final long frame = queue.rx().address(0);
        final int lengthBytes = queue.rx().length(0);
        copy(frame, before, lengthBytes);
        CaptureRecord.side(before, Side.BEFORE, clock.nanoTime(), queue.port(), lengthBytes);
        markOutputs();
        verdicts.mark();
        trackers.forget();
        path.process(queue, 1, nowNs);
        leftNs = clock.nanoTime();
        server = trackers.value() == 0 ? null
            : path.view().realServer(ConnectionValue.realServer(trackers.value()));
        service = server != null ? server.service() : serviceByHeaders();
        verdict = verdicts.passed();
        describe();
        final boolean changed = Verdicts.isLocal(verdict) && !headers.fragment() && isChanged(frame, lengthBytes);
        for (int i = 0; i < running.length; i++) {
            if ((wanted & 1 << i) != 0 && running[i].filter().wants(service, server, verdict)) {
                tell(running[i], queue, lengthBytes, changed);
            }
        }
    }

    private void describe() {
        final int method = ConnectionValue.method(trackers.value());
        CaptureRecord.describe(before, verdict, service, server, method);
        CaptureRecord.describe(after, verdict, service, server, method);
    }

    private void tell(final Capture capture, final WorkerQueue queue, final int lengthBytes, final boolean changed) {
        final CaptureFilter.Extent extent = capture.filter().extent();
        final long number = capture.nextNumber(worker);
        CaptureRecord.renumber(before, number);
        CaptureRecord.renumber(after, number);
        if (extent.before() && !capture.offer(worker, before,
            CaptureRecord.HEADER_BYTES + Math.min(lengthBytes, extent.snapBytes()), queue.port())) {
            return;
        }
        if (extent.after() && changed) {
            CaptureRecord.side(after, Side.TO_KERNEL, leftNs, queue.port(), lengthBytes);
            capture.offer(worker, after, CaptureRecord.HEADER_BYTES + Math.min(lengthBytes, extent.snapBytes()),
                queue.port());
        }
        for (int out = 0; out < outputs.length && extent.after(); out++) {
            for (int i = marks[out]; i < outputs[out].pending(); i++) {
                tellSent(capture, out, i);
            }
        }
    }

    private void tellSent(final Capture capture, final int out, final int i) {
        final int lengthBytes = outputs[out].pendingLength(i);
        copy(outputs[out].pendingAddress(i), after, lengthBytes);
        CaptureRecord.side(after, Side.AFTER, leftNs, out, lengthBytes);
        capture.offer(worker, after,
            CaptureRecord.HEADER_BYTES + Math.min(lengthBytes, capture.filter().extent().snapBytes()), out);
    }

    /** Whether the frame of a packet for the director itself, which is back in the pool, is not as it came. */
    private boolean isChanged(final long frame, final int lengthBytes) {
        copy(frame, after, lengthBytes);
        final long end = CaptureRecord.HEADER_BYTES + Math.min(lengthBytes, FRAME_BYTES);
        return MemorySegment.mismatch(before, CaptureRecord.HEADER_BYTES, end, after, CaptureRecord.HEADER_BYTES,
            end) >= 0;
    }

    private ServiceKey serviceByHeaders() {
        final Packet packet = headers.packet();
        if (packet == null) {
            return null;
        }
        final View view = path.view();
        final ServiceView found = view.service(packet.protocol(), packet.sourceHigh(), packet.sourceLow(),
            packet.destinationHigh(), packet.destinationLow(), packet.destinationPort(),
            view.port(packet.port()).interfaceIndex());
        return found == null ? null : found.key();
    }

    private void markOutputs() {
        for (int port = 0; port < outputs.length; port++) {
            marks[port] = outputs[port].pending();
        }
    }

    private void copy(final long frame, final MemorySegment record, final int lengthBytes) {
        MemorySegment.copy(memory, frame, record, CaptureRecord.HEADER_BYTES, Math.min(lengthBytes, FRAME_BYTES));
    }
}
