package io.ringmaster.cli;

import io.ringmaster.service.Sysctl;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stands in lists of commands; the command itself goes to the director unparsed (see {@link Main}). */
@Command(name = "sysctl", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = {"Show and change the settings of the running director. They have the names, defaults and meaning of "
        + "the kernel's net.ipv4.vs.*, and count from the next packet on; a director that is started again has the "
        + "defaults, unless run --state or --config gives it others. Several are changed at once, or none.",
        "ringmaster sysctl -a --long tells what each of them does, and which have no effect here."},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster sysctl net.ipv4.vs.expire_nodest_conn=1 net.ipv4.vs.conn_reuse_mode=2",
        "  ringmaster sysctl --long drop_packet am_droprate", "",
        "Exit codes: 0 done; 1 no such setting or value, nothing was changed; 2 wrong words, or no director."})
final class SysctlCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME[=VALUE]", arity = "0..*", completionCandidates = Names.class,
        description = "A setting to be shown or changed, with or without net.ipv4.vs. before it.")
    private List<String> settings;

    @Option(names = {"-a", "--all"}, description = "All settings.")
    private boolean all;

    @Option(names = {"-w", "--write"}, description = "As without it: for those used to sysctl -w.")
    private boolean write;

    @Option(names = "--long", description = "What they do, too, and what values they take.")
    private boolean longForm;

    @Option(names = "--json", description = "All of it, for programs.")
    private boolean json;

    @Override
    public Integer call() {
        throw new IllegalStateException("ringmaster sysctl is answered by a running director.");
    }

    /** All names, for completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(Arrays.stream(Sysctl.values()).map(Sysctl::fullName).toList());
        }
    }
}
