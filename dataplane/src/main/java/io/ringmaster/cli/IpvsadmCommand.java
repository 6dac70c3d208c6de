package io.ringmaster.cli;

import io.ringmaster.cli.ipvsadm.Ipvsadm;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stands in lists of commands; the command itself goes to the director unparsed (see {@link Main}). */
@Command(name = "ipvsadm", description = "Change and list virtual services, exactly as ipvsadm does.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster ipvsadm -Ln --stats", "  ringmaster ipvsadm -R < rules", "",
        "Everything else: ringmaster ipvsadm --help, and ipvsadm(8).", "",
        "Exit codes, as those of ipvsadm: 0 done; 1 a listing of what is not there; 2 a command that makes no sense, "
            + "or no director; 255 one that cannot be read or is refused; and 3 not permitted, 4 a director of another "
            + "version."})
final class IpvsadmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(Ipvsadm.help());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
