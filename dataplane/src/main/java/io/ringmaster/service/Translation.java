package io.ringmaster.service;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ipv4;

/**
 * What masquerading writes in one direction: an address and port in place of others of the same family, and what that
 * changes in checksums (RFC 1624), which is the same for each packet. Immutable; made by the control thread.
 */
public final class Translation {
    private final int address;
    private final int port;
    private final int headerCorrection;
    private final int correction;
    private final long addressHigh;
    private final long addressLow;

    /**
     * A translation of IPv4 packets.
     *
     * @param oldAddress what packets have, 32 bits in network order.
     * @param oldPort    0 to 65,535.
     * @param newAddress what they get.
     * @param newPort    0 to 65,535.
     */
    public Translation(final int oldAddress, final int oldPort, final int newAddress, final int newPort) {
        this(Addresses.IPV4_HIGH, Addresses.ipv4Low(oldAddress), oldPort, Addresses.IPV4_HIGH,
            Addresses.ipv4Low(newAddress), newPort);
    }

    /**
     * A translation.
     *
     * @param oldHigh high long of what packets have (see {@link Addresses}), of either family.
     * @param oldLow  low long.
     * @param oldPort 0 to 65,535.
     * @param newHigh high long of what they get, of the same family.
     * @param newLow  low long.
     * @param newPort 0 to 65,535.
     */
    public Translation(final long oldHigh, final long oldLow, final int oldPort, final long newHigh, final long newLow,
                       final int newPort) {
        this.addressHigh = newHigh;
        this.addressLow = newLow;
        this.address = Addresses.ipv4(newLow);
        this.port = newPort;
        // Of IPv4-mapped addresses only the last 32 bits differ, so the correction for 128 is theirs.
        final int ofAddress = Checksum.correction128(oldHigh, oldLow, newHigh, newLow);
        this.headerCorrection = Checksum.together(ofAddress, Ipv4.ONE_HOP_LESS);
        this.correction = Checksum.together(ofAddress, Checksum.correction16(oldPort, newPort));
    }

    /** The new IPv4 address, 32 bits in network order. */
    public int address() {
        return address;
    }

    /** High long of the new address. */
    public long addressHigh() {
        return addressHigh;
    }

    /** Low long of the new address. */
    public long addressLow() {
        return addressLow;
    }

    /** The new port, 0 to 65,535. */
    public int port() {
        return port;
    }

    /** For the IPv4 header: the address, and a time to live of one less; see {@link Checksum#correct}. */
    public int headerCorrection() {
        return headerCorrection;
    }

    /** For TCP and UDP, whose checksum covers address and port. */
    public int correction() {
        return correction;
    }
}
