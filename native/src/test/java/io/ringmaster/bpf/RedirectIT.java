package io.ringmaster.bpf;

import static io.ringmaster.bpf.Frames.TCP;
import static io.ringmaster.bpf.Frames.ethernet;
import static io.ringmaster.bpf.Frames.ipv4;
import static io.ringmaster.bpf.Frames.mapped;
import static io.ringmaster.bpf.Frames.tcp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ringmaster.ring.FillRing;
import io.ringmaster.ring.RxRing;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.PacketSocket;
import io.ringmaster.xdp.RingSizes;
import io.ringmaster.xdp.Umem;
import io.ringmaster.xdp.XdpSocket;
import io.ringmaster.xdp.XdpSocketSet;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the cable through the attached program into the rings of real AF_XDP sockets, and past them to the kernel. */
class RedirectIT {
    private static final int FRAME_BYTES = 2048;
    private static final int WAIT_MS = 60_000;
    private static final int LOOK_MS = 10;
    private static final int PINGS = 5;
    private static final String VIP = "10.1.0.100";

    private static byte[] request(final int clientPort) {
        return ethernet(VethPair.HERE_MAC, VethPair.THERE_MAC, 0x800,
            ipv4(TCP, VethPair.THERE, VIP, tcp(clientPort, 80, 2)));
    }

    private static void fill(final XdpSocket socket, final int firstFrame, final int frames) {
        final FillRing ring = socket.fill();
        assertEquals(frames, ring.reserve(frames));
        for (int i = 0; i < frames; i++) {
            ring.set(i, (long) (firstFrame + i) * FRAME_BYTES);
        }
        ring.submit(frames);
        socket.kickReceive();
    }

    private static XdpSocket whichReceives(final List<XdpSocket> sockets) {
        for (int tries = 0; tries < WAIT_MS / LOOK_MS; tries++) {
            for (final XdpSocket socket : sockets) {
                if (Libc.poll(socket.fd(), Libc.POLLIN, LOOK_MS) > 0) {
                    return socket;
                }
            }
        }
        throw new AssertionError("nothing arrived in any ring");
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void packetToAServiceArrivesInARing(final AttachMode mode) {
        try (VethPair pair = new VethPair(); Umem umem = Umem.allocate(256, FRAME_BYTES);
             DirectorProgram program = DirectorProgram.load(2);
             XdpSocketSet sockets = pair.here(() -> XdpSocketSet.open(umem,
                 List.of(new XdpSocketSet.Place(pair.index(), "v0", 0), new XdpSocketSet.Place(pair.index(), "v0", 1)),
                 new RingSizes(64, 64, 64, 64), false));
             PacketSocket wire = pair.there(() -> PacketSocket.open("v1", 0x800, true))) {
            for (final XdpSocket socket : sockets.sockets()) {
                fill(socket, socket.queue() * 64, 32);
                program.setSocket(pair.index(), socket.queue(), socket.fd());
            }
            program.addMac(pair.index(), VethPair.HERE_MAC);
            program.addService(TCP, 0, mapped(VIP), 80);
            try (DirectorProgram.Attachment attached = pair.here(() -> program.attach(pair.index(), "v0", mode))) {
                assertEquals(mode, attached.mode());
                for (int i = 1; i <= 10; i++) {
                    wire.send(request(i));
                    final XdpSocket socket = whichReceives(sockets.sockets());
                    assertArrayEquals(request(i), receive(umem, socket), "packet " + i + " of " + socket);
                }
                assertEquals(10, program.counters().get("redirected_service"));
                pingPasses(wire, program);
            }
        }
    }

    private static byte[] receive(final Umem umem, final XdpSocket socket) {
        final RxRing ring = socket.rx();
        assertEquals(1, ring.peek(64));
        final byte[] packet = umem.memory().asSlice(ring.address(0), ring.length(0)).toArray(ValueLayout.JAVA_BYTE);
        ring.release(1);
        return packet;
    }

    private static void pingPasses(final PacketSocket wire, final DirectorProgram program) {
        final byte[] ping = ethernet(VethPair.HERE_MAC, VethPair.THERE_MAC, 0x800,
            ipv4(Frames.ICMP, VethPair.THERE, VethPair.HERE, Frames.icmp(8, 0, new byte[56])));
        byte[] echo = null;
        int pings = 0;
        // A busy machine may lose one of them on its way through the kernel.
        for (; echo == null && pings < PINGS; pings++) {
            wire.send(ping);
            echo = wire.receive(WAIT_MS / PINGS);
        }
        assertNotNull(echo, "the kernel's echo");
        assertArrayEquals(Arrays.copyOfRange(ping, 38, 98), Arrays.copyOfRange(echo, 38, 98));
        assertEquals(pings, program.counters().get("passed_icmp"));
    }
}
