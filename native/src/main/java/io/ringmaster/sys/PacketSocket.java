package io.ringmaster.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * Whole frames of one interface, as tcpdump has them (AF_PACKET, SOCK_RAW). One thread at a time uses it. It sees what
 * the kernel sees: nothing that an XDP program redirected, and nothing that an AF_XDP socket sent on this interface.
 * A VLAN tag that the kernel stripped is not shown.
 */
public final class PacketSocket implements AutoCloseable {
    /** Protocol of {@link #open}: every frame, also outgoing ones (include/uapi/linux/if_ether.h). */
    public static final int ALL = 3;
    /** {@link #packetType} of a frame to this host (include/uapi/linux/if_packet.h). */
    public static final int TO_HOST = 0;
    /** A broadcast. */
    public static final int BROADCAST = 1;
    /** A multicast. */
    public static final int MULTICAST = 2;
    /** A frame to another MAC. */
    public static final int TO_OTHER_HOST = 3;
    /** A frame that this host sent. */
    public static final int OUTGOING = 4;
    static final int AF_PACKET = 17;
    static final int SOL_PACKET = 263;
    static final int PACKET_STATISTICS = 6;
    static final int PACKET_IGNORE_OUTGOING = 23;
    static final int SO_RCVBUFFORCE = 33;
    static final int SIOCGSTAMPNS = 0x8907;
    static final int ADDRESS_BYTES = 20;
    private static final int SOCK_RAW_CLOEXEC = 3 | Libc.O_CLOEXEC;
    static final int SOL_SOCKET = 1;
    private static final int LARGEST_FRAME = 1 << 18;
    // struct sockaddr_ll: family 0, protocol 2 (big-endian), ifindex 4, hatype 8, pkttype 10, halen 11, address 12
    static final int LL_PROTOCOL = 2;
    static final int LL_IFINDEX = 4;
    static final int LL_PKTTYPE = 10;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment buffer = arena.allocate(LARGEST_FRAME, 64);
    private final MemorySegment sender = arena.allocate(ADDRESS_BYTES, 8);
    private final String interfaceName;
    private final int fd;
    private boolean closed;

    private PacketSocket(final String interfaceName, final int fd) {
        this.interfaceName = interfaceName;
        this.fd = fd;
    }

    /**
     * Opens a socket on an interface of the calling thread's network namespace.
     *
     * @param protocol       an EtherType (only frames that come in) or {@link #ALL}.
     * @param ignoreOutgoing leave out frames that this host sends.
     * @throws SystemCallException if the interface does not exist or CAP_NET_RAW is missing.
     */
    public static PacketSocket open(final String interfaceName, final int protocol, final boolean ignoreOutgoing) {
        final int index = Libc.interfaceIndex(interfaceName);
        if (index < 0) {
            throw new SystemCallException("find interface " + interfaceName, -index, "\"ip link\" lists them.");
        }
        // Protocol 0 until bound: nothing of other interfaces gets in.
        final int fd = Libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            throw new SystemCallException("open a packet socket on " + interfaceName, -fd, "It needs CAP_NET_RAW.");
        }
        final PacketSocket socket = new PacketSocket(interfaceName, fd);
        try {
            socket.bind(index, protocol, ignoreOutgoing);
            return socket;
        } catch (final RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void bind(final int index, final int protocol, final boolean ignoreOutgoing) {
        if (ignoreOutgoing) {
            check("leave outgoing frames out of the packet socket on " + interfaceName,
                Libc.setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1));
        }
        sender.set(JAVA_SHORT, 0, (short) AF_PACKET);
        sender.set(JAVA_SHORT, LL_PROTOCOL, Short.reverseBytes((short) protocol));
        sender.set(JAVA_INT, LL_IFINDEX, index);
        check("bind a packet socket to " + interfaceName, Libc.bind(fd, sender));
    }

    /** Sets how much may wait unread, in bytes, beyond the system's limit; so a burst is not cut. */
    public PacketSocket receiveBuffer(final int bytes) {
        check("give the packet socket on " + interfaceName + " a buffer of " + bytes + " bytes",
            Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes));
        return this;
    }

    /**
     * Takes the next frame.
     *
     * @param timeoutMs how long to wait for one; 0 does not wait.
     * @return its length in bytes, which may be more than fitted, or -1 when the time is over.
     */
    public int receive(final byte[] into, final int timeoutMs) {
        final int length = receive(buffer, timeoutMs);
        if (length > 0) {
            MemorySegment.copy(buffer, JAVA_BYTE, 0, into, 0, Math.min(length, into.length));
        }
        return length;
    }

    /** As the other, into memory outside the heap. */
    public int receive(final MemorySegment into, final int timeoutMs) {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (true) {
            final long length = Libc.recvfrom(fd, into, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC, sender);
            if (length >= 0) {
                return (int) length;
            }
            if (length != -Errno.EAGAIN && length != -Errno.EINTR) {
                throw new SystemCallException("receive from interface " + interfaceName, (int) -length);
            }
            final long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                return -1;
            }
            Libc.poll(fd, Libc.POLLIN, (int) TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
        }
    }

    /** The next frame as an array of its own, or null when the time is over. */
    public byte[] receive(final int timeoutMs) {
        final int length = receive(buffer, timeoutMs);
        return length < 0 ? null : buffer.asSlice(0, Math.min(length, LARGEST_FRAME)).toArray(JAVA_BYTE);
    }

    /** Number of the interface that the last received frame passed. */
    public int interfaceIndex() {
        return sender.get(JAVA_INT, LL_IFINDEX);
    }

    /** Direction of the last received frame: {@link #TO_HOST} to {@link #OUTGOING}. */
    public int packetType() {
        return sender.get(JAVA_BYTE, LL_PKTTYPE) & 0xff;
    }

    /** When the last received frame passed, in nanoseconds since 1970; the first call switches time stamps on. */
    public long timestampNs() {
        try (Arena local = Arena.ofConfined()) {
            final MemorySegment time = local.allocate(16, 8); // struct timespec
            check("read the time stamp of a frame on " + interfaceName, Libc.ioctl(fd, SIOCGSTAMPNS, time));
            return TimeUnit.SECONDS.toNanos(time.get(JAVA_LONG, 0)) + time.get(JAVA_LONG, 8);
        }
    }

    /** Frames lost because nobody read them in time, since the last call. */
    public long lost() {
        try (Arena local = Arena.ofConfined()) {
            final MemorySegment counters = local.allocate(8, 4); // struct tpacket_stats: packets, drops
            check("read the counters of the packet socket on " + interfaceName,
                Libc.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, counters));
            return Integer.toUnsignedLong(counters.get(JAVA_INT, 4));
        }
    }

    /**
     * Sends a frame, Ethernet header included.
     *
     * @throws SystemCallException if the interface is down, its queue is full or the frame is longer than its MTU.
     */
    public void send(final byte[] frame) {
        if (frame.length > LARGEST_FRAME) {
            throw new IllegalArgumentException("Could not send a frame of " + frame.length + " bytes: the most is "
                + LARGEST_FRAME + ".");
        }
        MemorySegment.copy(frame, 0, buffer, JAVA_BYTE, 0, frame.length);
        final long sent = Libc.sendto(fd, buffer.asSlice(0, frame.length), 0, MemorySegment.NULL);
        check("send a frame of " + frame.length + " bytes on " + interfaceName, (int) Math.min(0, sent));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.close(fd);
        }
    }

    private static void check(final String tried, final int result) {
        if (result < 0) {
            throw new SystemCallException(tried, -result);
        }
    }
}
