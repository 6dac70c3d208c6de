package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.CpuAffinity;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.PacketSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Load for measurements: packets that everybody may forward, sent as often as was asked, counted as they are. */
class LoadProgramIT {
    private static final int VIP = 0x0a4d0164;
    private static final int FIRST_CLIENT = 0x0affff01;
    private static final int IP = 14;
    private static final int UDP = 34;

    private static LoadSettings settings(final int frameBytes, final int connections, final int endPort) {
        return new LoadSettings(VethPair.THERE_MAC, VethPair.HERE_MAC, VIP, 80, frameBytes, connections, FIRST_CLIENT,
            LoadSettings.End.udp(VIP, endPort), 0);
    }

    /** Over the bytes with their checksum in place: all ones, or a wrong packet (RFC 1071). */
    private static int sum(final byte[] bytes, final int from, final int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += (bytes[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    private static int udpSum(final byte[] frame) {
        final byte[] pseudo = new byte[frame.length - UDP + 12];
        System.arraycopy(frame, 26, pseudo, 0, 8);
        pseudo[9] = 17;
        ByteBuffer.wrap(pseudo).putShort(10, (short) (frame.length - UDP));
        System.arraycopy(frame, UDP, pseudo, 12, frame.length - UDP);
        return sum(pseudo, 0, pseudo.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 61, 1514})
    void everyPacketIsWholeAndGoesRoundTheConnections(final int frameBytes) {
        final LoadSettings settings = settings(frameBytes, 2500, 80);
        // Each core has connections of its own to go round: a thread that moved would begin again.
        final BitSet cores = CpuAffinity.ofThisThread();
        CpuAffinity.pinThisThread(cores.nextSetBit(0));
        try (LoadProgram load = LoadProgram.load(settings)) {
            for (int i = 0; i < 5001; i++) {
                final byte[] frame = load.next();
                final ByteBuffer fields = ByteBuffer.wrap(frame);
                final int connection = i % 2500;
                assertEquals(frameBytes, frame.length);
                assertEquals(0xffff, sum(frame, IP, UDP), "IP checksum of packet " + i);
                assertEquals(0xffff, udpSum(frame), "UDP checksum of packet " + i);
                assertEquals(settings.client(connection), fields.getInt(26), "client of packet " + i);
                assertEquals(LoadSettings.clientPort(connection), fields.getShort(UDP) & 0xffff, "its port");
                assertEquals(VIP, fields.getInt(30));
                assertEquals(80, fields.getShort(UDP + 2));
                assertEquals(frameBytes - IP, fields.getShort(IP + 2), "length of the IP packet");
                assertEquals(frameBytes - UDP, fields.getShort(UDP + 4), "length of the datagram");
            }
            assertEquals(5001, load.generated());
        } finally {
            CpuAffinity.setThisThread(cores);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 81})
    void allThatIsSentArrivesAndIsCountedAsWhatItIs(final int expectedPort) {
        try (VethPair pair = new VethPair(); LoadProgram load = LoadProgram.load(settings(60, 10_000, expectedPort));
             DirectorProgram.Attachment end = pair.there(() -> load.count(Libc.interfaceIndex("v1"), "v1"))) {
            assertTrue(load.generateSupported());
            assertEquals(AttachMode.NATIVE, end.mode());
            assertEquals(0, pair.here(() -> load.generate(pair.index(), 20_000)));
            assertEquals(20_000, load.generated());
            assertEquals(expectedPort == 80 ? 20_000 : 0, load.received());
            assertEquals(expectedPort == 80 ? 0 : 20_000, load.others());
        }
    }

    @Test
    void aRunEndsWhenItIsToldTo() throws InterruptedException {
        try (VethPair pair = new VethPair(); LoadProgram load = LoadProgram.load(settings(60, 10_000, 80));
             DirectorProgram.Attachment end = pair.there(() -> load.count(Libc.interfaceIndex("v1"), "v1"))) {
            assertEquals(AttachMode.NATIVE, end.mode());
            final Thread sender = new Thread(() -> pair.here(() -> load.generate(pair.index(), 1 << 26)));
            sender.start();
            while (load.received() == 0) {
                Thread.onSpinWait();
            }
            load.stop();
            assertTrue(sender.join(Duration.ofSeconds(60)), "it goes on");
            assertTrue(load.generated() < 1 << 26, "all were sent");
            load.allow();
            final long before = load.generated();
            assertEquals(0, pair.here(() -> load.generate(pair.index(), 64)));
            assertEquals(before + 64, load.generated());
        }
    }

    @Test
    void arrivalsTellTheTimeSinceThePacketWasDue() {
        final LoadSettings settings = new LoadSettings(VethPair.THERE_MAC, VethPair.HERE_MAC, VIP, 80, 60, 1,
            FIRST_CLIENT, LoadSettings.End.udp(VIP, 80), 4);
        try (VethPair pair = new VethPair(); LoadProgram load = LoadProgram.load(settings);
             DirectorProgram.Attachment end = pair.there(() -> load.arrive(Libc.interfaceIndex("v1"), "v1"));
             PacketSocket wire = pair.here(() -> PacketSocket.open("v0", 0x800, true))) {
            assertEquals(AttachMode.NATIVE, end.mode());
            final byte[] frame = load.next();
            final ByteBuffer fields = ByteBuffer.wrap(frame).order(ByteOrder.nativeOrder());
            fields.putInt(42, 2).putLong(46, 0); // due at the start of the machine's clock
            wire.send(frame);
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (load.received() == 0 && System.nanoTime() < deadlineNs) {
                Thread.onSpinWait();
            }
            final long[] arrivals = load.takeArrivals();
            assertTrue(arrivals[2] > 0 && arrivals[2] <= System.nanoTime(), Arrays.toString(arrivals));
            assertEquals(0, arrivals[0] + arrivals[1] + arrivals[3]);
            assertEquals(0, Arrays.stream(load.takeArrivals()).sum(), "taken once");
        }
    }
}
