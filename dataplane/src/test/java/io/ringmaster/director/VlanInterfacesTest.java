package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.bpf.AttachMode;
import io.ringmaster.netlink.Link;
import io.ringmaster.packet.Vlan;
import io.ringmaster.transmit.VlanPorts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VlanInterfacesTest {
    private static final Link ETH0 = link(2, "eth0", "", Link.Vlan.NONE);
    private static final Link ETH1 = link(3, "eth1", "", Link.Vlan.NONE);
    private static final Link ETH2 = link(4, "eth2", "", Link.Vlan.NONE);
    private static final List<Link> ALL = List.of(ETH0, ETH1, ETH2,
        link(10, "eth1.5", "vlan", new Link.Vlan(3, Vlan.TYPE_CUSTOMER, 5)),
        link(11, "eth2.6", "vlan", new Link.Vlan(4, Vlan.TYPE_CUSTOMER, 6)),
        link(12, "eth0.7.9", "vlan", new Link.Vlan(13, Vlan.TYPE_CUSTOMER, 9)),
        link(13, "eth0.7", "vlan", new Link.Vlan(2, Vlan.TYPE_SERVICE, 7)),
        link(14, "eth0.7.9.1", "vlan", new Link.Vlan(12, Vlan.TYPE_CUSTOMER, 1)),
        link(15, "eth2.6.8", "vlan", new Link.Vlan(11, Vlan.TYPE_CUSTOMER, 8)));

    private static Link link(final int index, final String name, final String kind, final Link.Vlan vlan) {
        return new Link(index, name, 0x02_00_00_00_00_01L, 1500, true, true, 1, 1, kind, 0, vlan);
    }

    /** In any order; not those on other interfaces, nor those with a third tag. */
    @Test
    void thoseOnTheDirectorsInterfaces() {
        final VlanInterfaces found = VlanInterfaces.on(ALL, List.of(ETH0, ETH1));
        assertEquals(List.of("eth1.5", "eth0.7.9", "eth0.7"), found.links().stream().map(Link::name).toList());
        assertEquals(List.of(new VlanPorts.Device(1, 0x8005), new VlanPorts.Device(0, 0x9007_8009),
            new VlanPorts.Device(0, 0x9007)), found.devices());
        final VlanPorts ports = new VlanPorts(2, found.devices(), false);
        assertEquals(5, ports.count());
        assertEquals(2, ports.portOf(1, Vlan.tag(Vlan.TYPE_CUSTOMER, 5)));
        assertEquals(3, ports.portOf(0, Vlan.both(Vlan.tag(Vlan.TYPE_SERVICE, 7), Vlan.tag(Vlan.TYPE_CUSTOMER, 9))));
        assertEquals(VlanPorts.NONE, ports.portOf(0, Vlan.tag(Vlan.TYPE_CUSTOMER, 5)), "of another interface");
        assertEquals(VlanPorts.NONE, ports.portOf(1, Vlan.tag(Vlan.TYPE_SERVICE, 5)), "by another protocol");
        assertEquals(0, ports.parent(4));
        assertEquals(0x9007, ports.tags(4));
    }

    @Test
    void bondsHaveTheirProgramInGenericMode() {
        final Link bond = link(5, "bond0", "bond", Link.Vlan.NONE);
        assertEquals(Optional.of(AttachMode.GENERIC), Interfaces.attachMode(bond, Optional.empty()));
        assertEquals(Optional.empty(), Interfaces.attachMode(ETH0, Optional.empty()));
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
            () -> Interfaces.attachMode(bond, Optional.of(AttachMode.NATIVE)));
        assertTrue(refused.getMessage().contains("bond0 is a bond"), refused.getMessage());
    }
}
