package io.ringmaster.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks the C compiler of this machine what expressions over the kernel's headers are worth. */
public final class CProgram {
    private CProgram() {
    }

    /** Values of the expressions by their text; those behind an unknown macro are left out. */
    public static Map<String, Long> evaluate(final List<String> headers, final Iterable<String> expressions)
        throws IOException, InterruptedException {
        final StringBuilder source = new StringBuilder("#define _GNU_SOURCE\n");
        source.append("#include <stdio.h>\n#include <stddef.h>\n");
        headers.forEach(header -> source.append("#include <").append(header).append(">\n"));
        source.append("int main(void) {\n");
        for (final String expression : expressions) {
            final boolean macro = expression.matches("[A-Z0-9_]+");
            source.append(macro ? "#ifdef " + expression + "\n" : "")
                .append("printf(\"%lld %s\\n\", (long long) (").append(expression).append("), \"")
                .append(expression).append("\");\n")
                .append(macro ? "#endif\n" : "");
        }
        source.append("return 0; }\n");
        final Path directory = Files.createTempDirectory("ringmaster-headers");
        try {
            final Path program = directory.resolve("program");
            Files.writeString(directory.resolve("program.c"), source);
            run(List.of("cc", "-o", program.toString(), program + ".c"));
            final Map<String, Long> values = new LinkedHashMap<>();
            for (final String line : run(List.of(program.toString())).split("\n")) {
                final int space = line.indexOf(' ');
                values.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
            }
            return values;
        } finally {
            for (final String name : List.of("program", "program.c")) {
                Files.deleteIfExists(directory.resolve(name));
            }
            Files.delete(directory);
        }
    }

    /** Skips the test where there is no compiler, unless CI=true. */
    public static void requireCompiler() {
        boolean there = true;
        try {
            run(List.of("cc", "--version"));
        } catch (final IOException e) {
            there = false;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        TestNamespace.requireHere(there, "no C compiler (cc) to ask for the kernel's structs");
    }

    /** What differs between expected values and the headers, one line each; empty if nothing does. */
    public static String differences(final Map<String, Long> expected, final Map<String, Long> real) {
        return expected.entrySet().stream()
            .filter(entry -> real.containsKey(entry.getKey()) && !entry.getValue().equals(real.get(entry.getKey())))
            .map(entry -> entry.getKey() + ": here " + entry.getValue() + ", kernel " + real.get(entry.getKey()))
            .collect(Collectors.joining("\n"));
    }

    private static String run(final List<String> command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
