package io.ringmaster.service;

import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;

/**
 * What masquerading writes in one direction: an IPv4 address and port in place of another, and what that changes in
 * checksums (RFC 1624), which is the same for each packet. Immutable; made by the control thread.
 */
public final class Translation {
    private final int address;
    private final int port;
    private final int headerCorrection;
    private final int correction;

    /**
     * A translation.
     *
     * @param oldAddress what packets have, 32 bits in network order.
     * @param oldPort    0 to 65,535.
     * @param newAddress what they get.
     * @param newPort    0 to 65,535.
     */
    public Translation(final int oldAddress, final int oldPort, final int newAddress, final int newPort) {
        this.address = newAddress;
        this.port = newPort;
        final int ofAddress = Checksum.correction32(oldAddress, newAddress);
        this.headerCorrection = Checksum.together(ofAddress, Ipv4.ONE_HOP_LESS);
        this.correction = Checksum.together(ofAddress, Checksum.correction16(oldPort, newPort));
    }

    /** The new address, 32 bits in network order. */
    public int address() {
        return address;
    }

    /** The new port, 0 to 65,535. */
    public int port() {
        return port;
    }

    /** For the IP header: the address, and a time to live of one less; see {@link Checksum#correct}. */
    public int headerCorrection() {
        return headerCorrection;
    }

    /** For TCP and UDP, whose checksum covers address and port. */
    public int correction() {
        return correction;
    }
}
