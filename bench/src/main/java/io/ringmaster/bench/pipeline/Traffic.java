package io.ringmaster.bench.pipeline;

import io.ringmaster.packet.BigEndian;
import io.ringmaster.packet.Checksum;
import io.ringmaster.packet.Ethernet;
import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Tcp;
import io.ringmaster.packet.Udp;
import java.lang.foreign.MemorySegment;

/** Packets of 60 bytes that clients send; the C peer makes the same bytes (pipeline.h). */
final class Traffic {
    static final int PACKET_BYTES = 60;
    static final int SERVICES = 8;
    static final int SERVERS_PER_SERVICE = 8;
    static final int FIRST_VIP = 0x0a010064;
    static final int VPORT = 80;
    static final long DIRECTOR_MAC = 0x020000000001L;
    private static final long CLIENT_ROUTER_MAC = 0x020000000100L;
    private static final int FIRST_CLIENT = 0x10000000;
    private static final int PORTS_PER_CLIENT = 16;
    private static final int PORT_STEP = 4001;
    // Above all frames of a pass, and above all connections of a run.
    private static final int WORKER_SHIFT = 24;
    private static final int CONNECTIONS_SHIFT = 28;
    private static final long PRIME = 0x100000001b3L;

    private final Plan plan;
    private final int worker;
    private final MemorySegment memory;
    private final boolean[] known;
    private int knownCount;
    private long opened;

    Traffic(final Plan plan, final int worker, final MemorySegment memory) {
        this.plan = plan;
        this.worker = worker;
        this.memory = memory;
        this.known = new boolean[plan.frames()];
    }

    /** Fills all frames for a pass. */
    void make(final Lane.Kind kind, final long argument) {
        knownCount = 0;
        for (int i = 0; i < plan.frames(); i++) {
            final long random = mix((argument << 32) + ((long) worker << WORKER_SHIFT) + i + 1);
            if (kind != Lane.Kind.KNOWN) {
                write(i, (argument + i) % plan.connections(), kind == Lane.Kind.OPEN ? Tcp.SYN : Tcp.ACK, random);
            } else if (Long.remainderUnsigned(mix(random), 1_000) < plan.newPerMille()) {
                write(i, plan.connections() + ((long) worker << CONNECTIONS_SHIFT) + opened++, Tcp.SYN, random);
            } else {
                write(i, Math.unsignedMultiplyHigh(random, plan.connections()), Tcp.ACK, random);
            }
        }
    }

    /** Packets made for the last pass that belong to connections that are there. */
    int known() {
        return knownCount;
    }

    /** Whether the packet of a frame is one of these. */
    boolean isKnown(final int frame) {
        return known[frame];
    }

    private void write(final int frame, final long connection, final int flags, final long random) {
        known[frame] = flags == Tcp.ACK;
        knownCount += flags == Tcp.ACK ? 1 : 0;
        final long at = FakeKernel.packetAddress(frame);
        memory.asSlice(at, PACKET_BYTES).fill((byte) 0);
        Ethernet.destination(memory, at, DIRECTOR_MAC);
        Ethernet.source(memory, at, CLIENT_ROUTER_MAC + (connection & PORTS_PER_CLIENT - 1));
        Ethernet.type(memory, at, Ethernet.TYPE_IPV4);
        final long ip = at + Ethernet.HEADER_BYTES;
        Ipv4.versionAndIhl(memory, ip, Ipv4.VERSION_4_IHL_5);
        Ipv4.totalLength(memory, ip, PACKET_BYTES - Ethernet.HEADER_BYTES);
        Ipv4.identification(memory, ip, (int) random);
        Ipv4.fragmentWord(memory, ip, Ipv4.DONT_FRAGMENT);
        Ipv4.timeToLive(memory, ip, 64);
        Ipv4.protocol(memory, ip, Ipv4.PROTOCOL_TCP);
        Ipv4.source(memory, ip, FIRST_CLIENT + (int) (connection / PORTS_PER_CLIENT));
        Ipv4.destination(memory, ip, FIRST_VIP + (int) (connection % SERVICES));
        Ipv4.checksum(memory, ip, Checksum.ofIpv4Header(memory, ip, Ipv4.HEADER_BYTES));
        final long tcp = ip + Ipv4.HEADER_BYTES;
        Udp.sourcePort(memory, tcp, 1024 + (int) (connection % PORTS_PER_CLIENT) * PORT_STEP);
        Udp.destinationPort(memory, tcp, VPORT);
        BigEndian.i32(memory, tcp + 4, (int) (random >>> 32));
        BigEndian.u8(memory, tcp + 12, 5 << 4);
        BigEndian.u8(memory, tcp + 13, flags);
        Tcp.checksum(memory, tcp, (int) (random >>> 16));
    }

    /** A checksum and the next packet that left. */
    static long fold(final long checksum, final MemorySegment memory, final long address, final int lengthBytes) {
        long sum = (checksum ^ lengthBytes) * PRIME;
        for (int at = 0; at < lengthBytes; at += Integer.BYTES) {
            sum = (sum ^ BigEndian.i32(memory, address + at) & 0xffff_ffffL) * PRIME;
        }
        return sum;
    }

    /** SplitMix64's finalizer: the same numbers here and in C. */
    private static long mix(final long seed) {
        long z = (seed ^ seed >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
