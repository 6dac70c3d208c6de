package io.ringmaster.cli.capture;

import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.capture.CaptureRecord.Side;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Comments of packets. All of one but the packet's number and side is the same for many packets, and is made once:
 * making it takes longer than all the rest of a record's way into a file. Used by one thread.
 */
final class Comments {
    /** Ways of packets that are remembered at once: some hundred bytes each. */
    private static final int MOST = 4096;
    private static final Side[] SIDES = Side.values();

    private final Map<Way, String> known = new HashMap<>();

    /** All that the words of a comment come of. */
    private record Way(long serviceHigh, long serviceLow, long serverHigh, long serverLow, long ports, int words) {
        static Way of(final MemorySegment memory, final long offset) {
            final boolean service = CaptureRecord.hasService(memory, offset);
            final int method = CaptureRecord.method(memory, offset);
            final int words = (CaptureRecord.verdict(memory, offset) << Byte.SIZE | method & 0xff) << Byte.SIZE + 2
                | (service ? CaptureRecord.protocol(memory, offset) << 2 | 2 : 0)
                | (CaptureRecord.isMark(memory, offset) ? 1 : 0);
            return new Way(service ? CaptureRecord.serviceHigh(memory, offset) : 0,
                service ? CaptureRecord.serviceLow(memory, offset) : 0,
                method < 0 ? 0 : CaptureRecord.serverHigh(memory, offset),
                method < 0 ? 0 : CaptureRecord.serverLow(memory, offset),
                (service ? (long) CaptureRecord.servicePort(memory, offset) << Integer.SIZE : 0)
                    | (method < 0 ? 0 : CaptureRecord.serverPort(memory, offset)), words);
        }
    }

    /** The comment of a record. */
    String of(final MemorySegment memory, final long offset) {
        final Way way = Way.of(memory, offset);
        String words = known.get(way);
        if (words == null) {
            if (known.size() == MOST) {
                known.clear();
            }
            words = Described.of(memory, offset).wayAndEnd();
            known.put(way, words);
        }
        return "packet " + CaptureRecord.number(memory, offset)
            + Described.word(SIDES[CaptureRecord.side(memory, offset)]) + words;
    }
}
