package io.ringmaster.application;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;

/**
 * FTP's lines by jazzer, in memory that ends with them: as {@code io.ringmaster.packet.ReadersFuzzTest}, where it
 * stands how to look for more.
 */
@Tag("fuzz")
class FtpReaderFuzzTest {
    private static final int MOST_BYTES = 3_800;

    /** A segment's data, read as a client's and as a server's, of both families. */
    @FuzzTest(maxDuration = "1m")
    void segments(final byte[] data) {
        if (data.length > MOST_BYTES) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(Math.max(1, data.length));
            MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_BYTE, 0, data.length);
            for (final boolean ipv6 : new boolean[] {false, true}) {
                final FtpReader reader = new FtpReader();
                if (reader.readCommand(memory, 0, data.length, ipv6) == FtpReader.Command.ACTIVE) {
                    holds(reader, data.length);
                }
                for (final boolean extended : new boolean[] {false, true}) {
                    if (reader.readReply(memory, 0, data.length, extended, ipv6)) {
                        holds(reader, data.length);
                    }
                }
            }
        }
    }

    private static void holds(final FtpReader reader, final int lengthBytes) {
        assertTrue(reader.port() >= 0 && reader.port() <= 65_535, "port " + reader.port());
        assertTrue(reader.start() >= 0 && reader.start() <= reader.end() && reader.end() <= lengthBytes,
            reader.start() + " to " + reader.end() + " of " + lengthBytes);
    }
}
