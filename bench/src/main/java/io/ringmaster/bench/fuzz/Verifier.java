package io.ringmaster.bench.fuzz;

/**
 * Looks whether all checksums of a packet hold: of IP headers, TCP, UDP, SCTP, ICMP and ICMPv6, of GRE and GUE and what
 * is in tunnels, of the headers that ICMP errors quote. It shares nothing with the product. Owned by one thread.
 * <p>
 * What cannot be judged counts as right: fragments' contents, TCP that ends within its header, unknown protocols. A UDP
 * length that differs from the IP header's is wrong.
 */
final class Verifier {
    private static final int ETHERNET = 14;
    private static final int GUE_PORT = 6080;
    private static final int DEPTH_MAX = 4;

    private byte[] bytes;
    private String wrong;
    private boolean outerWrong;

    /** What is wrong with an Ethernet frame, or null. */
    String wrong(final byte[] frame, final int lengthBytes) {
        bytes = frame;
        wrong = null;
        outerWrong = false;
        if (lengthBytes >= ETHERNET) {
            final int type = u16(12);
            if (type == 0x0800 || type == 0x86dd) {
                network(ETHERNET, lengthBytes, "", 0, false);
            }
        }
        return wrong;
    }

    /** Whether the last frame's own IP header or ICMP message was wrong, which a director never sends. */
    boolean outerWrong() {
        return outerWrong;
    }

    private int u8(final int at) {
        return bytes[at] & 0xff;
    }

    private int u16(final int at) {
        return u8(at) << 8 | u8(at + 1);
    }

    private void wrong(final String layer, final String what, final boolean outer) {
        if (wrong == null) {
            wrong = layer + what;
        }
        outerWrong |= outer && layer.isEmpty();
    }

    private void network(final int at, final int end, final String layer, final int depth, final boolean quoted) {
        if (depth > DEPTH_MAX || end - at < 20) {
            return;
        }
        if (u8(at) >> 4 == 4) {
            ipv4(at, end, layer, depth, quoted);
        } else if (u8(at) >> 4 == 6 && end - at >= 40) {
            ipv6(at, end, layer, depth, quoted);
        }
    }

    private void ipv4(final int at, final int end, final String layer, final int depth, final boolean quoted) {
        final int headerBytes = (u8(at) & 15) * 4;
        if (headerBytes < 20 || at + headerBytes > end) {
            return;
        }
        if (!Sums.holds(bytes, at, at + headerBytes, 0)) {
            wrong(layer, "IPv4 header checksum", true);
        }
        final int total = u16(at + 2);
        if (quoted) {
            tunnel(u8(at + 9), at + headerBytes, end, layer, depth, true);
            return;
        }
        if (total < headerBytes || at + total > end || (u16(at + 6) & 0x3fff) != 0) {
            return;
        }
        final int from = at + headerBytes;
        final int to = at + total;
        transport(u8(at + 9), from, to, Sums.pseudo4(bytes, at, 0, to - from), layer, depth);
    }

    private void ipv6(final int at, final int end, final String layer, final int depth, final boolean quoted) {
        final int to = at + 40 + u16(at + 4);
        if (quoted) {
            tunnel(u8(at + 6), at + 40, end, layer, depth, true);
        }
        if (to > end || quoted) {
            return;
        }
        int protocol = u8(at + 6);
        int from = at + 40;
        while (protocol == 0 || protocol == 43 || protocol == 60) {
            if (from + 8 > to) {
                return;
            }
            protocol = u8(from);
            from += 8 + u8(from + 1) * 8;
        }
        // A fragment header, AH and the like end it: what is behind is not judged.
        if (from <= to) {
            transport(protocol, from, to, Sums.pseudo6(bytes, at, 0, to - from), layer, depth);
        }
    }

    private void transport(final int protocol, final int from, final int to, final long pseudo, final String layer,
                           final int depth) {
        final int room = to - from;
        switch (protocol) {
            case 6 -> sum(room >= 20, from, to, pseudo + 6, layer + "TCP checksum");
            case 17 -> udp(from, to, pseudo, layer);
            case 132 -> {
                if (room >= 12 && Sums.crc32c(bytes, from, to) != (u16(from + 8) << 16 | u16(from + 10))) {
                    wrong(layer, "SCTP checksum", false);
                }
            }
            case 1, 58 -> icmp(protocol, from, to, pseudo, layer, depth);
            case 47 -> {
                if (to - from >= 8 && (u8(from) & 0x80) != 0 && !Sums.holds(bytes, from, to, 0)) {
                    wrong(layer, "GRE checksum", false);
                }
            }
            default -> { }
        }
        tunnel(protocol, from, to, layer, depth, false);
    }

    /** What is in a tunnel; of a quoted one, which was cut, only the header. */
    private void tunnel(final int protocol, final int from, final int to, final String layer, final int depth,
                        final boolean quoted) {
        final String inner = layer + "inner ";
        if (protocol == 4 || protocol == 41) {
            network(from, to, inner, depth + 1, quoted);
        } else if (protocol == 47 && to - from >= 4 && (u16(from + 2) == 0x0800 || u16(from + 2) == 0x86dd)) {
            network(from + ((u8(from) & 0x80) != 0 ? 8 : 4), to, inner, depth + 1, quoted);
        } else if (protocol == 17 && to - from >= 12 && u16(from + 2) == GUE_PORT && u8(from + 8) >> 6 == 0
            && (u8(from + 9) == 4 || u8(from + 9) == 41)) {
            network(from + 12 + (u8(from + 8) & 31) * 4, to, inner, depth + 1, quoted);
        }
    }

    private void sum(final boolean whole, final int from, final int to, final long before, final String what) {
        if (whole && !Sums.holds(bytes, from, to, before)) {
            wrong("", what, false);
        }
    }

    private void udp(final int from, final int to, final long pseudo, final String layer) {
        if (to - from < 8) {
            return;
        }
        if (u16(from + 4) != to - from) {
            wrong(layer, "UDP length", false);
        }
        sum(u16(from + 6) != 0, from, to, pseudo + 17, layer + "UDP checksum");
    }

    private void icmp(final int protocol, final int from, final int to, final long pseudo, final String layer,
                      final int depth) {
        if (to - from < 8) {
            return;
        }
        if (!Sums.holds(bytes, from, to, protocol == 58 ? pseudo + 58 : 0)) {
            wrong(layer, "ICMP checksum", protocol == 1);
        }
        final int type = u8(from);
        if (protocol == 58 ? type >= 1 && type <= 4 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12) {
            network(from + 8, to, layer + "quoted ", depth + 1, true);
        }
    }
}
