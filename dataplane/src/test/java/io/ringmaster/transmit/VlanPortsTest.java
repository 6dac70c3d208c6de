package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Vlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VlanPortsTest {
    private static int one(final int identifier) {
        return Vlan.tag(Vlan.TYPE_CUSTOMER, identifier);
    }

    @Test
    void everyVlanInterfaceIsFound() {
        final List<VlanPorts.Device> devices = new ArrayList<>();
        for (int port = 0; port < 3; port++) {
            for (int identifier = 1; identifier < 1000; identifier++) {
                devices.add(new VlanPorts.Device(port, one(identifier)));
            }
        }
        final VlanPorts ports = new VlanPorts(3, devices, false);
        for (int i = 0; i < devices.size(); i++) {
            assertEquals(3 + i, ports.portOf(devices.get(i).parent(), devices.get(i).tags()));
        }
        assertEquals(VlanPorts.NONE, ports.portOf(0, one(1000)));
        assertEquals(VlanPorts.NONE, ports.portOf(3, one(1)));
    }

    @Test
    void thoseThatAreKeptKeepTheirNumbers() {
        final VlanPorts ports = new VlanPorts(2, List.of(new VlanPorts.Device(0, one(5))), true);
        assertEquals(2, ports.portOf(0, one(5)));
        final int single = ports.portOf(1, one(5));
        final int twice = ports.portOf(1, Vlan.both(one(5), one(6)));
        assertTrue(single >= ports.known() && single < ports.count());
        assertEquals(1, ports.keptOn(single));
        assertEquals(1, ports.keptOn(twice));
        assertFalse(ports.keepsTwo(single));
        assertTrue(ports.keepsTwo(twice));
        assertEquals(single, ports.portOf(1, one(5)));
        assertEquals(1, ports.parent(twice));
        assertEquals(Vlan.both(one(5), one(6)), ports.tags(twice));
        final Set<Integer> numbers = new HashSet<>(Set.of(single));
        for (int i = 1; i < VlanPorts.KEPT; i++) {
            numbers.add(ports.portOf(1, one(100 + i)));
        }
        assertEquals(VlanPorts.KEPT, numbers.size());
        assertEquals(VlanPorts.NONE, ports.portOf(1, one(200)));
        assertEquals(single, ports.portOf(1, one(5)));
    }

    /** Threads that see the same VLANs for the first time at the same moment give them the same numbers. */
    @Test
    void numbersAreTheSameForAll() throws Exception {
        for (int round = 0; round < 200; round++) {
            final VlanPorts ports = new VlanPorts(1, List.of(), true);
            final Callable<List<Integer>> look = () -> IntStream.range(1, 20).map(i -> ports.portOf(0, one(i))).boxed()
                .toList();
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                final var answers = threads.invokeAll(List.of(look, look));
                assertEquals(answers.getFirst().get(), answers.getLast().get());
                assertEquals(19, new HashSet<>(answers.getFirst().get()).size());
            }
        }
    }
}
