package io.ringmaster.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads and writes packets as a director does that runs without assertions: a program of its own, since tests have
 * them. Says what is wrong and ends with 1, or says how many packets it has handled.
 */
final class PlainAccess {
    // Enough that the compiler's code takes over from the interpreter.
    private static final int PACKETS = 20_000;
    private static final int SPARE_BYTES = 64;
    private static final String PACKET = "020000000001" + "0200000100fe" + "0800"
        + "4500002c000040004006255e0a0901010a010064" + "0fa0005000000001000000026012ffff00000000" + "01020304";
    private static final long MAC = 0x0200_0a0b_0c0dL;

    private PlainAccess() {
    }

    /** Without arguments. */
    public static void main(final String... args) {
        if (BigEndian.class.desiredAssertionStatus()) {
            fail("Assertions are on, so this tests nothing");
        }
        final byte[] frame = HexFormat.of().parseHex(PACKET);
        try (Arena arena = Arena.ofConfined()) {
            final int bytes = frame.length + 2 * SPARE_BYTES;
            final MemorySegment heap = MemorySegment.ofArray(new byte[bytes]);
            // Not at the start of its array, nor as its elements are.
            final MemorySegment slice = MemorySegment.ofArray(new long[bytes]).asSlice(Integer.BYTES + 1, bytes);
            final MemorySegment outside = arena.allocate(bytes);
            for (int i = 0; i < PACKETS; i++) {
                handle(heap, frame, i);
                handle(slice, frame, i);
                handle(outside, frame, i);
            }
        }
        System.out.println(3 * PACKETS + " packets");
    }

    private static void handle(final MemorySegment memory, final byte[] frame, final int round) {
        memory.fill((byte) 0);
        // At every remainder of 8.
        final long at = Long.BYTES + round % Long.BYTES;
        MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, at, frame.length);
        final Packet packet = new Packet(memory);
        packet.wrap(at, frame.length, 0);
        require(PacketParser.parse(packet) == ParseResult.OK, "not parsed", memory);
        require(packet.sourcePort() == 4_000 && packet.destinationPort() == 80
            && packet.sourceLow() == 0xffff_0a09_0101L && packet.tcpFlags() == (Tcp.SYN | Tcp.ACK), "read wrongly",
            memory);
        Ethernet.destination(memory, at, MAC);
        Tcp.destinationPort(memory, packet.transport(), round & 0xffff);
        Ipv4.destination(memory, packet.network(), ~round);
        Ipv4.timeToLive(memory, packet.network(), round & 0xff);
        BigEndian.i64(memory, at + frame.length, MAC * round);
        require(Arrays.equals(expected(frame, round), memory.asSlice(at, frame.length + Long.BYTES)
            .toArray(ValueLayout.JAVA_BYTE)), "written wrongly", memory);
        require(BigEndian.i64(memory, at + frame.length) == MAC * round
            && Ethernet.destination(memory, at) == MAC, "not read as written", memory);
        for (long other = 0; other < memory.byteSize(); other++) {
            require(other >= at && other < at + frame.length + Long.BYTES
                || memory.get(ValueLayout.JAVA_BYTE, other) == 0, "written beside the packet", memory);
        }
    }

    /** What is in memory then, byte by byte. */
    private static byte[] expected(final byte[] frame, final int round) {
        final byte[] expected = Arrays.copyOf(frame, frame.length + Long.BYTES);
        put(expected, 0, MAC, 6);
        put(expected, Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES + 2, round, 2);
        put(expected, Ethernet.HEADER_BYTES + 16, ~round, 4);
        put(expected, Ethernet.HEADER_BYTES + 8, round, 1);
        put(expected, frame.length, MAC * round, Long.BYTES);
        return expected;
    }

    private static void put(final byte[] bytes, final int at, final long value, final int count) {
        for (int i = 0; i < count; i++) {
            bytes[at + i] = (byte) (value >>> Byte.SIZE * (count - 1 - i));
        }
    }

    private static void require(final boolean right, final String wrong, final MemorySegment memory) {
        if (!right) {
            fail("A packet in " + memory + " was " + wrong);
        }
    }

    private static void fail(final String what) {
        System.out.println(what);
        System.exit(1);
    }
}
