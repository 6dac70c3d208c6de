package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.SystemCallException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EthtoolIT {
    private final Wire wire = new Wire();

    @AfterEach
    void close() {
        wire.close();
    }

    private void here(final Runnable work) {
        NetworkNamespace.run(wire.here().name(), work);
    }

    @Test
    void turnsOffloadsOffAndOn() {
        here(() -> {
            offAndOn(Ethtool::txChecksum, Ethtool::setTxChecksum);
            offAndOn(Ethtool::tso, Ethtool::setTso);
            offAndOn(Ethtool::gso, Ethtool::setGso);
            offAndOn(Ethtool::gro, Ethtool::setGro);
            offAndOn(Ethtool::rxVlan, Ethtool::setRxVlan);
            offAndOn(Ethtool::txVlan, Ethtool::setTxVlan);
        });
    }

    private static void offAndOn(final Predicate<String> get, final BiConsumer<String, Boolean> set) {
        for (final boolean on : new boolean[] {true, false, false, true}) {
            set.accept("a0", on);
            assertEquals(on, get.test("a0"));
        }
    }

    @Test
    void oneSettingLeavesTheOthers() {
        here(() -> {
            Ethtool.setTxVlan("a0", true);
            Ethtool.setRxVlan("a0", false);
            assertTrue(Ethtool.txVlan("a0"));
            Ethtool.setTso("a0", true);
            Ethtool.setTxChecksum("a0", false);
            assertFalse(Ethtool.tso("a0"), "TSO needs the device's checksums");
            final SystemCallException e = assertThrows(SystemCallException.class, () -> Ethtool.setTso("a0", true));
            assertTrue(e.getMessage().startsWith("Could not turn the TCP segmentation offload of a0 on: "),
                e.getMessage());
        });
    }

    @Test
    void countsQueues() {
        here(() -> {
            assertEquals(List.of(2, 2), List.of(Ethtool.rxQueues("a0"), Ethtool.txQueues("a0")));
            assertEquals(List.of(1, 1), List.of(Ethtool.rxQueues("lo"), Ethtool.txQueues("lo")), "from the link");
        });
    }

    @Test
    void tellsTheDriver() {
        here(() -> assertEquals("veth", Ethtool.driver("a0")));
    }

    @Test
    void errorsAreSentences() {
        here(() -> {
            for (final String name : List.of("eth9", "", "a-name-far-longer-than-fits", "a0\0", "a0:1", "a 0")) {
                final IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () ->
                    Ethtool.setTxChecksum(name, false), name);
                assertEquals("There is no interface \"" + name + "\" in this network namespace; it has lo, a0.",
                    e.getMessage());
            }
            final SystemCallException e = assertThrows(SystemCallException.class, () ->
                Ethtool.setRxVlan("lo", true));
            assertEquals(Errno.EOPNOTSUPP, e.errno());
            assertEquals("Could not turn the rxvlan offload of lo on: Operation not supported (EOPNOTSUPP).",
                e.getMessage());
        });
    }
}
