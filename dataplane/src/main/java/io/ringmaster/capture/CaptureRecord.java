package io.ringmaster.capture;

import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a worker tells of a captured packet: a message of a capture's ring, in the machine's byte order, 8-byte aligned.
 * <pre>
 *   0   time, ns on the director's clock    i64
 *   8   number of the packet                i64   the same before and after
 *  16   service's address, high, low    2 * i64
 *  32   real server's address, high, low  2 * i64
 *  48   bytes of the packet on the wire     i32   more than follow if it was cut
 *  52   interface, in the director's order  i32
 *  56   verdict: ordinal of a Counter       i32
 *  60   service's port, or its mark         i32
 *  64   real server's port                  i32
 *  68   side u8 | service: 0 none, 1 address, 2 mark u8 | service's protocol u8
 *  71   real server: 0 none, 1 + ordinal of its connection's forwarding method u8
 *  72   the packet from its Ethernet header on
 * </pre>
 */
public final class CaptureRecord {
    /** Where the packet begins. */
    public static final int HEADER_BYTES = 72;
    private static final int NUMBER = 8;
    private static final int SERVICE_HIGH = 16;
    private static final int SERVICE_LOW = 24;
    private static final int SERVER_HIGH = 32;
    private static final int SERVER_LOW = 40;
    private static final int WIRE_BYTES = 48;
    private static final int PORT = 52;
    private static final int VERDICT = 56;
    private static final int SERVICE_PORT = 60;
    private static final int SERVER_PORT = 64;
    private static final int SIDE = 68;
    private static final int SERVICE = 69;
    private static final int PROTOCOL = 70;
    private static final int SERVER = 71;
    private static final byte NONE = 0;
    private static final byte ADDRESS = 1;
    private static final byte MARK = 2;
    private static final int U8 = 0xff;

    private CaptureRecord() {
    }

    /** Which side of the director's work a packet was copied on. */
    public enum Side {
        /** As it was received. */
        BEFORE,
        /** As it was put into a transmit ring. */
        AFTER,
        /** As it was handed to the kernel, where that is not as it was received. */
        TO_KERNEL
    }

    /** Writes what all records of a packet have in common but its number. */
    public static void describe(final MemorySegment record, final int verdict, final ServiceKey service,
                                final RealServerView server, final int method) {
        record.set(ValueLayout.JAVA_INT, VERDICT, verdict);
        record.set(ValueLayout.JAVA_BYTE, SERVICE, service == null ? NONE : service.marked() ? MARK : ADDRESS);
        record.set(ValueLayout.JAVA_BYTE, SERVER, server == null ? NONE : (byte) (1 + method));
        if (service != null) {
            record.set(ValueLayout.JAVA_LONG, SERVICE_HIGH, service.vipHigh());
            record.set(ValueLayout.JAVA_LONG, SERVICE_LOW, service.vipLow());
            record.set(ValueLayout.JAVA_INT, SERVICE_PORT, service.marked() ? service.mark() : service.vport());
            record.set(ValueLayout.JAVA_BYTE, PROTOCOL, (byte) service.protocol());
        }
        if (server != null) {
            record.set(ValueLayout.JAVA_LONG, SERVER_HIGH, server.addressHigh());
            record.set(ValueLayout.JAVA_LONG, SERVER_LOW, server.addressLow());
            record.set(ValueLayout.JAVA_INT, SERVER_PORT, server.port());
        }
    }

    /** Writes the number of a packet. */
    public static void renumber(final MemorySegment record, final long number) {
        record.set(ValueLayout.JAVA_LONG, NUMBER, number);
    }

    /** Writes what the records of a packet differ by; the packet itself is the caller's to write. */
    public static void side(final MemorySegment record, final Side side, final long timeNs, final int port,
                            final int wireBytes) {
        record.set(ValueLayout.JAVA_LONG, 0, timeNs);
        record.set(ValueLayout.JAVA_INT, WIRE_BYTES, wireBytes);
        record.set(ValueLayout.JAVA_INT, PORT, port);
        record.set(ValueLayout.JAVA_BYTE, SIDE, (byte) side.ordinal());
    }

    /** When it was seen on this side, on the director's clock. */
    public static long timeNs(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }

    /** Number of the packet; no other of its capture has it. */
    public static long number(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset + NUMBER);
    }

    /** Bytes that it has on the wire. */
    public static int wireBytes(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_INT, offset + WIRE_BYTES);
    }

    /** The interface that it came or left by, in the director's order. */
    public static int port(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_INT, offset + PORT);
    }

    /** Ordinal of the counter that counts its end. */
    public static int verdict(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_INT, offset + VERDICT);
    }

    /** Ordinal of its side. */
    public static int side(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset + SIDE);
    }

    /** Whether its service is known. */
    public static boolean hasService(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset + SERVICE) != NONE;
    }

    /** Whether that is known by a firewall mark. */
    public static boolean isMark(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset + SERVICE) == MARK;
    }

    /** The service's protocol. */
    public static int protocol(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset + PROTOCOL) & U8;
    }

    /** The service's address, high long. */
    public static long serviceHigh(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset + SERVICE_HIGH);
    }

    /** The service's address, low long. */
    public static long serviceLow(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset + SERVICE_LOW);
    }

    /** The service's port or mark. */
    public static int servicePort(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_INT, offset + SERVICE_PORT);
    }

    /** Ordinal of the forwarding method to its real server, or -1 if none is known. */
    public static int method(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset + SERVER) - 1;
    }

    /** The real server's address, high long. */
    public static long serverHigh(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset + SERVER_HIGH);
    }

    /** The real server's address, low long. */
    public static long serverLow(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset + SERVER_LOW);
    }

    /** The real server's port, 0 for the one that was asked for. */
    public static int serverPort(final MemorySegment memory, final long offset) {
        return memory.get(ValueLayout.JAVA_INT, offset + SERVER_PORT);
    }
}
