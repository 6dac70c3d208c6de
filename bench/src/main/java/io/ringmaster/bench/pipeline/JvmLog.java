package io.ringmaster.bench.pipeline;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bench.report.Cleanup;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The JVM's own log of safepoints and collections ({@code -Xlog:safepoint,gc}), turned on while the JVM runs and
 * written to a file, with times of the clock that System.nanoTime reads. Any thread.
 */
final class JvmLog implements AutoCloseable {
    private static final Pattern SAFEPOINT =
        Pattern.compile("\\[([0-9]+)ns\\].*Safepoint \"([^\"]+)\".*Total: +([0-9]+) ns.*");
    // A pause of which safepoints took less is something else's.
    private static final double EXPLAINED = 0.1;

    private final Path folder;
    private final Path file;

    /** A time during which no Java thread ran. */
    record Safepoint(String operation, long startNs, long endNs) {
        long sharedNs(final long fromNs, final long toNs) {
            return Math.max(0, Math.min(toNs, endNs) - Math.max(fromNs, startNs));
        }
    }

    JvmLog() {
        try {
            folder = Cleanup.folder();
            file = folder.resolve("jvm.log");
            command("output=" + file, "what=safepoint,gc", "decorators=timenanos,level,tags");
        } catch (final IOException e) {
            throw new BenchException("The JVM's log could not be written: " + e.getMessage() + ".", e);
        }
    }

    private static void command(final String... arguments) {
        try {
            ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmLog", new Object[] {arguments},
                new String[] {String[].class.getName()});
        } catch (final JMException e) {
            throw new BenchException("This JVM cannot log its safepoints: " + e.getMessage() + ".", e);
        }
    }

    /** All safepoints up to now. */
    List<Safepoint> safepoints() {
        try {
            return parse(Files.readAllLines(file));
        } catch (final IOException e) {
            throw new BenchException("The JVM's log could not be read: " + e.getMessage() + ".", e);
        }
    }

    static List<Safepoint> parse(final List<String> lines) {
        final List<Safepoint> found = new ArrayList<>();
        for (final String line : lines) {
            final Matcher matcher = SAFEPOINT.matcher(line);
            if (matcher.matches()) {
                final long endNs = Long.parseLong(matcher.group(1));
                found.add(new Safepoint(matcher.group(2), endNs - Long.parseLong(matcher.group(3)), endNs));
            }
        }
        return found;
    }

    /** Whether safepoints took a part of a pause that is worth the name. */
    static boolean explains(final List<Safepoint> safepoints, final TailSide.Pause pause) {
        final long sharedNs = safepoints.stream()
            .mapToLong(each -> each.sharedNs(pause.startNs(), pause.startNs() + pause.timeNs())).sum();
        return sharedNs > EXPLAINED * pause.timeNs();
    }

    @Override
    public void close() {
        command("disable");
        // Disabled with all other logs, so that standard output has its warnings again.
        command("output=stdout", "what=all=warning");
        Cleanup.remove(folder);
    }
}
