package io.ringmaster.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.conformance.HostAnswer.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostAnswerTest {
    private static final String CLIENT = "10.9.1.1";
    private static final String VIP = "10.1.0.100";
    private final HostAnswer host = new HostAnswer(new Topology(1500));

    private Kind kind(final byte[] frame) {
        return host.kind(0, frame);
    }

    private static byte[] changed(final byte[] frame, final int offset, final int value) {
        final byte[] copy = frame.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    @Test
    void whatItDoes() {
        final byte[] syn = Segments.fromClient(CLIENT, VIP, 80, "S");
        assertEquals(Kind.RESET, kind(syn));
        assertEquals(Kind.NOTHING, kind(Segments.fromClient(CLIENT, VIP, 80, "R")));
        assertEquals(Kind.NOTHING, kind(changed(syn, 14 + 20 + 16, 0x77)), "a wrong checksum of TCP");
        assertEquals(Kind.NOTHING, kind(changed(syn, 14 + 10, 0x77)), "a wrong checksum of IP");
        assertEquals(Kind.NOTHING, kind(changed(syn, 5, 0x77)), "another's MAC");
        assertEquals(Kind.PORT_UNREACHABLE, kind(Segments.udp(CLIENT, VIP, 53, 40)));
        assertEquals(Kind.ROUTED, kind(Segments.fromServer("10.2.0.11", 80, CLIENT, "SA")));
        assertEquals(Kind.UNREACHABLE, kind(Segments.fromServer("10.2.0.11", 80, "10.77.0.1", "SA")));
        assertEquals(Kind.NOTHING, kind(Segments.fromServer(VIP, 80, CLIENT, "SA")), "from an own address");
        assertEquals(Kind.NOTHING, kind(Segments.fromClient("127.0.0.1", VIP, 80, "S")));
    }

    @Test
    void anAnswerIsOneToThisFrame() {
        final byte[] syn = Segments.fromClient(CLIENT, VIP, 80, "S");
        final byte[] reset = Segments.fromServer(VIP, 80, CLIENT, "RA");
        assertTrue(host.explains(Kind.RESET, syn, List.of(reset)));
        assertFalse(host.explains(Kind.RESET, syn, List.of()));
        assertFalse(host.explains(Kind.RESET, syn, List.of(reset, reset)));
        assertFalse(host.explains(Kind.NOTHING, syn, List.of(reset)));
        assertFalse(host.explains(Kind.RESET, syn, List.of(Segments.fromServer(VIP, 81, CLIENT, "RA"))), "a port");
        assertFalse(host.explains(Kind.RESET, syn, List.of(Segments.fromServer(VIP, 80, "10.9.1.2", "RA"))));
        assertFalse(host.explains(Kind.RESET, syn, List.of(Segments.fromServer(VIP, 80, CLIENT, "SA"))), "no reset");
    }

    @Test
    void itAnswersSolicitationsForItsAddresses() {
        final Fixture.Send send = (Fixture.Send) FixtureReader.read("fwd6-ext", FixtureSet.own("fwd6-ext")).steps()
            .get(3);
        final byte[] out = send.out().getFirst().frame();
        assertEquals(Kind.ADVERTISEMENT, kind(send.frame()));
        assertTrue(host.explains(Kind.ADVERTISEMENT, send.frame(), List.of(out)));
        assertFalse(host.explains(Kind.ADVERTISEMENT, send.frame(), List.of(changed(out, out.length - 20, 0x77))));
        assertEquals(Kind.NOTHING, kind(changed(send.frame(), 14 + 7, 64)), "it was routed");
    }

    @Test
    void translatedPacketsAreNotRouted() {
        final byte[] reply = Segments.fromServer("10.2.0.11", 80, CLIENT, "SA");
        final byte[] routed = changed(reply, 14 + 8, 63);
        assertTrue(host.explains(Kind.ROUTED, reply, List.of(routed)));
        assertFalse(host.explains(Kind.ROUTED, reply, List.of(reply)), "time to live");
        assertFalse(host.explains(Kind.ROUTED, reply, List.of(changed(Segments.fromServer(VIP, 80, CLIENT, "SA"),
            14 + 8, 63))), "from the VIP");
    }
}
