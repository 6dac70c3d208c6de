package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.FixtureFile;
import io.ringmaster.packet.FixtureFile.Exchange;
import io.ringmaster.packet.FixtureFile.Out;
import io.ringmaster.packet.Icmp;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketMemory;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.service.RealServerView;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every transform against the bytes of a real kernel. What the kernel decided (which real server, which MAC, which of
 * its addresses it answered from) is read from its answer; the rest of the frame must come out of the transform, byte
 * for byte. How often each transform was used is part of the expectation, so that none can be left out unnoticed.
 */
class KernelFixtureTest {
    private final PacketMemory chunk = new PacketMemory();
    private final PacketMemory answerChunk = new PacketMemory();
    private final Map<String, Integer> used = new TreeMap<>();
    private boolean tunneled;
    private RealServerView server;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "fwd-nat               | 1500 | to client=15, to real server=18",
        "fwd-nat-ports         | 1500 | to client=15, to real server=18",
        "fwd-nat-edge          | 1500 | kernel=3, silence=2, time exceeded=2, to real server=14",
        "fwd-nat-gw-edge       | 1500 | kernel=3, silence=2, time exceeded=2, to real server=14",
        "fwd-nat-ttl-reply     | 1500 | time exceeded=1, to client=5, to real server=3",
        "fwd-udp-nat-conntrack | 1500 | to client=5, to real server=6",
        "fwd-dr                | 1500 | direct routing=18",
        "fwd-dr-edge           | 1500 | direct routing=14, kernel=3, silence=2, time exceeded=2",
        "fwd-dr-gw-edge        | 1500 | direct routing=14, kernel=3, silence=2, time exceeded=2",
        "fwd-udp-dr            | 1500 | direct routing=6",
        "fwd-tun               | 1500 | tunneling=18",
        "fwd-tun-gw-edge       | 1500 | fragmented=1, kernel=3, silence=2, time exceeded=2, too big=1, tunneling=12",
        "fwd-tun-odd           | 1500 | silence=1, tunneling=6",
        "fwd-udp-tun           | 1500 | tunneling=6",
        "mtu-nat               | 1400 | fragmented=1, to client=1, to real server=8, too big=2",
        "mtu-dr                | 1400 | direct routing=8, fragmented=1, too big=2",
        "mtu-tun               | 1400 | fragmented=2, too big=4, tunneling=5",
        "fwd-tun-gue           | 1500 | tunneling=18",
        "fwd-tun-gre           | 1500 | tunneling=18",
        "fwd-tun-gre-csum-edge | 1500 | fragmented=2, kernel=3, silence=2, time exceeded=2, too big=2, tunneling=10",
        "fwd-tun-gue-edge      | 1500 | fragmented=2, kernel=3, silence=2, time exceeded=2, too big=2, tunneling=10",
        "fwd-udp-tun-gre       | 1500 | tunneling=6",
        "mtu-tun-small         |  600 | kernel=1, silence=4, too big=4",
        "rs-none-wlc           | 1500 | port unreachable=3, to real server=8",
        "rs-none-fwmark        | 1500 | port unreachable=2",
    })
    void sameBytes(final String name, final int mtuBytes, final String expectedUse) {
        final FixtureFile file = FixtureFile.read(name);
        tunneled = file.rules().contains(" -i");
        for (final Exchange exchange : file.exchanges()) {
            server = TunnelServers.of(file.rules(), 0x0a02_0001, tunnelEnd(exchange));
            used.merge(step(exchange, mtuBytes), 1, Integer::sum);
        }
        assertEquals("{" + expectedUse + "}", used.toString(), "how often each transform was compared");
    }

    /** Compares one exchange and names the transform. */
    private String step(final Exchange exchange, final int mtuBytes) {
        if (exchange.out().isEmpty()) {
            return "silence";
        }
        final Out out = exchange.out().getFirst();
        final Packet packet = chunk.receive(exchange.in());
        final Packet answer = answerChunk.receive(out.frame());
        final ParseResult parsed = PacketParser.parse(packet);
        assertTrue(parsed == ParseResult.OK || parsed == ParseResult.TRANSPORT_CUT, () -> exchange + ": " + parsed);
        final ParseResult answered = PacketParser.parse(answer);
        if (answered == ParseResult.NOT_IP) {
            return "kernel";
        }
        final String step;
        if (answer.protocol() == Ipv4.PROTOCOL_ICMP) {
            step = error(packet, answer, mtuBytes, exchange);
        } else if (answer.sourceLow() == packet.destinationLow()) {
            return "kernel";
        } else if (exchange.out().size() > 1) {
            fragment(packet, answer, mtuBytes, exchange);
            return "fragmented";
        } else {
            step = forward(packet, answer, mtuBytes, exchange);
        }
        EthernetRewrite.address(packet, Ethernet.destination(answer.memory(), answer.frame()),
            Ethernet.source(answer.memory(), answer.frame()));
        assertEquals(out.masked(out.frame()), out.masked(chunk.frame()), exchange::toString);
        return step;
    }

    private void fragment(final Packet packet, final Packet answer, final int mtuBytes, final Exchange exchange) {
        assertEquals(Mtu.Fit.WOULD_FRAGMENT, Mtu.check(packet, inside(mtuBytes)), exchange::toString);
        if (tunneled) {
            TimeToLive.decrement(packet);
            Tunneling.encapsulate(packet, server, 0x1234);
        } else {
            Translating.destination(packet, Addresses.ipv4(answer.destinationLow()), 80);
        }
        EthernetRewrite.address(packet, Ethernet.destination(answer.memory(), answer.frame()),
            Ethernet.source(answer.memory(), answer.frame()));
        assertEquals(exchange.out().size(), Fragmentation.count(packet, mtuBytes), exchange::toString);
        for (int i = 1; i < exchange.out().size(); i++) {
            final Out out = exchange.out().get(i);
            final int bytes = Fragmentation.write(packet, mtuBytes, i, 0, PacketMemory.SPARE);
            assertEquals(out.masked(out.frame()), out.masked(chunk.bytes(PacketMemory.SPARE, bytes)),
                exchange::toString);
        }
        Fragmentation.shorten(packet, mtuBytes, 0);
        final Out first = exchange.out().getFirst();
        assertEquals(first.masked(first.frame()), first.masked(chunk.frame()), exchange::toString);
    }

    private int inside(final int mtuBytes) {
        return tunneled ? Mtu.insideTunnel(mtuBytes, server) : mtuBytes;
    }

    /** Which real server the kernel chose. */
    private static int tunnelEnd(final Exchange exchange) {
        return exchange.out().isEmpty() ? 0
            : Ipv4.destination(MemorySegment.ofArray(exchange.out().getFirst().frame()), Ethernet.HEADER_BYTES);
    }

    private String error(final Packet packet, final Packet answer, final int mtuBytes,
        final Exchange exchange) {
        final int source = Addresses.ipv4(answer.sourceLow());
        final int type = Icmp.type(answer.memory(), answer.transport());
        final int code = Icmp.code(answer.memory(), answer.transport());
        final int rest = Icmp.rest(answer.memory(), answer.transport());
        if (type == Icmp.TIME_EXCEEDED) {
            assertTrue(TimeToLive.expires(packet), exchange::toString);
            assertTrue(IcmpErrors.timeExceeded(packet, 0, Addresses.ipv4Low(source), 0x1234), exchange::toString);
            return "time exceeded";
        }
        assertFalse(TimeToLive.expires(packet), exchange::toString);
        if (code == Icmp.PORT_UNREACHABLE) {
            assertTrue(IcmpErrors.portUnreachable(packet, 0, Addresses.ipv4Low(source), 0x1234), exchange::toString);
            return "port unreachable";
        }
        final int limitBytes = inside(mtuBytes);
        assertEquals(limitBytes, rest, exchange::toString);
        TimeToLive.decrement(packet);
        assertEquals(Mtu.Fit.FRAGMENTATION_NEEDED, Mtu.check(packet, limitBytes), exchange::toString);
        assertTrue(IcmpErrors.fragmentationNeeded(packet, limitBytes, 0, Addresses.ipv4Low(source), 0x1234),
            exchange::toString);
        return "too big";
    }

    private String forward(final Packet packet, final Packet answer, final int mtuBytes,
        final Exchange exchange) {
        final int source = Addresses.ipv4(answer.sourceLow());
        final int destination = Addresses.ipv4(answer.destinationLow());
        assertFalse(TimeToLive.expires(packet), exchange::toString);
        final boolean reply = answer.destinationLow() == packet.destinationLow();
        if (RecordRoute.hasOptions(packet)) {
            final boolean fromServer = reply && answer.sourceLow() != packet.sourceLow();
            RecordRoute.stamp(packet, Addresses.ipv4(fromServer ? answer.sourceLow() : packet.destinationLow()));
        }
        if (tunneled && answer.destinationLow() != packet.destinationLow()) {
            TimeToLive.decrement(packet);
            assertEquals(Mtu.Fit.FITS, Mtu.check(packet, inside(mtuBytes)), exchange::toString);
            Tunneling.encapsulate(packet, server, 0x1234);
            return "tunneling";
        }
        assertEquals(Mtu.Fit.FITS, Mtu.check(packet, mtuBytes), exchange::toString);
        if (!reply) {
            Translating.destination(packet, destination, answer.destinationPort());
            return "to real server";
        }
        if (answer.sourceLow() != packet.sourceLow()) {
            Translating.source(packet, source, answer.sourcePort());
            return "to client";
        }
        TimeToLive.decrement(packet);
        return "direct routing";
    }
}
