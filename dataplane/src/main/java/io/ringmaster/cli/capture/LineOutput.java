package io.ringmaster.cli.capture;

import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.verb.Call;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A capture as lines like tcpdump's, with what the director knows behind each. Used by the thread of its call. */
public final class LineOutput implements CaptureOutput {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    private final StringBuilder lines = new StringBuilder();
    private final List<String> interfaces;
    private final WallClock clock;
    private final PacketText text = new PacketText();
    private final int width;
    private long last;

    /**
     * Lines about packets of these interfaces.
     *
     * @param interfaces their names.
     */
    public LineOutput(final List<String> interfaces, final WallClock clock) {
        this.interfaces = interfaces;
        this.clock = clock;
        this.width = Math.max(1, interfaces.stream().mapToInt(String::length).max().orElse(1));
    }

    @Override
    public void onRecord(final MemorySegment memory, final long offset, final int lengthBytes) {
        final Described described = Described.of(memory, offset);
        // Behind the first line of a packet stands what is known of it; the others have its number.
        final boolean first = described.number() != last;
        last = described.number();
        final String way = first ? described.way() : "";
        lines.append(TIME.format(clock.instant(CaptureRecord.timeNs(memory, offset)).atZone(ZoneId.systemDefault())))
            .append(String.format(" %-" + width + "s ", interfaces.get(CaptureRecord.port(memory, offset))))
            .append(switch (described.side()) {
                case BEFORE -> "In   ";
                case AFTER -> "Out  ";
                case TO_KERNEL -> "Kern ";
            })
            .append(text.of(memory, offset + CaptureRecord.HEADER_BYTES, lengthBytes - CaptureRecord.HEADER_BYTES,
                CaptureRecord.wireBytes(memory, offset)))
            .append("  #").append(described.number()).append(way.isEmpty() ? "" : " ").append(way)
            .append(first ? " " + described.end() : "").append('\n');
    }

    @Override
    public void send(final Call call) throws IOException {
        call.print(lines.toString());
        call.flush();
        lines.setLength(0);
    }
}
