package io.ringmaster.application;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Tcp;
import java.lang.foreign.MemorySegment;

/** Changes what a TCP segment carries, and with it the lengths and checksums of its headers. */
public final class TcpPayload {
    private TcpPayload() {
    }

    /** Whether the segment's checksum is right. */
    public static boolean checksumHolds(final Packet packet) {
        return checksum(packet) == 0;
    }

    private static int checksum(final Packet packet) {
        final int bytes = (int) (TcpNumbers.dataLimit(packet) - packet.transport());
        return packet.version() == 6
            ? Checksum.ofTransport(packet.memory(), packet.network(), packet.transport(), bytes, Ipv4.PROTOCOL_TCP)
            : Checksum.ofTransport(packet.memory(), packet.transport(), bytes, Addresses.ipv4(packet.sourceLow()),
                Addresses.ipv4(packet.destinationLow()), Ipv4.PROTOCOL_TCP);
    }

    /**
     * Puts other bytes in place of some of the data. To be called before addresses are changed: the checksum is
     * computed with those that the packet came with.
     *
     * @param start     first byte that goes.
     * @param end       behind the last one; within the data.
     * @param text      what comes in their place.
     * @param textBytes how many bytes of it. What the packet gets longer must fit behind it.
     */
    public static void replace(final Packet packet, final long start, final long end, final byte[] text,
                               final int textBytes) {
        final MemorySegment memory = packet.memory();
        final int change = textBytes - (int) (end - start);
        if (change != 0) {
            MemorySegment.copy(memory, end, memory, end + change, TcpNumbers.dataLimit(packet) - end);
            lengthen(packet, change);
        }
        for (int i = 0; i < textBytes; i++) {
            BigEndian.u8(memory, start + i, text[i]);
        }
        Tcp.checksum(memory, packet.transport(), 0);
        Tcp.checksum(memory, packet.transport(), checksum(packet));
    }

    private static void lengthen(final Packet packet, final int change) {
        final MemorySegment memory = packet.memory();
        final long network = packet.network();
        final int before = packet.networkLengthBytes();
        packet.changeLength(before + change);
        if (packet.version() == 6) {
            Ipv6.payloadLength(memory, network, Ipv6.payloadLength(memory, network) + change);
        } else {
            Ipv4.totalLength(memory, network, before + change);
            Ipv4.checksum(memory, network,
                Checksum.update16(Ipv4.checksum(memory, network), before, before + change));
        }
    }
}
