package io.ringmaster.worker;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.Vlan;
import java.lang.foreign.MemorySegment;

/**
 * What the headers of a packet tell a capture, read where it lies and without changing it: VLAN tags are passed over.
 * Owned by one worker.
 */
final class SeenHeaders {
    private static final int TAG_BYTES = 4;

    private final MemorySegment memory;
    private final Packet packet;
    private final IcmpQuote quote = new IcmpQuote();
    private boolean readable;
    private boolean quotes;
    private boolean fragment;

    SeenHeaders(final MemorySegment memory) {
        this.memory = memory;
        this.packet = new Packet(memory);
    }

    /** Reads a frame. */
    void read(final long frame, final int lengthBytes, final int port) {
        int tagBytes = 0;
        while (tagBytes < Vlan.MOST_BYTES && lengthBytes - tagBytes >= Vlan.LEAST_BYTES
            && Vlan.isTag(Ethernet.type(memory, frame + tagBytes))) {
            tagBytes += TAG_BYTES;
        }
        // What the parser reads of an Ethernet header, its type, stands behind the tags where it does without them.
        packet.wrap(frame + tagBytes, lengthBytes - tagBytes, port);
        final ParseResult result = PacketParser.parse(packet);
        readable = switch (result) {
            case TRUNCATED, NOT_IP, BAD_HEADER, BAD_CHECKSUM -> false;
            default -> true;
        };
        fragment = result == ParseResult.FRAGMENT || result == ParseResult.FRAGMENT_CUT;
        quotes = result == ParseResult.OK && isIcmp() && hasQuote(quote.parse(packet));
    }

    private boolean isIcmp() {
        return packet.protocol() == Ipv4.PROTOCOL_ICMP || packet.protocol() == Ipv6.PROTOCOL_ICMPV6;
    }

    private static boolean hasQuote(final ParseResult result) {
        return result == ParseResult.OK || result == ParseResult.FRAGMENT || result == ParseResult.TRANSPORT_MISSING;
    }

    /** The cursor over it, or null if its headers cannot be read. */
    Packet packet() {
        return readable ? packet : null;
    }

    /** What it quotes, or null if it is no ICMP error. */
    IcmpQuote quote() {
        return quotes ? quote : null;
    }

    /** Whether it is a fragment. */
    boolean fragment() {
        return fragment;
    }
}
