package io.ringmaster.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * What the XDP program (native, ringmaster.bpf.c) takes from the kernel's path, in Java, for recordings: frames that it
 * leaves alone never reach a worker.
 */
final class Redirection {
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int IP = 14;

    final Set<Long> services = new HashSet<>();
    final Set<Long> replies = new HashSet<>();
    final Set<Integer> tunnels = new HashSet<>();

    /** Protocol, IPv4 address and port in one long. */
    static long key(final int protocol, final long low, final int port) {
        return (low & 0xffff_ffffL) << 32 | (long) port << 16 | protocol;
    }

    /** Whether the frame leaves the kernel's path for a worker. */
    boolean takes(final byte[] frame, final long ownMac) {
        final MemorySegment at = MemorySegment.ofArray(frame);
        if (frame.length < IP + 20 || u16(at, 12) != 0x0800
            || ((long) u16(at, 0) << 32 | at.get(I32, 2) & 0xffff_ffffL) != ownMac) {
            return false;
        }
        final int headerBytes = headerBytes(at, IP);
        final int totalBytes = u16(at, IP + 2);
        if (headerBytes == 0 || totalBytes < headerBytes || IP + totalBytes > frame.length
            || (u16(at, IP + 6) & 0x3fff) != 0) {
            return false;
        }
        final int l4 = IP + headerBytes;
        final int bytes = totalBytes - headerBytes;
        return switch (frame[IP + 9]) {
            case 6 -> bytes >= 20 && takesPorts(at, 6, l4);
            case 17 -> bytes >= 8 && takesPorts(at, 17, l4);
            case 1 -> bytes >= 8 && takesIcmp(at, l4, bytes - 8);
            default -> false;
        };
    }

    private boolean takesPorts(final MemorySegment at, final int protocol, final int l4) {
        final int destination = at.get(I32, IP + 16);
        if (services.contains(key(protocol, destination, u16(at, l4 + 2)))) {
            return true;
        }
        return !ownAddress(destination) && replies.contains(key(protocol, at.get(I32, IP + 12), u16(at, l4)));
    }

    /** The director's own addresses that are no VIPs. */
    private static boolean ownAddress(final int address) {
        return address == Frames.ip("10.1.0.1") || address == Frames.ip("10.2.0.1");
    }

    private boolean takesIcmp(final MemorySegment at, final int l4, final int bytes) {
        final int type = at.get(ValueLayout.JAVA_BYTE, l4);
        final int quote = l4 + 8;
        if (type != 3 && type != 4 && type != 11 || bytes < 20) {
            return false;
        }
        final int headerBytes = headerBytes(at, quote);
        final int source = at.get(I32, quote + 12);
        final int destination = at.get(I32, quote + 16);
        if (headerBytes == 0 || bytes < headerBytes || at.get(I32, IP + 16) != source) {
            return false;
        }
        final int protocol = at.get(ValueLayout.JAVA_BYTE, quote + 9);
        if (protocol == 4 || protocol == 41 || protocol == 47) {
            return tunnels.contains(destination);
        }
        if (protocol != 6 && protocol != 17 || bytes < headerBytes + 4) {
            return false;
        }
        final int ports = quote + headerBytes;
        return services.contains(key(protocol, source, u16(at, ports)))
            || protocol == 17 && tunnels.contains(destination)
            || !ownAddress(source) && replies.contains(key(protocol, destination, u16(at, ports + 2)));
    }

    private static int headerBytes(final MemorySegment at, final int offset) {
        final int first = at.get(ValueLayout.JAVA_BYTE, offset);
        return first >> 4 == 4 && (first & 0xf) >= 5 ? (first & 0xf) * 4 : 0;
    }

    private static int u16(final MemorySegment at, final int offset) {
        return at.get(I16, offset) & 0xffff;
    }
}
