package io.ringmaster.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the datagrams together that came in fragments, as the host does before it answers: whole ones, in any order. */
final class HostReassembly {
    private static final int IP = FrameFields.ETHERNET;
    private static final int UNITS = 0xfff8;

    private final Map<String, List<Part>> parts = new HashMap<>();

    private record Part(int offset, boolean last, byte[] head, byte[] content) {
        int end() {
            return offset + content.length;
        }
    }

    /** The frame as if it had come whole; null if it is a fragment and others are still to come. */
    byte[] whole(final byte[] frame) {
        final HostPacket packet = HostPacket.read(frame);
        if (packet == null || !packet.fragment()) {
            return frame;
        }
        final boolean six = packet.from().length == 16;
        final int header = six ? fragmentHeader(frame) : packet.transport();
        final ByteBuffer at = ByteBuffer.wrap(frame);
        final int place = at.getShort(six ? header + 2 : IP + 6) & 0xffff;
        final Part part = new Part(six ? place & UNITS : (place & 0x1fff) * 8,
            (place & (six ? 1 : 0x2000)) == 0, Arrays.copyOf(frame, header),
            Arrays.copyOfRange(frame, six ? header + 8 : header, packet.end()));
        final String name = Arrays.toString(packet.from()) + Arrays.toString(packet.to()) + packet.protocol() + " "
            + (six ? at.getInt(header + 4) : at.getShort(IP + 4));
        final List<Part> all = parts.computeIfAbsent(name, unknown -> new ArrayList<>());
        all.add(part);
        all.sort(Comparator.comparingInt(Part::offset));
        int end = 0;
        for (final Part each : all) {
            if (each.offset() != end) {
                return null;
            }
            end = each.end();
        }
        if (!all.getLast().last()) {
            return null;
        }
        parts.remove(name);
        return joined(all, six, six ? frame[header] : 0);
    }

    private static int fragmentHeader(final byte[] frame) {
        int next = frame[IP + 6] & 0xff;
        int at = IP + 40;
        while (next != 44) {
            next = frame[at] & 0xff;
            at += ((frame[at + 1] & 0xff) + 1) * 8;
        }
        return at;
    }

    private static byte[] joined(final List<Part> all, final boolean six, final byte next) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(all.getFirst().head());
        all.forEach(part -> out.writeBytes(part.content()));
        final byte[] whole = out.toByteArray();
        final ByteBuffer at = ByteBuffer.wrap(whole);
        if (six) {
            at.putShort(IP + 4, (short) (whole.length - IP - 40));
            whole[nextHeader(whole)] = next;
        } else {
            at.putShort(IP + 2, (short) (whole.length - IP));
            at.putShort(IP + 6, (short) 0);
            at.putShort(IP + 10, (short) 0);
            at.putShort(IP + 10, (short) Sums.internet(Arrays.copyOfRange(whole, IP, all.getFirst().head().length)));
        }
        return whole;
    }

    /** Where the protocol stands that the fragment header was, which is gone. */
    private static int nextHeader(final byte[] whole) {
        int field = IP + 6;
        int at = IP + 40;
        while (whole[field] != 44) {
            field = at;
            at += ((whole[at + 1] & 0xff) + 1) * 8;
        }
        return field;
    }
}
