package io.ringmaster.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.bpf.XdpReason;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Ipv6;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of protocols that are never balanced, to addresses whose services are. */
class OtherProtocolsTest {
    private static final int AH = 51;
    private static final int ESP = 50;
    private static final String VIP = "10.1.0.100:80";

    private static byte[] segment(final int protocol) {
        return Frames.with(Frames.tcp(TestNetwork.CLIENT_ROUTER, TestNetwork.MAC_0, "10.9.1.1:4000", VIP, Frames.SYN,
            20), Ethernet.HEADER_BYTES + 9, protocol);
    }

    @ParameterizedTest
    @ValueSource(ints = {AH, ESP, 2, 47, 89})
    void stayWithTheHost(final int protocol) {
        try (Story story = new Story("-A -t " + VIP + " -s rr", "-a -t " + VIP + " -r 10.2.0.11:80 -m")) {
            assertEquals(XdpReason.REDIRECTED_SERVICE, story.director.decision(segment(Ipv4.PROTOCOL_TCP)));
            assertEquals(XdpReason.PASSED_OTHER_PROTOCOL, story.director.decision(segment(protocol)));
        }
    }

    @Test
    void ofIpv6StayToo() {
        final byte[] frame = new byte[Ethernet.HEADER_BYTES + Ipv6.HEADER_BYTES + 20];
        final MemorySegment packet = MemorySegment.ofArray(frame);
        Ethernet.destination(packet, 0, TestNetwork.MAC_0);
        Ethernet.type(packet, 0, Ethernet.TYPE_IPV6);
        frame[Ethernet.HEADER_BYTES] = 0x60;
        frame[Ethernet.HEADER_BYTES + 5] = 20;
        frame[Ethernet.HEADER_BYTES + 6] = ESP;
        frame[Ethernet.HEADER_BYTES + 24] = (byte) 0xfd;
        try (Story story = new Story("-A -t " + VIP + " -s rr")) {
            assertEquals(XdpReason.PASSED_OTHER_PROTOCOL, story.director.decision(frame));
        }
    }
}
