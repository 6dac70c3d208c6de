package io.ringmaster.cli.capture;

import io.ringmaster.capture.CaptureRecord;
import io.ringmaster.capture.CaptureRecord.Side;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServiceId;
import io.ringmaster.packet.Addresses;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * The words of a record: its service, its real server, what became of it. Immutable.
 *
 * @param number  of the packet.
 * @param side    on which it was copied.
 * @param service like "TCP 10.0.0.1:80" or "mark 7"; null if none is known.
 * @param server  like "10.0.1.1:80"; null if none is known.
 * @param method  how it reaches that; null if none is known.
 * @param verdict what became of it.
 */
record Described(long number, Side side, String service, String server, String method, Counter verdict) {
    private static final Counter[] COUNTERS = Counter.values();
    private static final Side[] SIDES = Side.values();
    private static final ForwardingMethod[] METHODS = ForwardingMethod.values();

    static Described of(final MemorySegment memory, final long offset) {
        final int method = CaptureRecord.method(memory, offset);
        return new Described(CaptureRecord.number(memory, offset), SIDES[CaptureRecord.side(memory, offset)],
            CaptureRecord.hasService(memory, offset) ? service(memory, offset) : null,
            method < 0 ? null : server(memory, offset),
            method < 0 ? null : METHODS[method].name().toLowerCase(Locale.ROOT).replace('_', ' '),
            COUNTERS[CaptureRecord.verdict(memory, offset)]);
    }

    private static String service(final MemorySegment memory, final long offset) {
        final int port = CaptureRecord.servicePort(memory, offset);
        if (CaptureRecord.isMark(memory, offset)) {
            return "mark " + Integer.toUnsignedString(port);
        }
        return ServiceId.protocolWord(CaptureRecord.protocol(memory, offset)) + " "
            + place(CaptureRecord.serviceHigh(memory, offset), CaptureRecord.serviceLow(memory, offset), port);
    }

    private static String server(final MemorySegment memory, final long offset) {
        final long high = CaptureRecord.serverHigh(memory, offset);
        final long low = CaptureRecord.serverLow(memory, offset);
        final int port = CaptureRecord.serverPort(memory, offset);
        return port == 0 ? address(high, low) : place(high, low, port);
    }

    static String place(final long high, final long low, final int port) {
        return Addresses.isIpv4(high, low) ? address(high, low) + ":" + port : "[" + address(high, low) + "]:" + port;
    }

    static String address(final long high, final long low) {
        return new HostAddress(!Addresses.isIpv4(high, low), high, low).toString();
    }

    /** What became of it, in one word of listings and the kind of end: "sent", "dropped: ttl". */
    String end() {
        return switch (verdict.kind()) {
            case DROP -> "dropped: " + reason();
            case HANDED_BACK -> "to the kernel: " + reason();
            case SENT, EVENT -> reason();
        };
    }

    /** The counter's word, without what {@link #end} says before it. */
    private String reason() {
        final String word = verdict.word();
        return switch (verdict.kind()) {
            case DROP -> word.substring("drop-".length());
            case HANDED_BACK -> word.substring("back-".length());
            case SENT, EVENT -> word;
        };
    }

    /** Service, real server and method, as far as they are known: "TCP 10.0.0.1:80 -> 10.0.1.1:80 masquerading". */
    String way() {
        return (service == null ? "" : service) + (server == null ? "" : (service == null ? "" : " ") + "-> " + server
            + " " + method);
    }

    /** The word of a side, for the comment of a packet. */
    static String word(final Side side) {
        return switch (side) {
            case BEFORE -> " before";
            case AFTER -> " after";
            case TO_KERNEL -> " as the kernel got it";
        };
    }

    /** The rest of the comment: all that does not differ from packet to packet. */
    String wayAndEnd() {
        final String way = way();
        return (way.isEmpty() ? "" : ": " + way) + "; " + end() + " (" + verdict.meaning() + ")";
    }
}
