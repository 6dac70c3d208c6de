package io.ringmaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A compile command for a method that is not there is silent: nothing tells but the speed of the packet path. */
class InliningTest {
    private static final Path COMMANDS = Path.of("..", "config", "inlining.txt");

    @Test
    void everyMethodThatTheCompilerIsToldOfIsThere() throws IOException {
        final List<String> missing = new ArrayList<>();
        int told = 0;
        for (final String line : Files.readAllLines(COMMANDS)) {
            if (line.startsWith("inline ") || line.startsWith("dontinline ")) {
                final String[] method = line.substring(line.indexOf(' ') + 1).split("::");
                if (!isThere(method[0], method[1])) {
                    missing.add(line);
                }
                told++;
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(told > 0, "nothing in " + COMMANDS);
    }

    private static boolean isThere(final String type, final String method) {
        try {
            final Class<?> found = Class.forName(type, false, InliningTest.class.getClassLoader());
            return method.equals("*")
                || Stream.of(found.getDeclaredMethods()).anyMatch(declared -> declared.getName().equals(method));
        } catch (final ClassNotFoundException e) {
            return false;
        }
    }
}
