package io.ringmaster.conformance;

/** TCP, UDP, SCTP, ICMP and the headers of tunnels as {@link FrameFields}. */
final class TransportFields {
    private static final String TCP_FLAGS = "FSRPAUEC";
    private static final int GUE_PORT = 6080;

    private TransportFields() {
    }

    /**
     * What follows an IP header.
     *
     * @param cut whether its end is missing, and with it what its checksum is about.
     */
    record Part(int protocol, int at, int end, boolean cut) {
        int bytes() {
            return end - at;
        }
    }

    static void read(final FrameFields frame, final String prefix, final Part part, final byte[] pseudo) {
        final int protocol = part.protocol();
        if (protocol == 6 && part.bytes() >= 20) {
            tcp(frame, prefix, part, pseudo);
        } else if (protocol == 17 && part.bytes() >= 8) {
            udp(frame, prefix, part, pseudo);
        } else if (protocol == 132 && part.bytes() >= 12) {
            sctp(frame, prefix, part);
        } else if ((protocol == 1 || protocol == 58) && part.bytes() >= 8) {
            icmp(frame, prefix, part, pseudo);
        } else if (protocol == 4 || protocol == 41) {
            NetworkFields.read(frame, prefix + "inner.", part.at(), part.end(), part.cut());
        } else if (protocol == 47 && part.bytes() >= 4) {
            gre(frame, prefix, part);
        } else {
            ports(frame, prefix, part);
        }
    }

    /** A quote often has no more than eight bytes. */
    private static void ports(final FrameFields frame, final String prefix, final Part part) {
        final boolean known = part.protocol() == 6 || part.protocol() == 17 || part.protocol() == 132;
        if (known && part.bytes() >= 8) {
            frame.put(prefix + "from-port", frame.u16(part.at()));
            frame.put(prefix + "to-port", frame.u16(part.at() + 2));
            frame.payload(prefix, part.at() + 4, part.end());
        } else {
            frame.payload(prefix, part.at(), part.end());
        }
    }

    private static void tcp(final FrameFields frame, final String prefix, final Part part, final byte[] pseudo) {
        final String tcp = prefix + "tcp.";
        final int at = part.at();
        final int headerBytes = (frame.u8(at + 12) >> 4) * 4;
        frame.put(tcp + "from-port", frame.u16(at));
        frame.put(tcp + "to-port", frame.u16(at + 2));
        frame.put(tcp + "seq", frame.u32(at + 4));
        frame.put(tcp + "ack", frame.u32(at + 8));
        frame.put(tcp + "header-bytes", headerBytes);
        frame.put(tcp + "flags", flags(frame.u8(at + 13)));
        frame.put(tcp + "window", frame.u16(at + 14));
        frame.put(tcp + "checksum", sum(frame, at + 16, part, pseudo));
        frame.put(tcp + "urgent", frame.u16(at + 18));
        final int data = Math.clamp(at + headerBytes, at + 20, part.end());
        if (data > at + 20) {
            frame.put(tcp + "options", frame.hex(at + 20, data));
        }
        frame.payload(prefix, data, part.end());
    }

    static String flags(final int bits) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < TCP_FLAGS.length(); i++) {
            text.append((bits >> i & 1) != 0 ? TCP_FLAGS.substring(i, i + 1) : "");
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    private static void udp(final FrameFields frame, final String prefix, final Part part, final byte[] pseudo) {
        final int at = part.at();
        frame.put(prefix + "udp.from-port", frame.u16(at));
        frame.put(prefix + "udp.to-port", frame.u16(at + 2));
        frame.put(prefix + "udp.length", frame.u16(at + 4));
        frame.put(prefix + "udp.checksum", frame.u16(at + 6) == 0 ? "none" : sum(frame, at + 6, part, pseudo));
        if (frame.u16(at + 2) == GUE_PORT && part.bytes() >= 12 && frame.u8(at + 8) >> 6 == 0) {
            final int inner = Math.min(part.end(), at + 12 + (frame.u8(at + 8) & 0x1f) * 4);
            frame.put(prefix + "gue.header", frame.hex(at + 8, inner));
            NetworkFields.read(frame, prefix + "inner.", inner, part.end(), part.cut());
        } else {
            frame.payload(prefix, at + 8, part.end());
        }
    }

    private static void sctp(final FrameFields frame, final String prefix, final Part part) {
        final int at = part.at();
        frame.put(prefix + "sctp.from-port", frame.u16(at));
        frame.put(prefix + "sctp.to-port", frame.u16(at + 2));
        frame.put(prefix + "sctp.tag", String.format("%08x", frame.u32(at + 4)));
        frame.put(prefix + "sctp.crc", String.format("%08x", frame.u32(at + 8)) + (part.cut() ? ""
            : Sums.crc32c(frame.copy(at, part.end())) == Integer.reverseBytes((int) frame.u32(at + 8))
                ? " right" : " WRONG"));
        if (part.bytes() > 12) {
            frame.put(prefix + "sctp.chunk", frame.u8(at + 12));
        }
        frame.payload(prefix, at + 12, part.end());
    }

    private static void icmp(final FrameFields frame, final String prefix, final Part part, final byte[] pseudo) {
        final boolean six = part.protocol() == 58;
        final String icmp = prefix + (six ? "icmp6." : "icmp.");
        final int at = part.at();
        final int type = frame.u8(at);
        frame.put(icmp + "type", type);
        frame.put(icmp + "code", frame.u8(at + 1));
        frame.put(icmp + "checksum", sum(frame, at + 2, part, six ? pseudo : new byte[0]));
        frame.put(icmp + "rest", frame.hex(at + 4, at + 8));
        final boolean error = six ? type >= 1 && type <= 4 : type == 3 || type == 4 || type == 5 || type == 11
            || type == 12;
        if (error) {
            NetworkFields.read(frame, prefix + "quote.", at + 8, part.end(), true);
        } else {
            frame.payload(prefix, at + 8, part.end());
        }
    }

    private static void gre(final FrameFields frame, final String prefix, final Part part) {
        final int at = part.at();
        final int flags = frame.u16(at);
        frame.put(prefix + "gre.flags", String.format("%04x", flags));
        frame.put(prefix + "gre.protocol", String.format("%04x", frame.u16(at + 2)));
        int inner = at + 4;
        if ((flags & 0x8000) != 0 && part.bytes() >= 8) {
            frame.put(prefix + "gre.checksum", sum(frame, at + 4, part, new byte[0]));
            inner += 4;
        }
        NetworkFields.read(frame, prefix + "inner.", inner, part.end(), part.cut());
    }

    private static String sum(final FrameFields frame, final int field, final Part part, final byte[] pseudo) {
        final String value = String.format("%04x", frame.u16(field));
        return part.cut() ? value
            : value + (Sums.internet(pseudo, frame.copy(part.at(), part.end())) == 0 ? " right" : " WRONG");
    }
}
