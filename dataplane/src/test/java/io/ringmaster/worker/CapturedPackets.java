package io.ringmaster.worker;

import io.ringmaster.capture.Capture;
import io.ringmaster.capture.CaptureFilter;
import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.packet.Addresses;
import io.ringmaster.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A capture of a {@link TestDirector} whose records are read as lines. */
final class CapturedPackets implements AutoCloseable {
    final List<byte[]> frames = new ArrayList<>();
    private final TestDirector director;
    private final Capture capture;
    private final List<String> lines = new ArrayList<>();

    CapturedPackets(final TestDirector director, final CaptureFilter filter) {
        this.director = director;
        this.capture = director.watch.captures.begin(filter).orElseThrow();
    }

    Capture capture() {
        return capture;
    }

    /** What was captured since the last call: number, side, port, service, real server, verdict, the packet. */
    List<String> take() {
        lines.clear();
        frames.clear();
        capture.poll(this::onRecord, Integer.MAX_VALUE, Long.MAX_VALUE);
        return List.copyOf(lines);
    }

    private void onRecord(final MemorySegment memory, final long offset, final int lengthBytes) {
        final byte[] frame = memory.asSlice(offset + CaptureRecord.HEADER_BYTES,
            lengthBytes - CaptureRecord.HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
        frames.add(frame);
        final String service = !CaptureRecord.hasService(memory, offset) ? "none"
            : CaptureRecord.isMark(memory, offset) ? "mark:" + CaptureRecord.servicePort(memory, offset)
            : address(CaptureRecord.serviceHigh(memory, offset), CaptureRecord.serviceLow(memory, offset)) + ":"
                + CaptureRecord.servicePort(memory, offset);
        final String server = CaptureRecord.method(memory, offset) < 0 ? "none"
            : address(CaptureRecord.serverHigh(memory, offset), CaptureRecord.serverLow(memory, offset)) + ":"
                + CaptureRecord.serverPort(memory, offset) + "/" + CaptureRecord.method(memory, offset);
        lines.add(CaptureRecord.number(memory, offset) + " "
            + CaptureRecord.Side.values()[CaptureRecord.side(memory, offset)] + " port"
            + CaptureRecord.port(memory, offset) + " " + service + " " + server + " "
            + Counter.values()[CaptureRecord.verdict(memory, offset)] + " "
            + (frame.length == CaptureRecord.wireBytes(memory, offset) ? Frames.text(frame)
                : frame.length + " of " + CaptureRecord.wireBytes(memory, offset)));
    }

    private static String address(final long high, final long low) {
        return Addresses.toInetAddress(high, low).getHostAddress();
    }

    @Override
    public void close() {
        director.watch.captures.leave(capture);
        director.cycle();
    }
}
