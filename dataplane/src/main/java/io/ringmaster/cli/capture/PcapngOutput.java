package io.ringmaster.cli.capture;

import io.ringmaster.capture.Capture;
import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.capture.CaptureRecord.Side;
import io.ringmaster.verb.Call;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A capture as a pcapng file, with a comment for each packet. Used by the thread of its call. */
public final class PcapngOutput implements CaptureOutput {
    private final PcapngWriter writer = new PcapngWriter();
    private final Comments comments = new Comments();
    private final List<String> interfaces;
    private final WallClock clock;

    /**
     * Begins a file.
     *
     * @param interfaces their names.
     * @param comment    of the file.
     */
    public PcapngOutput(final List<String> interfaces, final WallClock clock, final int snapBytes,
                        final String comment) {
        this.interfaces = interfaces;
        this.clock = clock;
        writer.section("ringmaster", comment);
        interfaces.forEach(name -> writer.networkInterface(name, snapBytes));
    }

    @Override
    public void onRecord(final MemorySegment memory, final long offset, final int lengthBytes) {
        writer.packet(CaptureRecord.port(memory, offset), clock.epochNs(CaptureRecord.timeNs(memory, offset)), memory,
            offset + CaptureRecord.HEADER_BYTES, lengthBytes - CaptureRecord.HEADER_BYTES,
            CaptureRecord.wireBytes(memory, offset),
            CaptureRecord.side(memory, offset) == Side.AFTER.ordinal() ? PcapngWriter.OUTBOUND : PcapngWriter.INBOUND,
            CaptureRecord.number(memory, offset), comments.of(memory, offset));
    }

    @Override
    public void send(final Call call) throws IOException {
        call.write(writer.bytes(), 0, writer.lengthBytes());
        writer.clear();
    }

    @Override
    public void end(final Capture capture) {
        for (int port = 0; port < interfaces.size(); port++) {
            writer.statistics(port, clock.nowEpochNs(), capture.missed(port));
        }
    }
}
