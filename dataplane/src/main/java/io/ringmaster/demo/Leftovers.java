package io.ringmaster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Network namespaces of runs that ended without tidying up (kill -9): their names tell the process that made them.
 */
public final class Leftovers {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Pattern NAME = Pattern.compile("ringmaster-(\\d+)-\\d+-[a-z0-9]+");

    private Leftovers() {
    }

    /** The beginning of the names of one network of this process. */
    static String prefix(final int number) {
        return "ringmaster-" + ProcessHandle.current().pid() + "-" + number + "-";
    }

    /** Removes every namespace whose maker is dead, with what still runs inside. */
    public static void remove() {
        for (final String name : dead()) {
            removeNamespace(name);
        }
    }

    /** Removes one namespace if it is there; ends the processes inside, which were started by its maker. */
    public static void removeNamespace(final String name) {
        if (!Files.exists(NAMESPACES.resolve(name))) {
            return;
        }
        final Commands.Outcome pids = Commands.outcome(List.of("ip", "netns", "pids", name), "");
        if (pids.exitCode() == 0) {
            pids.output().lines().map(String::strip).filter(s -> s.matches("\\d+")).map(Long::parseLong)
                .filter(pid -> pid != ProcessHandle.current().pid()).map(ProcessHandle::of)
                .flatMap(Optional::stream).forEach(ProcessHandle::destroyForcibly);
        }
        // Another run may have been quicker with a dead one's name: not being there is what we want.
        Commands.outcome(List.of("ip", "netns", "delete", name), "");
    }

    private static List<String> dead() {
        if (!Files.isDirectory(NAMESPACES)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(NAMESPACES)) {
            return names.map(p -> p.getFileName().toString()).filter(Leftovers::isDead).toList();
        } catch (final IOException e) {
            throw new DemoException("Could not list " + NAMESPACES + ": " + e.getMessage() + ".", e);
        }
    }

    private static boolean isDead(final String name) {
        final Matcher matcher = NAME.matcher(name);
        return matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
    }
}
