package io.ringmaster.conformance;

/** IPv4 (RFC 791) and IPv6 (RFC 8200) headers as {@link FrameFields}; tunnels and quotes come back here. */
final class NetworkFields {
    private static final int FRAGMENT = 44;

    private NetworkFields() {
    }

    /**
     * Reads a packet.
     *
     * @param prefix of the names of its fields.
     * @param quoted whether it is a quote of an ICMP error, which ends anywhere.
     */
    static void read(final FrameFields frame, final String prefix, final int at, final int end, final boolean quoted) {
        final int version = at < end ? frame.u8(at) >> 4 : 0;
        if (version == 4 && at + 20 <= end) {
            ipv4(frame, prefix, at, end, quoted);
        } else if (version == 6 && at + 40 <= end) {
            ipv6(frame, prefix, at, end, quoted);
        } else {
            frame.payload(prefix, at, end);
        }
    }

    private static void ipv4(final FrameFields frame, final String prefix, final int at, final int end,
                             final boolean quoted) {
        final String ip = prefix + "ip.";
        final int headerBytes = Math.max(20, (frame.u8(at) & 0xf) * 4);
        final int total = frame.u16(at + 2);
        final int fragment = frame.u16(at + 6);
        final int protocol = frame.u8(at + 9);
        frame.put(ip + "header-bytes", (frame.u8(at) & 0xf) * 4);
        frame.put(ip + "tos", String.format("%02x", frame.u8(at + 1)));
        frame.put(ip + "length", total);
        frame.put(ip + "id", frame.u16(at + 4));
        frame.put(ip + "flags", ((fragment & 0x4000) != 0 ? "DF" : "-") + ((fragment & 0x2000) != 0 ? " MF" : ""));
        frame.put(ip + "fragment-offset", (fragment & 0x1fff) * 8);
        frame.put(ip + "ttl", frame.u8(at + 8));
        frame.put(ip + "protocol", protocol);
        final int header = Math.min(at + headerBytes, end);
        frame.put(ip + "checksum", String.format("%04x", frame.u16(at + 10))
            + (Sums.internet(frame.copy(at, header)) == 0 ? " right" : " WRONG"));
        frame.put(ip + "from", frame.address(at + 12, 4));
        frame.put(ip + "to", frame.address(at + 16, 4));
        if (headerBytes > 20) {
            frame.put(ip + "options", frame.hex(at + 20, header));
        }
        final int whole = quoted ? end : Math.min(end, Math.max(header, at + total));
        if ((fragment & 0x1fff) != 0) {
            frame.payload(prefix, header, whole);
        } else {
            final byte[] pseudo = Sums.pseudo(frame.copy(at + 12, at + 20), protocol, whole - header);
            TransportFields.read(frame, prefix, new TransportFields.Part(protocol, header, whole,
                quoted || (fragment & 0x2000) != 0), pseudo);
        }
        trailer(frame, prefix, whole, end);
    }

    private static void ipv6(final FrameFields frame, final String prefix, final int at, final int end,
                             final boolean quoted) {
        final String ip = prefix + "ip6.";
        frame.put(ip + "traffic-class", String.format("%02x", frame.u32(at) >> 20 & 0xff));
        frame.put(ip + "flow-label", String.format("%05x", frame.u32(at) & 0xfffff));
        frame.put(ip + "payload-length", frame.u16(at + 4));
        frame.put(ip + "next-header", frame.u8(at + 6));
        frame.put(ip + "hop-limit", frame.u8(at + 7));
        frame.put(ip + "from", frame.address(at + 8, 16));
        frame.put(ip + "to", frame.address(at + 24, 16));
        final int whole = quoted ? end : Math.min(end, at + 40 + frame.u16(at + 4));
        int next = frame.u8(at + 6);
        int header = at + 40;
        boolean cut = quoted;
        while (extension(next) && header + 8 <= whole) {
            final int bytes = next == FRAGMENT ? 8 : Math.min(whole - header, (frame.u8(header + 1) + 1) * 8);
            frame.put(ip + "extension-" + next, frame.hex(header, header + bytes));
            if (next == FRAGMENT) {
                cut |= frame.u16(header + 2) != 0;
                if ((frame.u16(header + 2) & ~7) != 0) {
                    frame.payload(prefix, header + bytes, whole);
                    trailer(frame, prefix, whole, end);
                    return;
                }
            }
            next = frame.u8(header);
            header += bytes;
        }
        final byte[] pseudo = Sums.pseudo(frame.copy(at + 8, at + 40), next, whole - header);
        TransportFields.read(frame, prefix, new TransportFields.Part(next, header, whole, cut), pseudo);
        trailer(frame, prefix, whole, end);
    }

    private static boolean extension(final int next) {
        return next == 0 || next == 43 || next == FRAGMENT || next == 60;
    }

    private static void trailer(final FrameFields frame, final String prefix, final int from, final int end) {
        if (from < end) {
            frame.payload(prefix + "padding.", from, end);
        }
    }
}
