package io.ringmaster.appliance;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/** Programs that are run to the end; what they print is for the error, should they fail. */
final class Tools {
    private Tools() {
    }

    /** A tool of this JDK, like jlink; what it printed. */
    static String jdk(final String name, final String... args) {
        final StringWriter printed = new StringWriter();
        final ToolProvider tool = ToolProvider.findFirst(name).orElseThrow(() -> new IllegalStateException(
            "The Java that runs this (" + System.getProperty("java.home") + ") has no " + name + "; take a JDK."));
        final int exit;
        try (PrintWriter writer = new PrintWriter(printed)) {
            exit = tool.run(writer, writer, args);
        }
        refuseUnlessZero(exit, name + " " + String.join(" ", args), printed.toString());
        return printed.toString();
    }

    /** A program with some variables; what it printed on standard output. */
    static String program(final Map<String, String> environment, final List<String> command) {
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            final Process process = builder.start();
            process.getOutputStream().close();
            final String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            refuseUnlessZero(process.waitFor(), String.join(" ", command), printed);
            return printed;
        } catch (final IOException e) {
            throw new IllegalStateException(command.getFirst() + " cannot be run (" + e.getMessage() + ").", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("This was interrupted while it ran " + command.getFirst() + ".", e);
        }
    }

    /** As above without variables. */
    static String program(final String... command) {
        return program(Map.of(), new ArrayList<>(List.of(command)));
    }

    private static void refuseUnlessZero(final int exit, final String command, final String printed) {
        if (exit != 0) {
            throw new IllegalStateException("\"" + command + "\" failed with " + exit + ":\n" + printed);
        }
    }
}
