package io.ringmaster.xdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.KernelVersion;
import io.ringmaster.sys.PacketSocket;
import io.ringmaster.sys.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class XdpSocketSetIT {
    private TwoWires wires;
    private Umem umem;

    @BeforeEach
    void makeWires() {
        wires = new TwoWires();
        umem = Umem.allocate(1024, 2048);
    }

    @AfterEach
    void remove() {
        umem.close();
        wires.close();
    }

    @Test
    void everyQueueOfTwoInterfacesSendsOutOfOneMemory() {
        final List<XdpSocketSet.Place> places = wires.places("a0", "b0");
        try (XdpSocketSet set = wires.open(umem, places, XdpSocketSet.TRANSMIT_BUDGET);
             PacketSocket a = wires.listen("a1");
             PacketSocket b = wires.listen("b1")) {
            assertTrue(set.outcome().startsWith("4 sockets on a0 (2 queues), b0 (2 queues): copy mode (zero copy"
                + " refused by a0 queue 0: Operation not supported (EOPNOTSUPP)) of up to "), set.outcome());
            assertTrue(set.outcome().endsWith(" frames a kick, need-wakeup, busy poll off"), set.outcome());
            assertFalse(set.zeroCopy());
            for (int i = 0; i < places.size(); i++) {
                final XdpSocket socket = set.sockets().get(i);
                assertEquals(places.get(i), new XdpSocketSet.Place(socket.interfaceIndex(), socket.interfaceName(),
                    socket.queue()));
                final byte[] frame = TwoWires.frame(60 + 400 * i, i);
                final long address = 2048L * (i + 1) + 256;
                TwoWires.submit(socket, umem, address, frame);
                assertTrue(socket.tx().needsWakeup());
                assertEquals(0, socket.kickTransmit());
                assertArrayEquals(frame, (i < 2 ? a : b).receive(TwoWires.PATIENCE_MS));
                assertEquals(1, TwoWires.completed(socket, 1));
                assertEquals(address, socket.completion().address(0));
                socket.completion().release(1);
                assertEquals(0, socket.tx().unconsumed());
            }
            assertNull(a.receive(0));
            assertNull(b.receive(0));
        }
    }

    @Test
    void twoInterfacesAndQueuesShareCompletionNothing() {
        try (XdpSocketSet set = wires.open(umem, wires.places("a0", "b0"), 32)) {
            for (int i = 0; i < 4; i++) {
                TwoWires.submit(set.sockets().get(i), umem, 2048L * i, TwoWires.frame(60, i));
                set.sockets().get(i).kickTransmit();
            }
            for (int i = 0; i < 4; i++) {
                assertEquals(1, TwoWires.completed(set.sockets().get(i), 1), "its own completion ring");
                assertEquals(2048L * i, set.sockets().get(i).completion().address(0));
            }
        }
    }

    @Test
    void aQueueCanBeOpenedAgainRightAfterItWasClosed() {
        for (int round = 0; round < 3; round++) {
            try (XdpSocketSet set = wires.open(umem, wires.places("a0", "b0"), 32)) {
                assertEquals(4, set.sockets().size());
            }
        }
    }

    @Test
    void aBusyQueueIsRefusedInASentenceAndLeavesNothingOpen() throws IOException {
        try (XdpSocketSet first = wires.open(umem, wires.places("b0"), 32);
             Umem other = Umem.allocate(64, 2048)) {
            final long descriptors = descriptors();
            final SystemCallException refused = assertThrows(SystemCallException.class,
                () -> wires.open(other, wires.places("a0", "b0"), 32));
            assertEquals("Could not bind the AF_XDP socket of b0 queue 0: Device or resource busy (EBUSY). Another"
                + " program has this queue, perhaps a second director; stop it first.", refused.getMessage());
            assertEquals(descriptors, descriptors());
            wires.open(other, wires.places("a0"), 32).close();
            assertEquals(descriptors, descriptors());
            assertEquals(2, first.sockets().size());
        }
    }

    @Test
    void aQueueOrInterfaceThatDoesNotExistIsRefusedInASentence() {
        final int index = wires.index("a0");
        final String queue = assertThrows(SystemCallException.class,
            () -> wires.open(umem, List.of(new XdpSocketSet.Place(index, "a0", 7)), 32)).getMessage();
        assertEquals("Could not bind the AF_XDP socket of a0 queue 7: Invalid argument (EINVAL). Queues count from 0,"
            + " and the interface may have no queue 7: \"ip -d link show a0\" tells how many it has.", queue);
        final String gone = assertThrows(SystemCallException.class,
            () -> wires.open(umem, List.of(new XdpSocketSet.Place(99_999, "gone0", 0)), 32)).getMessage();
        assertEquals("Could not find interface gone0 with number 99999 in this network namespace: No such device"
            + " (ENODEV).", gone);
        final String other = assertThrows(SystemCallException.class,
            () -> wires.open(umem, List.of(new XdpSocketSet.Place(index + 1, "a0", 0)), 32)).getMessage();
        assertEquals("Could not find interface a0 with number " + (index + 1) + " in this network namespace: No such"
            + " device (ENODEV). It has number " + index + "; perhaps it was made anew.", other);
        final XdpSocketSet.Place twice = new XdpSocketSet.Place(index, "a0", 0);
        assertThrows(IllegalArgumentException.class, () -> wires.open(umem, List.of(twice, twice), 32));
        assertThrows(IllegalArgumentException.class, () -> wires.open(umem, List.of(), 32));
    }

    @Test
    void anInterfaceThatVanishesGivesAnErrorNumberAndNoMore() {
        try (XdpSocketSet set = wires.open(umem, wires.places("a0", "b0"), 32)) {
            final XdpSocket down = set.sockets().get(0);
            wires.ip("link set a0 down");
            TwoWires.submit(down, umem, 0, TwoWires.frame(60, 0));
            assertEquals(Errno.ENETDOWN, down.kickTransmit());
            wires.ip("link set a0 up");
            assertEquals(0, down.kickTransmit());
            assertEquals(0, down.tx().unconsumed(), "it goes on where it stopped");
            wires.ip("link del a0");
            assertEquals(Errno.ENXIO, down.kickTransmit());
            assertEquals(Errno.ENXIO, down.kickReceive());
            TwoWires.submit(set.sockets().get(2), umem, 2048, TwoWires.frame(60, 0));
            assertEquals(0, set.sockets().get(2).kickTransmit(), "the other interface is not hurt");
        }
    }

    @Test
    void busyPollIsSwitchedOnAndToldWhereTheKernelHasIt() {
        final boolean there = KernelVersion.running().atLeast(5, 11);
        try (XdpSocketSet set = wires.openBusyPolling(umem, wires.places("a0"))) {
            assertTrue(set.outcome().endsWith(there ? ", busy poll on" : ", busy poll off (this kernel has none)"),
                set.outcome());
            assertEquals(0, set.sockets().getFirst().kickReceive());
        }
    }

    /** Of sockets and the like alone: the virtual machine opens and closes files and pipes as it likes. */
    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(XdpSocketSetIT::what).filter(what -> what.matches("(socket|anon_inode):.*")).count();
        }
    }

    private static String what(final Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (final IOException e) {
            return "closed meanwhile";
        }
    }
}
