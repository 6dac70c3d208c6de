package io.ringmaster.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ringmaster demo}. */
@Command(name = "demo", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Show the main job: clients, a director and three real servers in network namespaces of their own, "
        + "balanced by NAT, direct routing and tunneling. Needs root; everything is removed at the end.",
    footerHeading = "%nExamples:%n", footer = {"  ringmaster demo", "  ringmaster demo --method tun --keep", "",
        "Exit codes: 0 all requests were answered; 1 something failed, as the sentence says; 2 wrong words."})
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--method", paramLabel = "nat|dr|tun", description = "Show only one forwarding method.")
    private Method method;

    @Option(names = "--keep", description = "Leave everything up and tell how to look at it.")
    private boolean keep;

    private final Programs programs;

    DemoCommand(final Programs programs) {
        this.programs = programs;
    }

    @Override
    public Integer call() {
        return programs.demo(new Programs.DemoSettings(
            method == null ? "all" : method.toString(), keep));
    }

    /** Forwarding methods by their short names. */
    enum Method {
        NAT, DR, TUN;

        /** As it is written, and completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
