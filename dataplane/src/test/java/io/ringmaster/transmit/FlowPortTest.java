package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketMemory;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One port for a connection, many for many. */
class FlowPortTest {
    private static final int IP = Ethernet.HEADER_BYTES;
    private static final int CONNECTIONS = 10_000;
    private static final int PORTS = FlowPort.END - FlowPort.FIRST;

    @Test
    void sameForAConnectionSpreadOverConnections() {
        final Set<Integer> ports = new HashSet<>();
        final int[] quarters = new int[4];
        for (int i = 0; i < CONNECTIONS; i++) {
            final int port = port(0x0a09_0101 + (i >> 4), 4000 + (i & 15), i);
            assertEquals(port, port(0x0a09_0101 + (i >> 4), 4000 + (i & 15), i + 1), "whatever else is in the packet");
            assertTrue(port >= FlowPort.FIRST && port < FlowPort.END, () -> "port " + port);
            ports.add(port);
            quarters[(port - FlowPort.FIRST) * 4 / PORTS]++;
        }
        // At random 10,000 of 28,231 ports are 8,420 different ones; the spread of that is far below 400.
        assertTrue(ports.size() > 8_000, () -> ports.size() + " ports for " + CONNECTIONS + " connections");
        for (final int quarter : quarters) {
            assertTrue(quarter > CONNECTIONS / 5, () -> quarter + " in a quarter");
        }
    }

    private static int port(final int source, final int sourcePort, final int identification) {
        final byte[] frame = new byte[IP + 28];
        final MemorySegment memory = MemorySegment.ofArray(frame);
        Ethernet.type(memory, 0, Ethernet.TYPE_IPV4);
        Ipv4.versionAndIhl(memory, IP, Ipv4.VERSION_4_IHL_5);
        Ipv4.totalLength(memory, IP, 28);
        Ipv4.identification(memory, IP, identification);
        Ipv4.protocol(memory, IP, Ipv4.PROTOCOL_UDP);
        Ipv4.source(memory, IP, source);
        Ipv4.destination(memory, IP, 0x0a01_0064);
        Udp.sourcePort(memory, IP + 20, sourcePort);
        Udp.destinationPort(memory, IP + 20, 53);
        Ipv4.writeChecksum(memory, IP);
        final Packet packet = new PacketMemory().receive(frame);
        assertEquals(ParseResult.OK, PacketParser.parse(packet));
        return FlowPort.of(packet);
    }
}
