package io.ringmaster.cli;

import io.ringmaster.bpf.DecapProgram;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringmaster decap}. */
@Command(name = "decap", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "On a real server of a tunneling service: strip IPIP, GRE and GUE from packets as they arrive, for "
        + "machines without the kernel's tunnel modules. Runs until it is ended.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster decap --interface eth0",
        "  ringmaster decap --interface eth0 --gue-port 5555",
        "  ringmaster decap --print-object decap.o", "",
        "The object is for real servers without Java: ip link set dev eth0 xdp obj decap.o", "",
        "Exit codes: 0 done; 1 refused, as the sentence says; 2 wrong words; 130 or 143 ended by Ctrl-C or SIGTERM."})
final class DecapCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-i", "--interface"}, paramLabel = "IF",
        description = "The interface that tunneled packets arrive on.")
    private String interfaceName;

    @Option(names = "--print-object", paramLabel = "FILE",
        description = "Instead, write the program's object file and end.")
    private Path object;

    @Option(names = "--gue-port", paramLabel = "PORT", defaultValue = "" + DecapProgram.GUE_PORT,
        description = "The UDP port that GUE packets come to: --tun-port of the director's rules. Default: "
            + "${DEFAULT-VALUE}.")
    private int guePort;

    private final Programs programs;

    DecapCommand(final Programs programs) {
        this.programs = programs;
    }

    @Override
    public Integer call() {
        refuseUnless(interfaceName != null || object != null, "decap needs --interface IF or --print-object FILE.");
        refuseUnless(interfaceName == null || object == null, "--interface and --print-object exclude each other.");
        refuseUnless(object == null || !spec.commandLine().getParseResult().hasMatchedOption("--gue-port"),
            "--gue-port goes with --interface: the object file is for port " + DecapProgram.GUE_PORT + ".");
        refuseUnless(guePort >= 1 && guePort <= MAX_PORT, "--gue-port " + guePort + " is no UDP port: 1 to 65535.");
        return interfaceName != null ? programs.decap(interfaceName, guePort) : programs.printDecapObject(object);
    }

    private void refuseUnless(final boolean right, final String sentence) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), sentence);
        }
    }
}
