package io.ringmaster.netlink;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;

/**
 * Settings of network interfaces, in the calling thread's network namespace, as the ethtool program reads and changes
 * them. The commands are the old ones, one for each setting, that every kernel has; the kernel turns them into its
 * features and may switch on or off what depends on them (no transmit checksum, no TSO).
 *
 * <p>Every method throws IllegalArgumentException for an interface that does not exist, with a sentence that names
 * those that do, and SystemCallException where the kernel or the driver refuses. Setting needs CAP_NET_ADMIN.
 */
public final class Ethtool {
    /** Bit of the flags commands: the tag of a received VLAN packet is taken out of its data (rxvlan). */
    static final int FLAG_RX_VLAN = 1 << 8;
    /** Bit of the flags commands: the tag of a VLAN packet is put in by the device (txvlan). */
    static final int FLAG_TX_VLAN = 1 << 7;
    static final int GET_FLAGS = 0x25;
    static final int SET_FLAGS = 0x26;

    private Ethtool() {
    }

    /** An on-or-off setting with its two commands in linux/ethtool.h. */
    enum Setting {
        RX_CHECKSUM("receive checksum offload", 0x14, 0x15),
        TX_CHECKSUM("transmit checksum offload", 0x16, 0x17),
        TSO("TCP segmentation offload", 0x1e, 0x1f),
        GSO("generic segmentation offload", 0x23, 0x24),
        GRO("generic receive offload", 0x2b, 0x2c);

        private final String words;
        private final int getCommand;
        private final int setCommand;

        Setting(final String words, final int getCommand, final int setCommand) {
            this.words = words;
            this.getCommand = getCommand;
            this.setCommand = setCommand;
        }

        int getCommand() {
            return getCommand;
        }

        int setCommand() {
            return setCommand;
        }
    }

    /** Receive queues in use. A driver that does not tell is taken to use all that the interface was made with. */
    public static int rxQueues(final String interfaceName) {
        final int inUse = channels(interfaceName, EthtoolRequest.CHANNELS_RX);
        return inUse > 0 ? inUse : link(interfaceName).rxQueues();
    }

    /** Transmit queues in use. A driver that does not tell is taken to use all that the interface was made with. */
    public static int txQueues(final String interfaceName) {
        final int inUse = channels(interfaceName, EthtoolRequest.CHANNELS_TX);
        return inUse > 0 ? inUse : link(interfaceName).txQueues();
    }

    /** Name of the driver, such as "veth" or "ixgbe". */
    public static String driver(final String interfaceName) {
        try (Arena arena = Arena.ofConfined()) {
            final EthtoolRequest request = new EthtoolRequest(arena, interfaceName, EthtoolRequest.GET_DRIVER,
                EthtoolRequest.DRIVER_BYTES);
            check(interfaceName, request.send(), "read the driver's name of " + interfaceName);
            return request.textAt(EthtoolRequest.DRIVER_NAME, EthtoolRequest.DRIVER_NAME_BYTES);
        }
    }

    /** Whether the interface makes checksums itself, so that a veth hands packets over without them. */
    public static boolean txChecksum(final String interfaceName) {
        return get(interfaceName, Setting.TX_CHECKSUM);
    }

    public static void setTxChecksum(final String interfaceName, final boolean on) {
        set(interfaceName, Setting.TX_CHECKSUM, on);
    }

    /** Whether the interface vouches for the checksums of what it receives. */
    public static boolean rxChecksum(final String interfaceName) {
        return get(interfaceName, Setting.RX_CHECKSUM);
    }

    public static void setRxChecksum(final String interfaceName, final boolean on) {
        set(interfaceName, Setting.RX_CHECKSUM, on);
    }

    /** Whether the interface takes TCP segments larger than its MTU and cuts them. */
    public static boolean tso(final String interfaceName) {
        return get(interfaceName, Setting.TSO);
    }

    public static void setTso(final String interfaceName, final boolean on) {
        set(interfaceName, Setting.TSO, on);
    }

    /** Whether the kernel cuts large segments just before the interface. */
    public static boolean gso(final String interfaceName) {
        return get(interfaceName, Setting.GSO);
    }

    public static void setGso(final String interfaceName, final boolean on) {
        set(interfaceName, Setting.GSO, on);
    }

