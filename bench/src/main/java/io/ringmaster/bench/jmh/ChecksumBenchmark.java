package io.ringmaster.bench.jmh;

import io.ringmaster.packet.Checksum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Checksums of packets in the cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ChecksumBenchmark {
    private static final int HEADER_BYTES = 20;
    private static final int PACKET_BYTES = 1480;

    private final MemorySegment memory = Arena.global().allocate(PACKET_BYTES, 64);
    private int address = 0x0a010064;

    /** Over an IPv4 header without options: what each packet's parse does. */
    @Benchmark
    public int ipv4Header() {
        return Checksum.ofIpv4Header(memory, 0, HEADER_BYTES);
    }

    /** Over a packet of full size: what only checks of ICMP do. */
    @Benchmark
    public int fullPacket() {
        return Checksum.of(memory, 0, PACKET_BYTES);
    }

    /** An address and a port replaced (RFC 1624), twice: what masquerading does. */
    @Benchmark
    public int masquerading() {
        final int network = Checksum.update32(address & 0xffff, address, address + 1);
        return network ^ Checksum.update16(Checksum.update32(network, address, ++address), address & 0xffff, 8080);
    }
}
