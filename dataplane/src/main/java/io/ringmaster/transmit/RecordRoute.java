package io.ringmaster.transmit;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/**
 * The IP option "record route" (RFC 791 §3.1): the director writes its address like any router on the way. Linux writes
 * the VIP, in both directions. All other options pass untouched.
 * <pre>
 *  +------+--------+---------+-----------+-----------+- -
 *  |  7   | length | pointer | address 1 | address 2 |       pointer counts from the 7, starting with 1
 *  +------+--------+---------+-----------+-----------+- -
 * </pre>
 */
public final class RecordRoute {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int RECORD_ROUTE = 7;
    private static final int LENGTH = 1;
    private static final int POINTER = 2;
    private static final int POINTER_MIN = 4;
    private static final int OPTION_BYTES_MIN = 2;

    private RecordRoute() {
    }

    /** Whether the header is IPv4 and has options at all, and so perhaps this one. */
    public static boolean hasOptions(final Packet packet) {
        return packet.networkHeaderBytes() > Ipv4.HEADER_BYTES && packet.version() == 4;
    }

    /**
     * Writes the address into the option's next free place, if there is the option and a place; the header checksum is
     * made anew. Options that make no sense end the search.
     *
     * @param address 32 bits in network order.
     */
    public static void stamp(final Packet packet, final int address) {
        final MemorySegment memory = packet.memory();
        final long end = packet.network() + packet.networkHeaderBytes();
        long at = packet.network() + Ipv4.HEADER_BYTES;
        while (at < end) {
            final int type = BigEndian.u8(memory, at);
            if (type == END) {
                return;
            }
            if (type == NO_OPERATION) {
                at++;
                continue;
            }
            final int lengthBytes = at + LENGTH < end ? BigEndian.u8(memory, at + LENGTH) : 0;
            if (lengthBytes < OPTION_BYTES_MIN || at + lengthBytes > end) {
                return;
            }
            if (type == RECORD_ROUTE) {
                write(packet, at, lengthBytes, address);
                return;
            }
            at += lengthBytes;
        }
    }

    private static void write(final Packet packet, final long option, final int lengthBytes, final int address) {
        final MemorySegment memory = packet.memory();
        if (lengthBytes <= POINTER) {
            return;
        }
        final int pointer = BigEndian.u8(memory, option + POINTER);
        if (pointer < POINTER_MIN || pointer + Integer.BYTES - 1 > lengthBytes) {
            return;
        }
        BigEndian.i32(memory, option + pointer - 1, address);
        BigEndian.u8(memory, option + POINTER, pointer + Integer.BYTES);
        Ipv4.writeChecksum(memory, packet.network());
    }
}