    /** Whether the kernel joins received segments; on a veth also whether it polls (NAPI), which native XDP needs. */
    public static boolean gro(final String interfaceName) {
        return get(interfaceName, Setting.GRO);
    }

    public static void setGro(final String interfaceName, final boolean on) {
        set(interfaceName, Setting.GRO, on);
    }

    /** Whether tags of received VLAN packets are taken out of their data, where AF_XDP does not see them. */
    public static boolean rxVlan(final String interfaceName) {
        return (flags(interfaceName) & FLAG_RX_VLAN) != 0;
    }

    /** Turns that on or off; the other flags (LRO, txvlan, ntuple, rxhash) stay as they are. */
    public static void setRxVlan(final String interfaceName, final boolean on) {
        setFlag(interfaceName, FLAG_RX_VLAN, on, "rxvlan offload");
    }

    /** Whether the device puts in the tags of VLAN packets, so that they are outside the data until then. */
    public static boolean txVlan(final String interfaceName) {
        return (flags(interfaceName) & FLAG_TX_VLAN) != 0;
    }

    /** Turns that on or off; the other flags stay as they are. */
    public static void setTxVlan(final String interfaceName, final boolean on) {
        setFlag(interfaceName, FLAG_TX_VLAN, on, "txvlan offload");
    }

    private static int flags(final String interfaceName) {
        return value(interfaceName, GET_FLAGS, 0, "read the offload flags of " + interfaceName);
    }

    private static void setFlag(final String interfaceName, final int flag, final boolean on, final String words) {
        final int before = flags(interfaceName);
        final int wanted = on ? before | flag : before & ~flag;
        final String tried = "turn the " + words + " of " + interfaceName + (on ? " on" : " off");
        if (wanted != before) {
            value(interfaceName, SET_FLAGS, wanted, tried);
            checkDone((flags(interfaceName) & flag) != 0, on, tried);
        }
    }

    private static boolean get(final String interfaceName, final Setting setting) {
        return value(interfaceName, setting.getCommand, 0, "read the " + setting.words + " of " + interfaceName) != 0;
    }

    private static void set(final String interfaceName, final Setting setting, final boolean on) {
        final String tried = "turn the " + setting.words + " of " + interfaceName + (on ? " on" : " off");
        if (get(interfaceName, setting) != on) {
            value(interfaceName, setting.setCommand, on ? 1 : 0, tried);
            checkDone(get(interfaceName, setting), on, tried);
        }
    }

    /** The kernel says yes to what another feature or the driver then forbids. */
    private static void checkDone(final boolean is, final boolean wanted, final String tried) {
        if (is != wanted) {
            throw new SystemCallException(tried, Errno.EOPNOTSUPP,
                "The kernel accepted it, but the driver or another feature keeps it as it was; see ethtool -k.");
        }
    }

    private static int value(final String interfaceName, final int command, final int value, final String tried) {
        try (Arena arena = Arena.ofConfined()) {
            final EthtoolRequest request = new EthtoolRequest(arena, interfaceName, command,
                EthtoolRequest.VALUE_BYTES).with(value);
            check(interfaceName, request.send(), tried);
            return request.intAt(EthtoolRequest.VALUE);
        }
    }

    /** Queues of one direction, those shared by both included; 0 if the driver does not tell. */
    private static int channels(final String interfaceName, final int offset) {
        try (Arena arena = Arena.ofConfined()) {
            final EthtoolRequest request = new EthtoolRequest(arena, interfaceName, EthtoolRequest.GET_CHANNELS,
                EthtoolRequest.CHANNELS_BYTES);
            final int errno = request.send();
            if (errno == Errno.EOPNOTSUPP) {
                return 0;
            }
            check(interfaceName, errno, "read the number of queues of " + interfaceName);
            return request.intAt(offset) + request.intAt(EthtoolRequest.CHANNELS_COMBINED);
        }
    }

    private static void check(final String interfaceName, final int errno, final String tried) {
        if (errno == Errno.ENODEV) {
            link(interfaceName);
        }
        if (errno == Errno.EPERM) {
            throw new SystemCallException(tried, errno, "Run as root or with CAP_NET_ADMIN.");
        }
        if (errno != 0) {
            throw new SystemCallException(tried, errno);
        }
    }

    private static Link link(final String interfaceName) {
        try (RouteNetlink netlink = RouteNetlink.open()) {
            return netlink.link(interfaceName);
        }
    }
}
