package io.ringmaster.netlink;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The kernel's messages of messages.txt, by name. */
final class CapturedMessages {
    private static final Map<String, byte[]> ALL = load();

    private CapturedMessages() {
    }

    static Map<String, byte[]> all() {
        return ALL;
    }

    static byte[] bytes(final String name) {
        return ALL.get(name).clone();
    }

    /** In native memory of exactly its size, so that reading one byte too far throws. */
    static MemorySegment inMemory(final byte[] bytes) {
        return Arena.ofAuto().allocate(Math.max(bytes.length, 1), 8).asSlice(0, bytes.length)
            .copyFrom(MemorySegment.ofArray(bytes));
    }

    private static Map<String, byte[]> load() {
        final Map<String, byte[]> all = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
            CapturedMessages.class.getResourceAsStream("messages.txt"), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                final int space = line.indexOf(' ');
                all.put(line.substring(0, space), HexFormat.of().parseHex(line.substring(space + 1)));
            });
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}
