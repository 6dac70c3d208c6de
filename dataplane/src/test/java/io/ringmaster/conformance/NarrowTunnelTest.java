package io.ringmaster.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.director.ModelDirector;
import io.ringmaster.director.ModelDirector.Sent;
import io.ringmaster.director.XdpModel;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A tunnel of IPv6 over a link that has no room for 1,280 bytes and its header. The kernel drops all that is to go
 * there, however small; here it is as with any other link.
 */
class NarrowTunnelTest {
    private static final int LINK_MTU_BYTES = 1300;
    private static final int IPV6 = 0x86dd;

    private static List<Sent> sent(final int lengthBytes) {
        final Topology topology = new Topology(1500, LINK_MTU_BYTES);
        try (ModelDirector director = new ModelDirector(topology.links(), topology.addresses(), topology,
            new XdpModel(), 4096)) {
            assertEquals(0, director.run(List.of("ipvsadm", "-A", "-u", "10.1.0.100:53"), "").exit());
            assertEquals(0, director.run(List.of("ipvsadm", "-a", "-u", "10.1.0.100:53", "-r", "[fd02::b]:53", "-i"),
                "").exit());
            return director.receive(0, Segments.udp("10.9.1.1", "10.1.0.100", 53, lengthBytes)).sent();
        }
    }

    private static int type(final Sent sent) {
        return (sent.frame()[12] & 0xff) << 8 | sent.frame()[13] & 0xff;
    }

    @Test
    void whatFitsGoesOn() {
        final List<Sent> sent = sent(100);
        assertEquals(1, sent.size());
        assertEquals(1, sent.getFirst().port());
        assertEquals(IPV6, type(sent.getFirst()));
    }

    @Test
    void theClientIsToldWhatFits() {
        final List<Sent> sent = sent(LINK_MTU_BYTES);
        assertEquals(1, sent.size());
        assertEquals(0, sent.getFirst().port());
        final HostPacket error = HostPacket.read(sent.getFirst().frame());
        assertTrue(error.icmp(3, 4), "fragmentation needed");
        assertEquals(LINK_MTU_BYTES - 40, error.port(6));
    }
}
