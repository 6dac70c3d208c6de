package io.ringmaster.sip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;

/**
 * SIP's messages by jazzer, in memory that ends with them: as {@code io.ringmaster.packet.ReadersFuzzTest}, where it
 * stands how to look for more.
 */
@Tag("fuzz")
class CallIdFuzzTest {
    private static final int MOST_BYTES = 3_800;

    /** What stands behind a UDP header. */
    @FuzzTest(maxDuration = "1m")
    void messages(final byte[] message) {
        if (message.length > MOST_BYTES) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate(Math.max(1, message.length));
            MemorySegment.copy(message, 0, memory, ValueLayout.JAVA_BYTE, 0, message.length);
            final long found = CallId.find(memory, 0, message.length);
            if (found != CallId.NONE) {
                assertTrue(CallId.offset(found) >= 0 && CallId.lengthBytes(found) > 0
                    && CallId.lengthBytes(found) <= CallId.LONGEST_BYTES
                    && CallId.offset(found) + CallId.lengthBytes(found) <= message.length, "Call-ID of "
                    + CallId.lengthBytes(found) + " bytes at " + CallId.offset(found) + " of " + message.length);
            }
        }
    }
}
