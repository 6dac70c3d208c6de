package io.ringmaster.director;

import io.ringmaster.netlink.Link;
import io.ringmaster.packet.Vlan;
import io.ringmaster.transmit.VlanPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's VLAN interfaces on a director's interfaces: those of one tag and, on these, of a second one. Immutable.
 *
 * @param links   in the order in which the kernel lists them.
 * @param devices what each stands for, in the same order.
 */
record VlanInterfaces(List<Link> links, List<VlanPorts.Device> devices) {
    static final String KIND = "vlan";

    /**
     * Finds them.
     *
     * @param all     every link there is.
     * @param parents the director's interfaces, by their number.
     */
    static VlanInterfaces on(final List<Link> all, final List<Link> parents) {
        final List<Link> links = new ArrayList<>();
        final List<VlanPorts.Device> devices = new ArrayList<>();
        for (final Link link : all) {
            if (link.kind().equals(KIND)) {
                device(link, all, parents).ifPresent(device -> {
                    links.add(link);
                    devices.add(device);
                });
            }
        }
        return new VlanInterfaces(links, devices);
    }

    private static Optional<VlanPorts.Device> device(final Link link, final List<Link> all, final List<Link> parents) {
        final int tag = tag(link);
        final int direct = number(link.vlan().parent(), parents);
        if (direct >= 0) {
            return Optional.of(new VlanPorts.Device(direct, tag));
        }
        return all.stream().filter(each -> each.index() == link.vlan().parent() && each.kind().equals(KIND))
            .findFirst().filter(outer -> number(outer.vlan().parent(), parents) >= 0)
            .map(outer -> new VlanPorts.Device(number(outer.vlan().parent(), parents), Vlan.both(tag(outer), tag)));
    }

    private static int tag(final Link link) {
        return Vlan.tag(link.vlan().protocol(), link.vlan().id());
    }

    private static int number(final int interfaceIndex, final List<Link> of) {
        for (int i = 0; i < of.size(); i++) {
            if (of.get(i).index() == interfaceIndex) {
                return i;
            }
        }
        return -1;
    }
}
