package io.ringmaster.demo;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.PacketSocket;
import io.ringmaster.sys.SystemCallException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Watches ports of the switch, a thread each: nothing else sees what goes into and comes out of a director, whose own
 * interfaces hide what XDP redirects and AF_XDP sends. Counts resets all the time and keeps packets while asked to.
 */
public final class Capture implements AutoCloseable {
    private static final int KEPT = 4_000;
    private static final int RECEIVE_BUFFER_BYTES = 1 << 25;
    private static final int POLL_MS = 50;
    private static final int HEAD_BYTES = 128;

    private final List<Thread> threads = new ArrayList<>();
    private final List<Stamped> packets = new ArrayList<>();
    private final List<SeenPacket> resets = new ArrayList<>();
    private final CaughtUp caughtUp;
    private volatile boolean running = true;
    private volatile boolean keeping;
    private long lost;

    /** Starts to watch ports of the network's switch. */
    public Capture(final DemoNetwork network, final List<String> ports) {
        caughtUp = new CaughtUp(ports.size());
        network.in(network.switchboard(), () -> {
            for (final String port : ports) {
                final int number = threads.size();
                final PacketSocket socket = PacketSocket.open(port, PacketSocket.ALL, false)
                    .receiveBuffer(RECEIVE_BUFFER_BYTES);
                threads.add(Thread.ofPlatform().daemon().name("capture-" + port).start(
                    () -> watch(number, port, socket)));
            }
            return null;
        });
    }

    private void watch(final int number, final String port, final PacketSocket socket) {
        final byte[] head = new byte[HEAD_BYTES];
        try (socket) {
            stampFromNowOn(socket);
            while (running) {
                final long question = caughtUp.question();
                final int length = socket.receive(head, POLL_MS);
                if (length < 0) {
                    caughtUp.nothingLeft(number, question);
                } else if (length > 0) {
                    final SeenPacket packet = SeenPacket.of(port, socket.packetType() != PacketSocket.OUTGOING,
                        length < HEAD_BYTES ? Arrays.copyOf(head, length) : head);
                    final boolean kept = keeping;
                    if (packet != null && (kept || packet.isReset())) {
                        seen(new Stamped(kept ? socket.timestampNs() : 0, packet), kept);
                    }
                }
            }
            addLost(socket.lost());
        }
    }

    /** The first question for a time stamp switches them on, also before there is a packet to answer for. */
    private static void stampFromNowOn(final PacketSocket socket) {
        try {
            socket.timestampNs();
        } catch (final SystemCallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private synchronized void addLost(final long count) {
        lost += count;
    }

    private synchronized void seen(final Stamped stamped, final boolean kept) {
        if (stamped.packet.isReset()) {
            resets.add(stamped.packet);
        }
        if (kept && packets.size() < KEPT) {
            packets.add(stamped);
        }
    }

    /** Begins to keep packets that come from now on, the first {@value #KEPT}. */
    public void keep() {
        caughtUp.await();
        synchronized (this) {
            packets.clear();
            keeping = true;
        }
    }

    /** Ends keeping, once all that passed so far is looked at; the packets in the order of time. */
    public List<SeenPacket> kept() {
        caughtUp.await();
        keeping = false;
        synchronized (this) {
            return packets.stream().sorted(Comparator.comparingLong(Stamped::timeNs)).map(Stamped::packet).toList();
        }
    }

    /** TCP segments with RST that passed any of the ports since the start, each as often as it was seen. */
    public List<SeenPacket> resets() {
        caughtUp.await();
        synchronized (this) {
            return List.copyOf(resets);
        }
    }

    /** Frames that came too fast to be seen; known after {@link #close}. */
    public synchronized long lost() {
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

    /** A packet with the kernel's time stamp, in nanoseconds since 1970: ports are read by threads of their own. */
    private record Stamped(long timeNs, SeenPacket packet) {
    }
}
