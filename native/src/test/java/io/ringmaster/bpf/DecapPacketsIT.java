package io.ringmaster.bpf;

import static io.ringmaster.bpf.Frames.UDP;
import static io.ringmaster.bpf.Frames.checksummed;
import static io.ringmaster.bpf.Frames.cut;
import static io.ringmaster.bpf.Frames.ethernet;
import static io.ringmaster.bpf.Frames.ipv4;
import static io.ringmaster.bpf.Frames.udp;
import static io.ringmaster.bpf.Frames.with;
import static io.ringmaster.bpf.Frames.with16;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.TestNamespace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets through the real decap program in the real kernel: packet in, packet out, byte by byte. */
class DecapPacketsIT {
    private static final int PASS = 2;
    private static final long US = 0x02_00_00_00_0c_01L;
    private static final long PEER = 0x02_00_00_00_0c_02L;
    private static final int LOOPBACK = 1;
    private static final byte[] OPTIONS = {7, 7, 4, 0, 0, 0, 0, 0};
    private static TestNamespace space;
    private static BpfObject object;
    private static TestRun run;

    @BeforeAll
    static void load() {
        space = TestNamespace.make();
        VethPair.sysctl(space, "ipv4/conf/all/forwarding", "0");
        object = BpfObject.open("decap", DecapProgram.object());
        object.load();
        run = new TestRun(object.programFd("decap"));
    }

    @AfterAll
    static void unload() {
        if (space != null) {
            run.close();
            object.close();
            space.close();
        }
    }

    private static byte[] frame(final byte[] ip) {
        return ethernet(US, PEER, 0x800, ip);
    }

    private static byte[] inner() {
        return ipv4(UDP, "10.9.1.1", "10.1.0.100", udp(5000, 7000, new byte[30]));
    }

    private static byte[] inner6() {
        final byte[] packet = new byte[48];
        packet[0] = 0x60;
        packet[5] = 8;
        packet[6] = 59;
        return packet;
    }

    private static byte[] outer(final byte[] inner) {
        return ipv4(4, "10.2.0.1", "10.2.0.11", inner);
    }

    private static byte[] outer6(final int protocol, final byte[] payload) {
        return ByteBuffer.allocate(40 + payload.length).putInt(0x60000000).putShort((short) payload.length)
            .put((byte) protocol).put((byte) 64).putLong(0xfd02L << 48).putLong(1).putLong(0xfd02L << 48).putLong(11)
            .put(payload).array();
    }

    private static byte[] frame6(final byte[] ip) {
        return ethernet(US, PEER, 0x86dd, ip);
    }

    /** What an IPv4 packet carries. */
    private static byte[] payload(final byte[] packet) {
        return Arrays.copyOfRange(packet, 20, packet.length);
    }

    private static byte[] gre(final int flags, final int type, final byte[] inner) {
        final byte[] payload = ByteBuffer.allocate((flags & 0x8000) == 0 ? 4 + inner.length : 8 + inner.length)
            .putShort((short) flags).putShort((short) type).array();
        System.arraycopy(inner, 0, payload, payload.length - inner.length, inner.length);
        return ipv4(47, "10.2.0.1", "10.2.0.11", payload);
    }

    private static byte[] gue(final int port, final int header, final byte[] inner) {
        return ipv4(UDP, "10.2.0.1", "10.2.0.11", udp(40_000, port,
            ByteBuffer.allocate(4 + inner.length).putInt(header).put(inner).array()));
    }

    /** The packet with these ECN bits in its second byte. */
    private static byte[] ecn(final byte[] packet, final int tos) {
        return checksummed(with(packet, 1, tos));
    }

    private static Arguments strips(final String description, final byte[] in, final byte[] out) {
        return Arguments.of(description, in, out);
    }

    private static Arguments passes(final String description, final byte[] in) {
        return Arguments.of(description, in, in);
    }

