package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.netlink.Link;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told and shown to workers when interfaces change under a director. */
final class PortsTest {
    private static final int LARGEST_MTU_BYTES = 1_774;
    private final List<String> log = new ArrayList<>();
    private final Ports ports = new Ports(List.of(link("eth0", 1_500)), List.of(), LARGEST_MTU_BYTES, log::add);

    private static Link link(final String name, final int mtuBytes) {
        return new Link(7, name, 0x0200_0000_0001L, mtuBytes, true, true, 1, 1, "", 0, Link.Vlan.NONE);
    }

    private void become(final Link link) {
        log.clear();
        ports.reread(List.of(link), List.of());
    }

    @Test
    void anMtuThatFramesDoNotHoldIsToldAndNotUsed() {
        become(link("eth0", LARGEST_MTU_BYTES));
        assertEquals(List.of("Interface eth0 has another MAC address or MTU now."), log);
        assertEquals(LARGEST_MTU_BYTES, ports.views()[0].mtuBytes());
        become(link("eth0", 3_000));
        assertEquals(List.of("Interface eth0 has another MAC address or MTU now.", "The MTU of eth0 is 3000 now, and"
            + " the director's frames hold packets of an MTU up to 1774: larger ones are lost until it is started"
            + " again, with larger frames, or the MTU is lowered."), log);
        assertEquals(LARGEST_MTU_BYTES, ports.views()[0].mtuBytes());
        become(link("eth0", 1_400));
        assertEquals(List.of("Interface eth0 has another MAC address or MTU now."), log);
        assertEquals(1_400, ports.views()[0].mtuBytes());
    }

    @Test
    void anotherNameIsTold() {
        become(link("uplink", 1_500));
        assertEquals(List.of("Interface eth0 is called uplink now; the director goes on with it, and lists it by the"
            + " name that it had at the start."), log);
        become(link("uplink", 1_500));
        assertEquals(List.of(), log);
    }
}
