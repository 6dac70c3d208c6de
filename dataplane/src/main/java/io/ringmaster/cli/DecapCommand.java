package io.ringmaster.cli;

import io.ringmaster.bpf.DecapProgram;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
        "The object is for real servers without Java: ip link set dev eth0 xdp obj decap.o"})
final class DecapCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private What what;

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
        if (guePort < 1 || guePort > MAX_PORT) {
            throw new ParameterException(spec.commandLine(), "--gue-port " + guePort + " is no UDP port: 1 to 65535.");
        }
        return what.interfaceName != null ? programs.decap(what.interfaceName, guePort)
            : programs.printDecapObject(what.file);
    }

    /** One of the two things to do. */
    static final class What {
        @Option(names = {"-i", "--interface"}, required = true, paramLabel = "IF",
            description = "The interface that tunneled packets arrive on.")
        private String interfaceName;

        @Option(names = "--print-object", required = true, paramLabel = "FILE",
            description = "Write the program's object file and end.")
        private Path file;
    }
}
