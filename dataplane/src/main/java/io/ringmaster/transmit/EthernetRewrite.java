package io.ringmaster.transmit;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Packet;
import java.lang.foreign.MemorySegment;

/** The last step of every packet, and all of direct routing: the Ethernet header of the next hop. */
public final class EthernetRewrite {
    private EthernetRewrite() {
    }

    /**
     * Addresses the packet to its next hop, and cuts Ethernet padding behind the IP packet off, as the kernel's stack
     * does with every packet that passes through it.
     *
     * @param destinationMac 48 bits, first byte on the wire highest.
     * @param sourceMac      the outgoing interface's, in the same form.
     */
    public static void address(final Packet packet, final long destinationMac, final long sourceMac) {
        final MemorySegment memory = packet.memory();
        final long frame = packet.frame();
        Ethernet.addresses(memory, frame, destinationMac, sourceMac);
        packet.resize(frame, Ethernet.HEADER_BYTES + packet.networkLengthBytes());
    }
}
