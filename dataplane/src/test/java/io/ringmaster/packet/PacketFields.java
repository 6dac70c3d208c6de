package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;

/** Packets of which only the fields matter that a scheduler reads. */
public final class PacketFields {
    private PacketFields() {
    }

    /** A packet from this client to a service's address. */
    public static Packet from(final InetAddress client, final int port, final InetAddress destination) {
        final Packet packet = new Packet(MemorySegment.NULL);
        packet.sourceHigh = Addresses.high(client);
        packet.sourceLow = Addresses.low(client);
        packet.sourcePort = port;
        packet.destinationHigh = Addresses.high(destination);
        packet.destinationLow = Addresses.low(destination);
        return packet;
    }
}
