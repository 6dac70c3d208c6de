package io.ringmaster.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a figure was measured on.
 *
 * @param cpu      model name.
 * @param cores    cores that this process may use.
 * @param kernel   release of the running kernel.
 * @param jdk      version of the JVM.
 * @param flags    its options.
 * @param load     mean number of runnable threads over the last minute, of this run and of all neighbours.
 * @param memoryMb memory of the machine.
 */
public record Machine(String cpu, int cores, String kernel, String jdk, String flags, double load, long memoryMb) {
    /** This machine as it is now. */
    public static Machine look() {
        return new Machine(field("/proc/cpuinfo", "model name"), Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.version"), System.getProperty("java.vm.name") + " "
            + System.getProperty("java.vm.version"), jvmFlags(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(), memoryMb("MemTotal"));
    }

    /** Two lines for people, as every run begins. */
    public void print(final PrintStream out) {
        out.printf(Locale.ROOT, "machine:  %s, %d cores, %,d MB, load %.1f; Linux %s%n", cpu, cores, memoryMb, load,
            kernel);
        out.println("java:     " + jdk + "; " + flags);
    }

    private static String jvmFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("-X")).collect(Collectors.joining(" "));
    }

    /** Memory that can be had now without swapping, in MB. */
    public static long availableMb() {
        return memoryMb("MemAvailable");
    }

    /** The most memory that this process ever had in use at once, in bytes. */
    public static long peakBytes() {
        return statusBytes("VmHWM");
    }

    /** The memory that this process has in use now, huge pages that were set aside included, in bytes. */
    public static long residentBytes() {
        return statusBytes("VmRSS") + statusBytes("HugetlbPages");
    }

    private static long statusBytes(final String name) {
        final String kb = field("/proc/self/status", name).replaceAll("[^0-9]", "");
        return kb.isEmpty() ? 0 : Long.parseLong(kb) * 1024;
    }

    private static long memoryMb(final String name) {
        final String kb = field("/proc/meminfo", name).replaceAll("[^0-9]", "");
        return kb.isEmpty() ? Long.MAX_VALUE : Long.parseLong(kb) / 1024;
    }

    private static String field(final String file, final String name) {
        try {
            final List<String> lines = Files.readAllLines(Path.of(file));
            return lines.stream().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
        } catch (final IOException e) {
            return "unknown";
        }
    }
}
