package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Mapping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The XDP program of a director and its maps: which frames leave the kernel's path, and the sockets they go to. One
 * object serves all interfaces. Owned by the control thread, but for {@link #handBack}, which belongs to one helper
 * thread.
 * <p>
 * Interface numbers are those of the network namespace that the calling thread is in.
 */
public final class DirectorProgram implements XdpMaps, AutoCloseable {
    /** Interfaces that one program may ever be told of. */
    public static final int MOST_INTERFACES = 64;
    /** Receive queues that an interface may have. */
    public static final int MOST_QUEUES = 4096;
    private static final int MAC_SOURCE = 6; // offset in the Ethernet header

    private final BpfObject object;
    private final int slotsPerInterface;
    private final long mark;
    private final boolean keepsVlans;
    private final BpfMap sockets;
    private final BpfMap macs;
    private final BpfMap vlans;
    private final AddressSets sets;
    private final MarkFilters marks;
    private final BpfMap counters;
    private final Mapping dataPorts;
    private final TestRun handBack;
    private final boolean handBackSupported;
    private int[] interfaces = {}; // by the order in which they came; the place tells the slots
    private volatile int[] generic = {}; // replaced whole by the control thread, read by the helper

    private DirectorProgram(final BpfObject object, final int slotsPerInterface, final long mark,
                            final boolean keepsVlans) {
        this.object = object;
        this.slotsPerInterface = slotsPerInterface;
        this.mark = mark;
        this.keepsVlans = keepsVlans;
        sockets = object.map("sockets");
        macs = object.map("macs");
        vlans = object.map("vlans");
        sets = new AddressSets(object);
        marks = new MarkFilters(object);
        counters = object.map("counters");
        dataPorts = Mapping.ofDescriptor("the XDP program's map data_ports", object.map("data_ports").fd(), 0,
            DATA_PORTS_BYTES);
        handBack = new TestRun(object.programFd("hand_back"));
        handBackSupported = handBack.liveSupported();
    }

    /** A program on an interface; closing it takes the program off, and so does the end of the process. */
    public interface Attachment extends AutoCloseable {
        /** Where it runs. */
        AttachMode mode();

        /** One line for people: interface, mode, and why not the better one. */
        String describe();

        @Override
        void close();
    }

    /**
     * Loads the program into the kernel; it does nothing before it is attached.
     *
     * @param maxSockets the most receive queues that any one interface has, 1 to {@value #MOST_QUEUES}.
     * @throws IllegalStateException                   if libbpf.so.1 is missing; the message names the package.
     * @throws io.ringmaster.sys.SystemCallException   if the kernel refuses: no privilege, too old.
     */
    public static DirectorProgram load(final int maxSockets) {
        return load(maxSockets, true);
    }

    /**
     * As the other.
     *
     * @param keepsVlans whether frames of VLANs that no interface stands for are looked at, too.
     */
    public static DirectorProgram load(final int maxSockets, final boolean keepsVlans) {
        if (maxSockets < 1 || maxSockets > MOST_QUEUES) {
            throw new IllegalArgumentException("Could not load the XDP program for " + maxSockets
                + " sockets; 1 to " + MOST_QUEUES + " are possible.");
        }
        final BpfObject object = BpfObject.open("ringmaster", BpfObject.resource("ringmaster.bpf.o"));
        try (Arena arena = Arena.ofConfined()) {
            final long mark = unicastMac(ThreadLocalRandom.current().nextLong());
            object.setMaxEntries("sockets", maxSockets * MOST_INTERFACES);
            object.setInitialValue(".rodata", MapKeys.settings(arena, maxSockets, mark, keepsVlans));
            object.load();
            return new DirectorProgram(object, maxSockets, mark, keepsVlans);
        } catch (final RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /**
     * The program once more, to be asked what it would do; any thread. Takes as long as loading it, about a tenth of a
     * second, and some kernel memory until it is closed, which must be before this is.
     *
     * @throws SystemCallException if the kernel refuses.
     */
    public XdpQuestion question() {
        final BpfObject again = BpfObject.open("ringmaster", BpfObject.resource("ringmaster.bpf.o"));
        try (Arena arena = Arena.ofConfined()) {
            for (final String map : XdpQuestion.SHARED_MAPS) {
                again.shareMap(map, object);
            }
            again.setInitialValue(".rodata", MapKeys.settings(arena, slotsPerInterface, mark, keepsVlans));
            again.load();
            return new XdpQuestion(again);
        } catch (final RuntimeException e) {
            again.close();
            throw e;
        }
    }

    /** A locally administered address of one station (IEEE 802, 8.2): no NIC has it by itself. */
    private static long unicastMac(final long random) {
        return random & 0xfcff_ffff_ffffL | 0x0200_0000_0000L;
    }

    /**
     * Sends the frames of a receive queue to a socket, which must be bound to that queue. The entry goes with the
     * socket.
     */
    public void setSocket(final int interfaceIndex, final int queue, final int socketFd) {
        if (queue < 0 || queue >= slotsPerInterface) {
            throw new IllegalArgumentException("Could not use queue " + queue + " of interface " + interfaceIndex
                + ": the XDP program was loaded for " + slotsPerInterface + " queues of an interface.");
        }
        try (Arena arena = Arena.ofConfined()) {
            sockets.put(arena.allocateFrom(JAVA_INT, firstSlot(interfaceIndex) + queue),
                arena.allocateFrom(JAVA_INT, socketFd),
                "the socket of interface " + interfaceIndex + " queue " + queue);
        }
    }

    private int firstSlot(final int interfaceIndex) {
        for (int i = 0; i < interfaces.length; i++) {
            if (interfaces[i] == interfaceIndex) {
                return i * slotsPerInterface;
            }
        }
        if (interfaces.length == MOST_INTERFACES) {
            throw new IllegalStateException("Could not add interface " + interfaceIndex + ": this director has had "
                + MOST_INTERFACES + " interfaces, and the XDP program has room for no more.");
        }
        interfaces = with(interfaces, interfaceIndex);
        return (interfaces.length - 1) * slotsPerInterface;
    }

    private static int[] with(final int[] numbers, final int another) {
        final int[] more = Arrays.copyOf(numbers, numbers.length + 1);
        more[numbers.length] = another;
        return more;
    }

    private static boolean has(final int[] numbers, final int wanted) {
        for (final int number : numbers) {
            if (number == wanted) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void addMac(final int interfaceIndex, final long mac48) {
        try (Arena arena = Arena.ofConfined()) {
            macs.put(MapKeys.interfaceMac(arena, interfaceIndex, mac48),
                arena.allocateFrom(JAVA_INT, firstSlot(interfaceIndex)), "a MAC of interface " + interfaceIndex);
        }
    }

    @Override
    public void removeMac(final int interfaceIndex, final long mac48) {
        try (Arena arena = Arena.ofConfined()) {
            macs.remove(MapKeys.interfaceMac(arena, interfaceIndex, mac48), "a MAC of interface " + interfaceIndex);
        }
    }

    @Override
    public void addVlan(final int interfaceIndex, final int tags, final int vlanInterfaceIndex) {
        try (Arena arena = Arena.ofConfined()) {
            vlans.put(MapKeys.interfaceVlan(arena, interfaceIndex, tags),
                arena.allocateFrom(JAVA_INT, vlanInterfaceIndex), "a VLAN of interface " + interfaceIndex);
        }
    }

    @Override
    public void addService(final int protocol, final long vipHigh, final long vipLow, final int vport) {
        sets.addService(protocol, vipHigh, vipLow, vport);
    }

    @Override
    public void removeService(final int protocol, final long vipHigh, final long vipLow, final int vport) {
        sets.removeService(protocol, vipHigh, vipLow, vport);
    }

    @Override
    public void addReply(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        sets.addReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void removeReply(final int protocol, final long ripHigh, final long ripLow, final int rport) {
        sets.removeReply(protocol, ripHigh, ripLow, rport);
    }

    @Override
    public void addLocalAddress(final long high, final long low) {
        sets.addLocalAddress(high, low);
    }

    @Override
    public void removeLocalAddress(final long high, final long low) {
        sets.removeLocalAddress(high, low);
    }

    @Override
    public void addTunnelServer(final long ripHigh, final long ripLow) {
        sets.addTunnelServer(ripHigh, ripLow);
    }

    @Override
    public void removeTunnelServer(final long ripHigh, final long ripLow) {
        sets.removeTunnelServer(ripHigh, ripLow);
    }

    @Override
    public MemorySegment dataPorts() {
        return dataPorts.segment();
    }

    @Override
    public void addMark(final MarkFilter filter) {
        marks.add(filter);
    }

    @Override
    public void removeMark(final MarkFilter filter) {
        marks.remove(filter);
    }

    /**
     * Attaches the program in native mode or, where the driver refuses that, in generic mode.
     *
     * @throws io.ringmaster.sys.SystemCallException if neither is possible; the message tells who is in the way.
     */
    public Attachment attach(final int interfaceIndex, final String interfaceName) {
        return noted(interfaceIndex, XdpLink.attach(object.programFd("director"), interfaceIndex, interfaceName));
    }

    /** Attaches in one mode only; errors as the other. */
    public Attachment attach(final int interfaceIndex, final String interfaceName, final AttachMode mode) {
        return noted(interfaceIndex,
            XdpLink.attach(object.programFd("director"), interfaceIndex, interfaceName, mode));
    }

    private Attachment noted(final int interfaceIndex, final XdpLink link) {
        final int[] others = Arrays.stream(generic).filter(index -> index != interfaceIndex).toArray();
        generic = link.mode() == AttachMode.GENERIC ? with(others, interfaceIndex) : others;
        return link;
    }

    /** What became of all frames since the program was loaded, by {@link XdpReason#word}. */
    public Map<String, Long> counters() {
        final Map<String, Long> values = new LinkedHashMap<>();
        for (final XdpReason reason : XdpReason.values()) {
            values.put(reason.word(), counters.sum(reason.ordinal(), 1)[0]);
        }
        return values;
    }

    /** Whether this kernel takes packets back: since 5.18. */
    public boolean handBackSupported() {
        return handBackSupported;
    }

    /** One line for people: whether packets can be given back, and if not, why and what follows. */
    public String describeHandBack() {
        return handBackSupported ? "packets that are not ours go back to the kernel by live XDP frames"
            : "packets that turn out not to be ours cannot go back to the kernel and are dropped: kernel 5.18 or later "
                + "is needed for that, this is " + System.getProperty("os.version");
    }

    /**
     * Gives a packet to the kernel as if it had just come in by an interface; about 20 µs. To be called by one thread,
     * inside the network namespace of the interface; allocates nothing and throws nothing.
     *
     * @param queue       receive queue that it came by; must be one that the interface has.
     * @param memory      holds the packet from its Ethernet header on; not changed.
     * @param lengthBytes 14 to about 3,500: what fits a page beside the kernel's own needs.
     * @return 0, or an error number: EOPNOTSUPP before kernel 5.18, EMSGSIZE or EINVAL for a packet that is too long,
     *     ENODEV for an interface that is gone.
     */
    public int handBack(final int interfaceIndex, final int queue, final MemorySegment memory, final long offset,
                        final int lengthBytes) {
        if (!handBackSupported) {
            return Errno.EOPNOTSUPP;
        }
        if (lengthBytes < TestRun.LEAST_BYTES || lengthBytes > TestRun.MOST_BYTES) {
            return lengthBytes > TestRun.MOST_BYTES ? Errno.EMSGSIZE : Errno.EINVAL;
        }
        MemorySegment.copy(memory, offset, handBack.data(), 0, lengthBytes);
        // A native interface does not run its program again on such a frame, a generic one does: the mark stops it.
        if (has(generic, interfaceIndex)) {
            MapKeys.putMac(handBack.data(), MAC_SOURCE, mark);
        }
        return handBack.live(interfaceIndex, queue, lengthBytes);
    }

    /** The verdict of the program on a packet, without consequences but for its counters; for tests. */
    int verdict(final int interfaceIndex, final int queue, final byte[] packet) {
        try (TestRun run = new TestRun(object.programFd("director"))) {
            MemorySegment.copy(MemorySegment.ofArray(packet), 0, run.data(), 0, packet.length);
            return run.dry(interfaceIndex, queue, packet.length, null);
        }
    }

    /** Source MAC of what was handed back in generic mode. */
    long mark() {
        return mark;
    }

    /** Frees program and maps, unless an attachment still holds them. */
    @Override
    public void close() {
        handBack.close();
        dataPorts.close();
        object.close();
    }
}
