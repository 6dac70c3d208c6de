package io.ringmaster.xdp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringmaster.sys.Libc;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.PacketSocket;
import io.ringmaster.sys.TestNamespace;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Two veth pairs of two queues in one namespace: sockets on a0 and b0, packet sockets on their peers a1 and b1. */
final class TwoWires implements AutoCloseable {
    static final int EXPERIMENT = 0x88b5; // an EtherType for local use
    static final int QUEUES = 2;
    /** How long a frame may be on its way on a busy machine. */
    static final int PATIENCE_MS = 60_000;
    private final TestNamespace space = TestNamespace.make();

    TwoWires() {
        for (final String wire : List.of("a", "b")) {
            space.ip("link add " + wire + "0 numtxqueues 2 numrxqueues 2 type veth peer name " + wire
                + "1 numtxqueues 2 numrxqueues 2");
            space.ip("link set " + wire + "0 up");
            space.ip("link set " + wire + "1 up");
            space.awaitRunning(wire + "0");
            space.awaitRunning(wire + "1");
        }
    }

    int index(final String name) {
        return NetworkNamespace.call(space.name(), () -> Libc.interfaceIndex(name));
    }

    List<XdpSocketSet.Place> places(final String... names) {
        final List<XdpSocketSet.Place> places = new ArrayList<>();
        for (final String name : names) {
            for (int queue = 0; queue < QUEUES; queue++) {
                places.add(new XdpSocketSet.Place(index(name), name, queue));
            }
        }
        return places;
    }

    XdpSocketSet open(final Umem umem, final List<XdpSocketSet.Place> places, final int budget) {
        return NetworkNamespace.call(space.name(),
            () -> XdpSocketSet.open(umem, places, RingSizes.DEFAULT, false, budget));
    }

    XdpSocketSet openBusyPolling(final Umem umem, final List<XdpSocketSet.Place> places) {
        return NetworkNamespace.call(space.name(),
            () -> XdpSocketSet.open(umem, places, RingSizes.DEFAULT, true));
    }

    PacketSocket listen(final String name) {
        return NetworkNamespace.call(space.name(), () -> PacketSocket.open(name, EXPERIMENT, true));
    }

    RedirectProgram redirect(final String name, final boolean nativeMode) {
        final int index = index(name);
        return NetworkNamespace.call(space.name(), () -> new RedirectProgram(index, nativeMode));
    }

    void ip(final String words) {
        space.ip(words);
    }

    static byte[] frame(final int length, final int mark) {
        final byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) (i < 6 ? 0xff : i + mark);
        }
        frame[6] = 2;
        frame[12] = (byte) (EXPERIMENT >> 8);
        frame[13] = (byte) EXPERIMENT;
        return frame;
    }

    /** Puts a frame into the UMEM and submits it. */
    static void submit(final XdpSocket socket, final Umem umem, final long address, final byte[] frame) {
        MemorySegment.copy(frame, 0, umem.memory(), JAVA_BYTE, address, frame.length);
        if (socket.tx().reserve(1) != 1) {
            throw new AssertionError("the TX ring of " + socket + " is full");
        }
        socket.tx().set(0, address, frame.length);
        socket.tx().submit(1);
    }

    /** Waits until so many frames have come back, which they do once nobody looks at them; how many have. */
    static int completed(final XdpSocket socket, final int frames) {
        final long deadlineNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        int back = socket.completion().peek(2 * frames);
        while (back < frames && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
            back = socket.completion().peek(2 * frames);
        }
        return back;
    }

    @Override
    public void close() {
        space.close();
    }
}
