package io.ringmaster.transmit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.FixtureFile;
import io.ringmaster.packet.IcmpQuote;
import io.ringmaster.packet.Packet;
import io.ringmaster.packet.PacketParser;
import io.ringmaster.packet.ParseResult;
import io.ringmaster.service.IcmpLimits;
import io.ringmaster.service.RealServerView;
import io.ringmaster.service.Translation;
import io.ringmaster.service.TunnelView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parser and transforms leave no garbage, counted by the JVM over a million packets. */
class NoAllocationTest {
    private static final int HEADROOM_BYTES = 256;
    private static final int CHUNK_BYTES = 2_048;
    private static final int WARM_UP = 200_000;
    private static final int PACKETS = 1_000_000;
    /** The measurement's own and the compiler's leftovers; one object of 16 bytes a packet would be 16 million. */
    private static final long NOISE_BYTES = 100_000;
    private static final int ADDRESS = 0x0a02_000b;
    private static final Translation TRANSLATION = new Translation(ADDRESS, 80, ADDRESS + 1, 8080);
    private static final RealServerView[] TUNNELS = {
        TunnelServers.ipip(ADDRESS, ADDRESS),
        TunnelServers.of(TunnelView.Type.GUE, 6080, true, ADDRESS, ADDRESS),
        TunnelServers.of(TunnelView.Type.GRE, 0, true, ADDRESS, ADDRESS),
    };
    private final IcmpQuote quote = new IcmpQuote();
    private final IcmpRateLimiter limiter = new IcmpRateLimiter(IcmpLimits.LINUX, 7);
    private int done;

    @Test
    void aMillionPackets() {
        final List<MemorySegment> frames = FixtureFile.read("icmp-nat").exchanges().stream()
            .map(e -> MemorySegment.ofArray(e.in())).toList();
        try (Arena arena = Arena.ofConfined()) {
            final Packet packet = new Packet(arena.allocate(CHUNK_BYTES));
            run(packet, frames.toArray(MemorySegment[]::new), WARM_UP);
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final MemorySegment[] all = frames.toArray(MemorySegment[]::new);
            final long before = threads.getCurrentThreadAllocatedBytes();
            run(packet, all, PACKETS);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < NOISE_BYTES, () -> allocated + " bytes for " + PACKETS + " packets");
            assertTrue(done > PACKETS, () -> "transforms really ran: " + done);
        }
    }

    private void run(final Packet packet, final MemorySegment[] frames, final int packets) {
        for (int i = 0; i < packets; i++) {
            final MemorySegment frame = frames[i % frames.length];
            final int length = (int) frame.byteSize();
            MemorySegment.copy(frame, ValueLayout.JAVA_BYTE, 0, packet.memory(), ValueLayout.JAVA_BYTE, HEADROOM_BYTES,
                length);
            packet.wrap(HEADROOM_BYTES, length, 0);
            if (PacketParser.parse(packet) == ParseResult.OK && !TimeToLive.expires(packet)) {
                transform(packet, i);
                EthernetRewrite.address(packet, i, i);
            }
        }
    }

    private void transform(final Packet packet, final int i) {
        done++;
        if (packet.protocol() == 1) {
            if (quote.parse(packet) == ParseResult.OK && IcmpRelay.checksumHolds(packet)) {
                IcmpRelay.toClient(packet, quote, 0, Addresses.ipv4Low(ADDRESS), 80);
                done++;
            }
            return;
        }
        switch (i % 4) {
            case 0 -> Masquerading.toRealServer(packet, TRANSLATION);
            case 1 -> Masquerading.toClient(packet, TRANSLATION);
            case 2 -> Tunneling.encapsulate(packet, TUNNELS[i / 4 % TUNNELS.length], i);
            default -> done += limiter.allow(3, 3, i, i)
                && IcmpErrors.portUnreachable(packet, 0, Addresses.ipv4Low(ADDRESS), i) ? 1 : 0;
        }
    }
}
