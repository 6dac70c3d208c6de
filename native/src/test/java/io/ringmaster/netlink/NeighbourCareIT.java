package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import io.ringmaster.sys.TestNamespace;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel made to resolve neighbours that no traffic of its own uses. */
class NeighbourCareIT {
    private static final long REPEAT_NS = 5_000_000_000L;
    private static final InetAddress IPV4 = MessagesTest.ip("10.0.0.2");
    private static final InetAddress IPV6 = MessagesTest.ip("2001:db8::2");
    private final Wire wire = new Wire();
    private RouteNetlink netlink;
    private int a0;

    @BeforeEach
    void open() {
        netlink = wire.netlink();
        a0 = netlink.link("a0").index();
        // confirmed for a second only, so that the test need not wait for half a minute
        wire.here().ip("ntable change name arp_cache dev a0 base_reachable 1000");
        wire.here().ip("ntable change name ndisc_cache dev a0 base_reachable 1000");
    }

    @AfterEach
    void close() {
        netlink.close();
        wire.close();
    }

    private boolean hasMac(final InetAddress address, final long mac) {
        final Neighbour neighbour = netlink.neighbour(a0, address);
        return neighbour != null && neighbour.usable() && neighbour.mac() == mac;
    }

    private void moveTo(final String mac) {
        wire.there().ip("link set b0 address " + mac);
    }

    private boolean managedByIp(final InetAddress address) {
        return wire.json("neigh show").stream().anyMatch(neighbour -> neighbour.containsKey("managed")
            && MessagesTest.ip((String) neighbour.get("dst")).equals(address));
    }

    @Test
    void aManagedNeighbourIsResolvedAndFollowedToItsNewMac() throws InterruptedException {
        moveTo("02:00:00:00:00:0a");
        final NeighbourCare care = netlink.manageNeighbour(a0, IPV4);
        TestNamespace.requireHere(care == NeighbourCare.MANAGED, "managed neighbours need Linux 5.16");
        assertEquals(NeighbourCare.MANAGED, netlink.manageNeighbour(a0, IPV6));
        // the first three questions can go out before the other side is ready; the next come five seconds later
        assertTrue(Wire.within(() -> hasMac(IPV4, 0x02_00_00_00_00_0aL)), "resolved by ARP");
        assertTrue(Wire.within(() -> hasMac(IPV6, 0x02_00_00_00_00_0aL)), "resolved by discovery");
        assertTrue(managedByIp(IPV4) && managedByIp(IPV6));
        moveTo("02:00:00:00:00:0b");
        assertTrue(Wire.within(() -> hasMac(IPV4, 0x02_00_00_00_00_0bL)), "followed by ARP");
        assertTrue(Wire.within(() -> hasMac(IPV6, 0x02_00_00_00_00_0bL)), "followed by discovery");
        assertEquals(NeighbourCare.MANAGED, netlink.manageNeighbour(a0, IPV4), "repeating does no harm");
        netlink.unmanageNeighbour(a0, IPV4);
        assertFalse(managedByIp(IPV4));
        assertTrue(managedByIp(IPV6));
        assertNotNull(netlink.neighbour(a0, IPV4), "the entry stays");
        netlink.unmanageNeighbour(a0, IPV4);
    }

    @Test
    void withoutHelpOfTheKernelTheCallerRepeats() throws InterruptedException {
        moveTo("02:00:00:00:00:0a");
        assertEquals(NeighbourCare.REPEAT, netlink.manageNeighbour(a0, IPV4, false));
        assertTrue(Wire.within(() -> hasMac(IPV4, 0x02_00_00_00_00_0aL)));
        assertFalse(managedByIp(IPV4));
        moveTo("02:00:00:00:00:0b");
        final long[] lastNs = {System.nanoTime()};
        assertTrue(Wire.within(() -> {
            if (System.nanoTime() - lastNs[0] > REPEAT_NS) {
                lastNs[0] = System.nanoTime();
                netlink.manageNeighbour(a0, IPV4, false);
            }
            return hasMac(IPV4, 0x02_00_00_00_00_0bL);
        }));
    }

    @Test
    void oneThatIsNotThereFailsAndIsFoundWhenItComes() throws InterruptedException {
        final InetAddress late = MessagesTest.ip("10.0.0.9");
        netlink.manageNeighbour(a0, late);
        assertTrue(Wire.within(() -> netlink.neighbour(a0, late).state() == Neighbour.FAILED));
        assertFalse(netlink.neighbour(a0, late).usable());
        moveTo("02:00:00:00:00:0a");
        wire.there().ip("addr add 10.0.0.9/24 dev b0");
        assertTrue(Wire.within(() -> hasMac(late, 0x02_00_00_00_00_0aL)));
    }

    @Test
    void anAdministratorsEntryIsLeftAlone() {
        wire.here().ip("neigh add 10.0.0.2 lladdr 02:00:00:00:00:77 dev a0");
        assertEquals(NeighbourCare.PERMANENT, netlink.manageNeighbour(a0, IPV4));
        netlink.unmanageNeighbour(a0, IPV4);
        assertEquals(new Neighbour(a0, IPV4, 0x02_00_00_00_00_77L, Neighbour.PERMANENT),
            netlink.neighbour(a0, IPV4));
    }

    @Test
    void aLinkThatWentDownForgetsSoTheCallerAsksAgainWhenItIsUp() throws InterruptedException {
        moveTo("02:00:00:00:00:0a");
        netlink.manageNeighbour(a0, IPV4);
        assertTrue(Wire.within(() -> hasMac(IPV4, 0x02_00_00_00_00_0aL)));
        wire.here().ip("link set a0 down");
        assertNull(netlink.neighbour(a0, IPV4), "this kernel keeps it; the remark at manageNeighbour can go");
        netlink.manageNeighbour(a0, IPV4);
        wire.here().ip("link set a0 up");
        netlink.manageNeighbour(a0, IPV4);
        assertTrue(Wire.within(() -> hasMac(IPV4, 0x02_00_00_00_00_0aL)));
    }

    @Test
    void anInterfaceThatIsGoneIsASentence() {
        wire.here().ip("link del a0");
        final SystemCallException gone = assertThrows(SystemCallException.class, () ->
            netlink.manageNeighbour(a0, IPV4));
        assertEquals(Errno.ENODEV, gone.errno());
        assertTrue(gone.getMessage().startsWith("Could not make the kernel resolve 10.0.0.2 on interface " + a0
            + ": No such device (ENODEV)."), gone.getMessage());
        netlink.unmanageNeighbour(a0, IPV4);
    }
}
