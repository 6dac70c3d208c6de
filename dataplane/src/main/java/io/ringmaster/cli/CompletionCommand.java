package io.ringmaster.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringmaster completion}. */
@Command(name = "completion", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Print a script that completes ringmaster's command lines in bash or zsh.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster completion bash >/etc/bash_completion.d/ringmaster",
        "  ringmaster completion zsh >~/.ringmaster.zsh", "", "Exit codes: 0 done; 2 wrong words."})
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "The shell that is to read it.")
    private Shell shell;

    /** Shells that can complete. */
    enum Shell {
        BASH, ZSH;

        /** As it is written, and completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One script serves both: it asks by whom it is read. A builtin of bash's that it calls is missing in zsh. */
    @Override
    public Integer call() {
        spec.commandLine().getOut().print(AutoComplete.bash("ringmaster", spec.root().commandLine()));
        if (shell == Shell.ZSH) {
            spec.commandLine().getOut().print("compopt() { return 0; }\n");
        }
        spec.commandLine().getOut().flush();
        return 0;
    }
}