    static Stream<Arguments> packets() {
        return Stream.of(
            strips("IPIP", frame(outer(inner())), frame(inner())),
            strips("outer options", frame(ipv4(4, "10.2.0.1", "10.2.0.11", OPTIONS, inner())), frame(inner())),
            strips("inner options", frame(outer(ipv4(UDP, "10.9.1.1", "10.1.0.100", OPTIONS, new byte[9]))),
                frame(ipv4(UDP, "10.9.1.1", "10.1.0.100", OPTIONS, new byte[9]))),
            strips("Ethernet padding stays", cut(frame(outer(inner())), 120), cut(frame(inner()), 100)),
            strips("inner fragment", frame(outer(with16(inner(), 6, 0x2003))), frame(with16(inner(), 6, 0x2003))),
            strips("inner TTL 1 is as it was", frame(outer(with(inner(), 8, 1))), frame(with(inner(), 8, 1))),
            strips("IPIP in IPIP: one layer", frame(outer(outer(inner()))), frame(outer(inner()))),
            strips("IPv6 in IPv4", frame(ipv4(41, "10.2.0.1", "10.2.0.11", inner6())),
                ethernet(US, PEER, 0x86dd, inner6())),
            strips("GRE", frame(gre(0, 0x800, inner())), frame(inner())),
            strips("GRE with a checksum", frame(gre(0x8000, 0x800, inner())), frame(inner())),
            strips("GRE, IPv6 inside", frame(gre(0, 0x86dd, inner6())), ethernet(US, PEER, 0x86dd, inner6())),
            strips("GUE", frame(gue(6080, 4 << 16, inner())), frame(inner())),
            strips("GUE, IPv6 inside", frame(gue(6080, 41 << 16, inner6())), ethernet(US, PEER, 0x86dd, inner6())),
            strips("CE outside GUE, ECT(0) inside", frame(ecn(gue(6080, 4 << 16, ecn(inner(), 2)), 3)),
                frame(ecn(inner(), 3))),
            strips("IPv4 in IPv6", frame6(outer6(4, inner())), frame(inner())),
            strips("IPv6 in IPv6", frame6(outer6(41, inner6())), frame6(inner6())),
            strips("GRE in IPv6", frame6(outer6(47, payload(gre(0, 0x800, inner())))), frame(inner())),
            strips("GUE in IPv6", frame6(outer6(UDP, payload(gue(6080, 41 << 16, inner6())))), frame6(inner6())),
            strips("padding behind IPv6", cut(frame6(outer6(41, inner6())), 130), cut(frame6(inner6()), 90)),
            strips("CE outside in IPv6, ECT(0) inside", frame6(with(outer6(41, with(inner6(), 1, 0x20)), 1, 0x30)),
                frame6(with(inner6(), 1, 0x30))),
            strips("CE outside, IPv6 with ECT(1) inside", frame(ecn(ipv4(41, "10.2.0.1", "10.2.0.11",
                with(inner6(), 1, 0x10)), 3)), frame6(with(inner6(), 1, 0x30))),
            passes("CE outside, IPv6 not capable inside", frame6(with(outer6(41, inner6()), 1, 0x30))),
            passes("IPv6 extension header outside", frame6(outer6(0, outer6(41, inner6())))),
            passes("IPv6 fragment outside", frame6(outer6(44, inner()))),
            passes("IPv6 longer than the frame", frame6(with(outer6(4, inner()), 5, 0xff))),
            passes("IPv6 by its type, version 4", ethernet(US, PEER, 0x86dd, outer(inner()))),
            passes("IPv6, no tunnel", frame6(inner6())),
            passes("GRE with a key", frame(gre(0x2000, 0x800, inner()))),
            passes("GRE version 1", frame(gre(1, 0x800, inner()))),
            passes("GRE, Ethernet inside", frame(gre(0, 0x6558, inner()))),
            passes("GUE to another port", frame(gue(6081, 4 << 16, inner()))),
            passes("GUE control", frame(gue(6080, 0x20040000, inner()))),
            passes("GUE version 1", frame(gue(6080, 0x40040000, inner()))),
            passes("GUE with options", frame(gue(6080, 0x01040000, inner()))),
            passes("GUE, TCP inside", frame(gue(6080, 6 << 16, inner()))),
            passes("GUE, IPv6 said, IPv4 inside", frame(gue(6080, 41 << 16, inner()))),
            strips("CE outside, ECT(0) inside", frame(ecn(outer(ecn(inner(), 0xba)), 0xbb)), frame(ecn(inner(), 0xbb))),
            strips("CE outside, ECT(1) inside", frame(ecn(outer(ecn(inner(), 1)), 3)), frame(ecn(inner(), 3))),
            strips("CE outside, CE inside", frame(ecn(outer(ecn(inner(), 3)), 3)), frame(ecn(inner(), 3))),
            strips("ECT(0) outside, not capable inside", frame(ecn(outer(inner()), 2)), frame(inner())),
            passes("CE outside, not capable inside", frame(ecn(outer(inner()), 3))),
            passes("no tunnel", frame(inner())),
            passes("ARP", ethernet(US, PEER, 0x806, outer(inner()))),
            passes("VLAN", ethernet(US, PEER, 0x8100, outer(inner()))),
            passes("to a group of MACs", ethernet(0x0100_5e00_0001L, PEER, 0x800, outer(inner()))),
            passes("to all MACs", ethernet(0xffff_ffff_ffffL, PEER, 0x800, outer(inner()))),
            passes("first outer fragment", frame(with16(outer(inner()), 6, 0x2000))),
            passes("later outer fragment", frame(with16(outer(inner()), 6, 5))),
            passes("protocol 4, IPv6 inside", frame(outer(inner6()))),
            passes("protocol 41, IPv4 inside", frame(with(outer(inner()), 9, 41))),
            passes("outer version 5", frame(with(outer(inner()), 0, 0x55))),
            passes("outer header too short", frame(with(outer(inner()), 0, 0x44))),
            passes("outer length beyond the frame", frame(with16(outer(inner()), 2, 79))),
            passes("outer length less than its header", frame(with16(outer(inner()), 2, 10))),
            passes("inner length beyond the outer's", frame(outer(with16(inner(), 2, 59)))),
            passes("inner length less than its header", frame(outer(with16(inner(), 2, 19)))),
            passes("inner header length 16", frame(outer(with(inner(), 0, 0x44)))),
            passes("inner IPv6 longer than the outer", frame(ipv4(41, "10.2.0.1", "10.2.0.11",
                with(inner6(), 5, 9)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packets")
    void comesOut(final String description, final byte[] in, final byte[] out) {
        final long before = object.map("stripped").sum(0, 2)[0];
        assertArrayEquals(out, run(in), description);
        assertEquals(Arrays.equals(in, out) ? 0 : 1, object.map("stripped").sum(0, 2)[0] - before, description);
    }

    private static byte[] run(final byte[] in) {
        MemorySegment.copy(in, 0, run.data(), ValueLayout.JAVA_BYTE, 0, in.length);
        final MemorySegment out = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(in.length));
        final int verdict = NetworkNamespace.call(space.name(), () -> run.dry(LOOPBACK, 0, in.length, out));
        assertEquals(PASS, verdict);
        return Arrays.copyOf(out.toArray(ValueLayout.JAVA_BYTE), run.lengthBytesOut());
    }

    @Test
    void everyTruncationIsPassed() {
        for (final byte[] whole : new byte[][]{outer(inner()), ipv4(41, "10.2.0.1", "10.2.0.11", inner6()),
            ipv4(4, "10.2.0.1", "10.2.0.11", OPTIONS, inner()), gre(0x8000, 0x800, inner()),
            gue(6080, 4 << 16, inner())}) {
            for (int length = 0; length < whole.length; length++) {
                final byte[] cutOff = frame(cut(whole, length));
                assertArrayEquals(cutOff, run(cutOff), "cut off at " + length);
                if (length >= 4) {
                    final byte[] consistent = frame(with16(cut(whole, length), 2, length));
                    assertArrayEquals(consistent, run(consistent), "consistent length " + length);
                    final byte[] padded = cut(consistent, 200);
                    assertArrayEquals(padded, run(padded), "consistent length, padded " + length);
                }
            }
        }
    }
}
