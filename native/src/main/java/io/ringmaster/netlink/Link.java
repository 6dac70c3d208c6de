package io.ringmaster.netlink;

/**
 * A network interface as the kernel lists it.
 *
 * @param index    its number.
 * @param name     at most 15 bytes.
 * @param mac      48 bits, first byte on the wire highest; 0 where it has no Ethernet address.
 * @param mtuBytes largest IP packet.
 * @param up       set up by the administrator (IFF_UP).
 * @param running  also has a carrier (IFF_RUNNING).
 * @param rxQueues receive queues it was made with; {@link Ethtool#rxQueues} says how many are in use.
 * @param txQueues transmit queues it was made with.
 * @param kind     what made it, such as "veth" or "bridge"; empty for hardware and loopback.
 * @param master   index of the bridge, bond or VRF it belongs to; 0 for none.
 * @param vlan     what makes it a VLAN of another interface; {@link Vlan#NONE} for all others.
 */
public record Link(int index, String name, long mac, int mtuBytes, boolean up, boolean running, int rxQueues,
                   int txQueues, String kind, int master, Vlan vlan) {
    /**
     * A VLAN of an interface.
     *
     * @param parent   index of that interface; 0 for what is no VLAN.
     * @param protocol EtherType of its tag: 0x8100 (802.1Q) or 0x88a8 (802.1ad).
     * @param id       VLAN identifier, 0 to 4,094.
     */
    public record Vlan(int parent, int protocol, int id) {
        /** No VLAN. */
        public static final Vlan NONE = new Vlan(0, 0, 0);
    }
}
