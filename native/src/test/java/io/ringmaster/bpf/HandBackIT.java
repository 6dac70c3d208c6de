package io.ringmaster.bpf;

import static io.ringmaster.bpf.Frames.ICMP;
import static io.ringmaster.bpf.Frames.TCP;
import static io.ringmaster.bpf.Frames.ethernet;
import static io.ringmaster.bpf.Frames.icmp;
import static io.ringmaster.bpf.Frames.ipv4;
import static io.ringmaster.bpf.Frames.mapped;
import static io.ringmaster.bpf.Frames.tcp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.PacketSocket;
import io.ringmaster.sys.TestNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets given back to the kernel: it answers them as if the cable had brought them. */
class HandBackIT {
    private static final int IPV4 = 0x800;
    private static final int WAIT_MS = 60_000;

    private static byte[] ping(final int dataBytes) {
        final byte[] data = new byte[dataBytes];
        Arrays.fill(data, (byte) 0x5a);
        return ethernet(VethPair.HERE_MAC, VethPair.THERE_MAC, IPV4,
            ipv4(ICMP, VethPair.THERE, VethPair.HERE, icmp(8, 0, data)));
    }

    private static int handBack(final VethPair pair, final DirectorProgram program, final int queue,
                                final byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(frame.length + 100);
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 100, frame.length);
            final int result = pair.here(() ->
                program.handBack(pair.index(), queue, memory, 100, frame.length));
            final byte[] after = memory.asSlice(100).toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(frame, after, "the caller's memory is not changed");
            return result;
        }
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void pingGetsItsEcho(final AttachMode mode) {
        try (VethPair pair = new VethPair(); DirectorProgram program = DirectorProgram.load(2);
             DirectorProgram.Attachment attached = pair.here(() -> program.attach(pair.index(), "v0", mode));
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", IPV4, true))) {
            assertEquals(mode, attached.mode());
            for (final int queue : new int[]{0, 1}) {
                assertEquals(0, handBack(pair, program, queue, ping(56)));
                final byte[] echo = wire.receive(WAIT_MS);
                assertNotNull(echo, "an echo on the wire");
                assertEquals(0, echo[34], "ICMP type");
                assertEquals(Frames.ip(VethPair.HERE), ByteBuffer.wrap(echo).getInt(26), "source");
                assertEquals(98, echo.length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void serviceSegmentIsNotRedirectedAgain(final AttachMode mode) {
        final int socket = DirectorFixture.socket();
        try (VethPair pair = new VethPair(); DirectorProgram program = DirectorProgram.load(2);
             DirectorProgram.Attachment attached = pair.here(() -> program.attach(pair.index(), "v0", mode));
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", IPV4, true))) {
            assertEquals(mode, attached.mode());
            program.addMac(pair.index(), VethPair.HERE_MAC);
            program.addService(TCP, 0, mapped(VethPair.HERE), 80);
            program.setSocket(pair.index(), 0, socket);
            program.setSocket(pair.index(), 1, socket);
            final byte[] segment = tcp(40_000, 80, 16); // a stray ACK
            final byte[] stray = ethernet(VethPair.HERE_MAC, VethPair.THERE_MAC, IPV4,
                ipv4(TCP, VethPair.THERE, VethPair.HERE, tcpChecksummed(segment)));
            assertEquals(0, handBack(pair, program, 0, stray));
            final byte[] reset = wire.receive(WAIT_MS);
            assertNotNull(reset, "the kernel's RST on the wire");
            assertEquals(4, reset[47] & 0x3f, "TCP flags of the answer");
            assertEquals(0, program.counters().get("redirected_service"));
            assertEquals(mode == AttachMode.GENERIC ? 1 : 0, program.counters().get("passed_handed_back"));
            // and from the cable it is redirected: the socket is bound to nothing, so the packet ends there
            pair.there(() -> {
                wire.send(stray);
                return null;
            });
            assertNull(wire.receive(300), "no answer of the kernel to a packet that was redirected");
            assertEquals(1, program.counters().get("redirected_service"));
        } finally {
            Libc.close(socket);
        }
    }

    private static byte[] tcpChecksummed(final byte[] segment) {
        final byte[] pseudo = ByteBuffer.allocate(12 + segment.length).putInt(Frames.ip(VethPair.THERE))
            .putInt(Frames.ip(VethPair.HERE)).put((byte) 0).put((byte) TCP).putShort((short) segment.length)
            .put(segment).array();
        return Frames.with16(segment, 16, Frames.checksum(pseudo, 0, pseudo.length));
    }

    @Test
    void sizesThatGoAndDoNotGo() {
        try (VethPair pair = new VethPair(); DirectorProgram program = DirectorProgram.load(2)) {
            assertEquals(Errno.EINVAL, handBack(pair, program, 0, new byte[13]), "less than an Ethernet header");
            assertEquals(0, handBack(pair, program, 0, new byte[14]));
            assertEquals(0, handBack(pair, program, 0, ping(1472)), "a full Ethernet frame");
            assertEquals(0, handBack(pair, program, 0, ping(3000)), "more than that");
            assertEquals(Errno.EINVAL, handBack(pair, program, 0, ping(4000)), "more than a page holds");
            assertEquals(Errno.EMSGSIZE, handBack(pair, program, 0, ping(9000)));
            int most = 3000;
            while (handBack(pair, program, 0, new byte[most + 1]) == 0) {
                most++;
            }
            assertTrue(most > 3300 && most < 4096, "the most is " + most + " bytes");
        }
    }

    @Test
    void anInterfaceThatIsGoneIsAnError() {
        try (VethPair pair = new VethPair(); DirectorProgram program = DirectorProgram.load(2)) {
            assertNotEquals(0, handBack(pair, program, 2, ping(56)), "a queue that is not there");
            pair.hereSpace().ip("link del v0");
            assertNotEquals(0, handBack(pair, program, 0, ping(56)));
        }
    }

    @Test
    void aThousandAllArrive() {
        try (VethPair pair = new VethPair(); DirectorProgram program = DirectorProgram.load(2);
             DirectorProgram.Attachment attached = pair.here(() -> program.attach(pair.index(), "v0"));
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", IPV4, true).receiveBuffer(4 << 20))) {
            assertEquals(AttachMode.NATIVE, attached.mode());
            for (int i = 0; i < 1000; i++) {
                assertEquals(0, handBack(pair, program, i % 2, ping(56)));
                assertNotNull(wire.receive(WAIT_MS), "echo " + i);
            }
        }
    }

    @Test
    void supportIsToldInALine() {
        TestNamespace.make().close();
        try (DirectorProgram program = DirectorProgram.load(1)) {
            assertTrue(program.handBackSupported(), "this kernel is newer than 5.18: "
                + System.getProperty("os.version"));
            assertTrue(program.describeHandBack().contains("go back to the kernel"), program.describeHandBack());
        }
    }
}
