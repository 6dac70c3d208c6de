package io.ringmaster.transmit;

import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.Udp;
import io.ringmaster.service.Translation;

/** Masquerading as tests want it: from whatever the packet has now to an address and port. */
public final class Translating {
    private Translating() {
    }

    /** The destination becomes the given one, the time to live one less. */
    public static void destination(final Packet packet, final int address, final int port) {
        Masquerading.toRealServer(packet, new Translation(Ipv4.destination(packet.memory(), packet.network()),
            Udp.destinationPort(packet.memory(), packet.transport()), address, port));
    }

    /** The source becomes the given one, the time to live one less. */
    public static void source(final Packet packet, final int address, final int port) {
        Masquerading.toClient(packet, new Translation(Ipv4.source(packet.memory(), packet.network()),
            Udp.sourcePort(packet.memory(), packet.transport()), address, port));
    }
}
