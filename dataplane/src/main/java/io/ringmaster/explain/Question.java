package io.ringmaster.explain;

import io.ringmaster.packet.Addresses;

/**
 * The packet that is asked about. Immutable.
 *
 * @param protocol       IP protocol number: 6, 17, 132, or 1 and 58 for an echo request; of an ICMP error that of the
 *                       packet which it is about.
 * @param from           where it comes from.
 * @param to             where it goes to; of the same family.
 * @param flags          TCP's flags byte, or the type of the only SCTP chunk; 0 for others.
 * @param lengthBytes    of the IP packet, before it is cut into fragments; at least its headers.
 * @param form           what kind of packet it is.
 * @param arrival        how it comes.
 */
public record Question(int protocol, End from, End to, int flags, int lengthBytes, Form form, Arrival arrival) {
    /** About an ordinary packet. */
    public Question(final int protocol, final End from, final End to, final int flags, final int lengthBytes,
                    final Arrival arrival) {
        this(protocol, from, to, flags, lengthBytes, Form.WHOLE, arrival);
    }

    /**
     * An address and port.
     *
     * @param high see {@link Addresses}.
     * @param low  likewise.
     * @param port 0 to 65,535; 0 where the protocol has none.
     */
    public record End(long high, long low, int port) {
    }

    /**
     * How a packet comes.
     *
     * @param port           number of the interface, in the order the director was given them.
     * @param tags           VLAN tags that it has, see {@link io.ringmaster.packet.Vlan}; 0 for none.
     * @param sourceMac      48 bits.
     * @param destinationMac 48 bits.
     */
    public record Arrival(int port, int tags, long sourceMac, long destinationMac) {
    }

    /** Whether it is an IPv4 packet. */
    public boolean ipv4() {
        return Addresses.isIpv4(to.high, to.low);
    }
}
