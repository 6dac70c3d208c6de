package io.ringmaster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ringmaster version}. */
@Command(name = "version", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Print the version of ringmaster, of Java and of the kernel.",
    footerHeading = "%nExamples:%n", footer = {"  ringmaster version", "  ringmaster --version", "",
        "Exit codes: 0 done; 2 wrong words."})
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().printf("ringmaster %s%njava %s (%s)%nkernel %s %s%n",
            version(), Runtime.version(), System.getProperty("java.vendor"), System.getProperty("os.version"),
            System.getProperty("os.arch"));
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** What --version prints. */
    static final class OfJar implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ringmaster " + version()};
        }
    }

    /** The version that the jar was built as. */
    static String version() {
        final String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }
}
