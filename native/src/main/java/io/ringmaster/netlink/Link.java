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
 */
public record Link(int index, String name, long mac, int mtuBytes, boolean up, boolean running, int rxQueues,
                   int txQueues, String kind, int master) {
}
