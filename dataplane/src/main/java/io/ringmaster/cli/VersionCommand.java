package io.ringmaster.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ringmaster version}. */
@Command(name = "version", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Print the version of ringmaster, of Java and of the kernel.",
    footerHeading = "%nExamples:%n", footer = {"  ringmaster version", "  ringmaster version --json", "",
        "Exit codes: 0 done; 2 wrong words."})
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "For programs: JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (json) {
            spec.commandLine().getOut().println(asJson());
            spec.commandLine().getOut().flush();
            return 0;
        }
        spec.commandLine().getOut().printf("ringmaster %s%njava %s (%s)%nkernel %s %s%n",
            version(), Runtime.version(), System.getProperty("java.vendor"), System.getProperty("os.version"),
            System.getProperty("os.arch"));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static String asJson() throws IOException {
        final StringWriter text = new StringWriter();
        try (JsonGenerator object = new JsonFactory().createGenerator(text)) {
            object.writeStartObject();
            object.writeStringField("ringmaster", version());
            object.writeStringField("java", Runtime.version().toString());
            object.writeStringField("kernel", System.getProperty("os.version"));
            object.writeStringField("architecture", System.getProperty("os.arch"));
            object.writeEndObject();
        }
        return text.toString();
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
