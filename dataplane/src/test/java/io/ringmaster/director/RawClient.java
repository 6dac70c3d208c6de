package io.ringmaster.director;

import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.sys.PacketSocket;
import java.lang.foreign.MemorySegment;
import java.util.function.Predicate;

/** Sends frames made by hand as if they were the client's, and sees what comes back. Used by one thread. */
final class RawClient implements AutoCloseable {
    static final long CLIENT_MAC = 0x0200_0000_010bL;
    static final long DIRECTOR_MAC = 0x0200_0000_0101L;
    private static final int LONGEST_MS = 60_000;

    private final DemoNetwork network;
    private final PacketSocket socket;

    /** On the client's interface. */
    RawClient(final DemoNetwork network) {
        this(network, network.client(), DemoNetwork.ETH0);
    }

    /**
     * On the switch's side of the cable to the director: a bridge with br_netfilter drops what is malformed, so what
     * the client sends may not arrive.
     */
    static RawClient onTheDirectorsCable(final DemoNetwork network) {
        return new RawClient(network, network.switchboard(), DemoNetwork.FRONT);
    }

    /** On a real server's interface. */
    static RawClient onRealServer(final DemoNetwork network, final int number) {
        return new RawClient(network, network.realServer(number), DemoNetwork.ETH0);
    }

    private RawClient(final DemoNetwork network, final String namespace, final String interfaceName) {
        this.network = network;
        this.socket = network.in(namespace,
            () -> PacketSocket.open(interfaceName, PacketSocket.ALL, true).receiveBuffer(1 << 22));
    }

    /** Frames from one of the client's addresses to an address of the director. */
    RawFrames frames(final int clientIndex, final String to) {
        return new RawFrames(CLIENT_MAC, network.clientAddress(clientIndex), DIRECTOR_MAC, to);
    }

    void send(final byte[] frame) {
        socket.send(frame);
    }

    /** The first frame that comes in and is wanted, or null if none comes in a minute. */
    MemorySegment answer(final Predicate<MemorySegment> wanted) {
        return answer(wanted, LONGEST_MS);
    }

    /** As above, within a time. */
    MemorySegment answer(final Predicate<MemorySegment> wanted, final int longestMs) {
        final long deadlineNs = System.nanoTime() + longestMs * 1_000_000L;
        for (long leftMs = longestMs; leftMs > 0; leftMs = (deadlineNs - System.nanoTime()) / 1_000_000) {
            final byte[] frame = socket.receive((int) leftMs);
            if (frame != null && frame.length >= Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES
                && wanted.test(MemorySegment.ofArray(frame))) {
                return MemorySegment.ofArray(frame);
            }
        }
        return null;
    }

    /** Whether a frame is an IPv4 packet of a protocol from an address. */
    static boolean isFrom(final MemorySegment frame, final int protocol, final String address) {
        return Ethernet.type(frame, 0) == Ethernet.TYPE_IPV4
            && Ipv4.protocol(frame, Ethernet.HEADER_BYTES) == protocol
            && Ipv4.source(frame, Ethernet.HEADER_BYTES) == RawFrames.ipv4(address);
    }

    @Override
    public void close() {
        socket.close();
    }
}
