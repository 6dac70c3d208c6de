package io.ringmaster.director;

import io.ringmaster.demo.CaughtUp;
import io.ringmaster.demo.DemoNetwork;
import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Tcp;
import io.ringmaster.sys.PacketSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks at every frame that passes some of the switch's ports and keeps those that a test wants. A thread for each
 * port; any thread may ask.
 */
final class WireTap implements AutoCloseable {
    private static final int HEAD_BYTES = 128;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 25;
    private static final int POLL_MS = 50;
    private static final int KEPT = 1_000;

    /**
     * The beginning of an IPv4 packet.
     *
     * @param port     of the switch.
     * @param fromHost whether it came from the host at that port; else it goes there.
     * @param head     at most 128 bytes from the Ethernet header on.
     */
    record Frame(String port, boolean fromHost, MemorySegment head) {
        int protocol() {
            return Ipv4.protocol(head, Ethernet.HEADER_BYTES);
        }

        String source() {
            return dotted(Ipv4.source(head, Ethernet.HEADER_BYTES));
        }

        String destination() {
            return dotted(Ipv4.destination(head, Ethernet.HEADER_BYTES));
        }

        int lengthBytes() {
            return Ipv4.totalLength(head, Ethernet.HEADER_BYTES);
        }

        int sourcePort() {
            return at(0);
        }

        int destinationPort() {
            return at(2);
        }

        /** Two bytes of the transport header. */
        int at(final int offset) {
            final long transport = Ethernet.HEADER_BYTES + Ipv4.headerBytes(head, Ethernet.HEADER_BYTES);
            return transport + offset + 2 <= head.byteSize() ? BigEndian.u16(head, transport + offset) : 0;
        }

        boolean isReset() {
            return protocol() == Ipv4.PROTOCOL_TCP && (at(12) & Tcp.RST) != 0;
        }

        boolean isFragmentationNeeded() {
            return protocol() == Ipv4.PROTOCOL_ICMP && at(0) == 0x0304;
        }

        @Override
        public String toString() {
            return port + (fromHost ? "> " : "< ") + source() + ":" + sourcePort() + " > " + destination() + ":"
                + destinationPort() + " protocol " + protocol() + ", " + lengthBytes() + " bytes"
                + (isReset() ? " RST" : "");
        }

        private static String dotted(final int address) {
            return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "."
                + (address & 255);
        }
    }

    private final List<Thread> threads = new ArrayList<>();
    private final List<Frame> kept = new ArrayList<>();
    private final CaughtUp caughtUp;
    private final Predicate<Frame> wanted;
    private volatile boolean running = true;
    private long seen;
    private long matched;
    private long lost;

    WireTap(final DemoNetwork network, final List<String> ports, final Predicate<Frame> wanted) {
        this.wanted = wanted;
        caughtUp = new CaughtUp(ports.size());
        network.in(network.switchboard(), () -> {
            for (final String port : ports) {
                final int number = threads.size();
                final PacketSocket socket = PacketSocket.open(port, PacketSocket.ALL, false)
                    .receiveBuffer(RECEIVE_BUFFER_BYTES);
                threads.add(Thread.ofPlatform().daemon().name("tap-" + port).start(
                    () -> watch(number, port, socket)));
            }
            return null;
        });
    }

    private void watch(final int number, final String port, final PacketSocket socket) {
        final byte[] head = new byte[HEAD_BYTES];
        final MemorySegment memory = MemorySegment.ofArray(head);
        try (socket) {
            while (running) {
                final long question = caughtUp.question();
                final int length = Math.min(socket.receive(head, POLL_MS), HEAD_BYTES);
                if (length < 0) {
                    caughtUp.nothingLeft(number, question);
                } else if (length >= Ethernet.HEADER_BYTES + Ipv4.HEADER_BYTES
                    && Ethernet.type(memory, 0) == Ethernet.TYPE_IPV4) {
                    look(port, socket.packetType() != PacketSocket.OUTGOING, memory.asSlice(0, length));
                }
            }
            count(0, 0, socket.lost());
        }
    }

    private void look(final String port, final boolean fromHost, final MemorySegment head) {
        final boolean match = wanted.test(new Frame(port, fromHost, head));
        count(1, match ? 1 : 0, 0);
        if (match) {
            keep(new Frame(port, fromHost, MemorySegment.ofArray(head.toArray(ValueLayout.JAVA_BYTE))));
        }
    }

    private synchronized void count(final int more, final int moreMatched, final long moreLost) {
        seen += more;
        matched += moreMatched;
        lost += moreLost;
    }

    private synchronized void keep(final Frame frame) {
        if (kept.size() < KEPT) {
            kept.add(frame);
        }
    }

    /** The first thousand that were wanted of all that passed so far. */
    List<Frame> kept() {
        caughtUp.await();
        synchronized (this) {
            return List.copyOf(kept);
        }
    }

    /** IPv4 packets looked at. */
    synchronized long seen() {
        return seen;
    }

    /** How many of them were wanted. */
    synchronized long matched() {
        return matched;
    }

    /** Frames that came too fast to be looked at; known after {@link #close}. */
    synchronized long lost() {
        return lost;
    }

    @Override
    public void close() {
        running = false;
        try {
            for (final Thread thread : threads) {
                thread.join();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
