package io.ringmaster.cli;

import io.ringmaster.config.Changes;
import io.ringmaster.config.State;
import io.ringmaster.config.StateWriter;
import io.ringmaster.control.Events;
import io.ringmaster.control.RefusedException;
import io.ringmaster.verb.Call;
import io.ringmaster.verb.DirectorParts;
import io.ringmaster.verb.ExitCode;
import io.ringmaster.verb.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringmaster config}: the whole state of a director as a file. */
@Command(name = "config", mixinStandardHelpOptions = true, versionProvider = VersionCommand.OfJar.class,
    description = {"The whole state of the running director as one file: services, real servers, marks, settings and "
        + "time-outs, and the interfaces and options that it was started with, in YAML (docs/config.md has every key). "
        + "What a file does not name has its default.",
        "Rules of ipvsadm -S are taken as well; of marks, settings and time-outs they change nothing."},
    synopsisSubcommandLabel = "COMMAND", subcommands = {ConfigCommand.Show.class, ConfigCommand.Check.class,
        ConfigCommand.Diff.class, ConfigCommand.Apply.class, ConfigCommand.Reload.class},
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster config show >director.yaml", "  ringmaster config apply director.yaml", "",
        "Exit codes: 0 done; 1 refused, as the sentence says, and nothing was changed; 2 wrong words, no such file, or "
            + "no director; 3 not permitted. Those of diff are told by its own help."})
final class ConfigCommand implements Runnable {
    private static final String FILE_MEANING = "A file in YAML, or rules of ipvsadm -S; - for standard input.";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    private static State read(final Call call, final String file) throws IOException {
        return ConfigText.read(ConfigText.all(call.stdin(), file), file);
    }

    private static Changes between(final DirectorParts parts, final State wanted, final String file) {
        StartOptions.requireSame(wanted, parts.startup(), file);
        return Changes.between(State.of(parts.table()), wanted);
    }

    private static void tell(final DirectorParts parts, final Call call, final Changes changes, final String file) {
        parts.table().access().events().tell(Events.Kind.CONFIG, call.caller() + " applied " + file + ": "
            + changes.count() + (changes.count() == 1 ? " change." : " changes."), call.caller());
    }

    private static void print(final Call call, final Changes changes, final boolean json, final String file)
        throws IOException {
        if (!json && !changes.isEmpty()) {
            call.print("--- running\n+++ " + file + "\n");
        }
        for (final String line : changes.lines()) {
            if (json) {
                call.json(object -> {
                    object.writeStringField("change", line.startsWith("-") ? "remove" : "add");
                    object.writeStringField("what", line.substring(1));
                });
            } else {
                call.println(line);
            }
        }
    }

    /** {@code config show}. */
    @Command(name = "show", description = "Print what the director has as a file that apply takes back.",
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster config show >director.yaml", "  ringmaster config show --no-run --json", "",
            "Exit codes: 0 done; 2 wrong words, or no director."})
    static final class Show extends Verb {
        @Option(names = "--no-run", description = "Leave out interfaces and options of run, for another director.")
        private boolean noRun;

        @Override
        public int run(final Call call) throws IOException {
            final String text = call.ask(parts -> noRun ? StateWriter.write(State.of(parts.table()))
                : StateWriter.write(State.of(parts.table()), parts.startup().inForce()));
            if (json()) {
                call.json(object -> object.writeStringField("config", text));
            } else {
                call.print(text);
            }
            return ExitCode.DONE;
        }
    }

    /** {@code config check}. */
    @Command(name = "check", description = "Say whether a file is right; the director is not looked at, and need not "
        + "run.",
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster config check director.yaml", "  ringmaster config check --json director.yaml", "",
            "Exit codes: 0 it is right; 1 it is not, as the sentence says with line and column; 2 wrong words, or no "
                + "such file."})
    static final class Check extends Verb {
        @Parameters(paramLabel = "FILE", description = FILE_MEANING)
        private String file;

        @Override
        public int run(final Call call) throws IOException {
            final String account = ConfigText.account(read(call, file));
            if (json()) {
                call.json(object -> object.writeStringField("right", account));
            } else {
                call.println(file + " is right: " + account + ".");
            }
            return ExitCode.DONE;
        }

        /** The same without a director; the exit code. */
        static int alone(final String file, final InputStream in, final PrintStream out, final PrintStream err)
            throws IOException {
            try {
                final State state = ConfigText.read(ConfigText.all(new InputStreamReader(in,
                    StandardCharsets.UTF_8), file), file);
                out.println(file + " is right: " + ConfigText.account(state) + ".");
                return ExitCode.DONE;
            } catch (final RefusedException e) {
                err.println(e.getMessage());
                return ExitCode.REFUSED;
            }
        }
    }

    /** {@code config diff}. */
    @Command(name = "diff", description = "Print what apply would change, like a patch: - what goes, + what comes.",
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster config diff director.yaml", "  ringmaster config diff --json director.yaml", "",
            "Exit codes, as those of diff: 0 nothing would change; 1 something would; 2 wrong words, a wrong file, or "
                + "no director."})
    static final class Diff extends Verb {
        @Parameters(paramLabel = "FILE", description = FILE_MEANING)
        private String file;

        @Override
        public int run(final Call call) throws IOException {
            try {
                final State wanted = read(call, file);
                final Changes changes = call.ask(parts -> between(parts, wanted, file));
                print(call, changes, json(), file);
                return changes.isEmpty() ? 0 : 1;
            } catch (final RefusedException e) {
                call.warn(e.getMessage());
                return ExitCode.USAGE;
            }
        }
    }

    /** {@code config apply}. */
    @Command(name = "apply", description = {"Make the director be as a file says, by the fewest changes, all of them "
        + "at once for all workers, or none. What stays keeps its connections and counters; nothing is deleted and "
        + "added again."},
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster config apply director.yaml", "  ringmaster config apply --dry-run director.yaml", "",
            "Exit codes: 0 done; 1 refused, as the sentence says, and nothing was changed; 2 wrong words, no such "
                + "file, or no director; 3 not permitted."})
    static final class Apply extends Verb {
        @Parameters(paramLabel = "FILE", description = FILE_MEANING)
        private String file;

        @Option(names = "--dry-run", description = "Print what would be changed, and change nothing.")
        private boolean dryRun;

        @Override
        public int run(final Call call) throws IOException {
            final State wanted = read(call, file);
            Changes changes = call.ask(parts -> between(parts, wanted, file));
            if (!dryRun && !changes.isEmpty()) {
                changes = call.change(parts -> {
                    final Changes now = Changes.between(State.of(parts.table()), wanted);
                    now.apply(parts.table());
                    tell(parts, call, now, file);
                    return now;
                });
            }
            print(call, changes, json(), file);
            return ExitCode.DONE;
        }
    }

    /** {@code config reload}. */
    @Command(name = "reload", description = "Apply the file of run --config again, as SIGHUP does.",
        footerHeading = "%nExamples:%n",
        footer = {"  ringmaster config reload", "  ringmaster config reload --json", "",
            "Exit codes: 0 done; 1 refused, as the sentence says, and nothing was changed; 2 wrong words, or no "
                + "director; 3 not permitted."})
    static final class Reload extends Verb {
        @Override
        public int run(final Call call) throws IOException {
            // What stands in the file is the business of those only who may change something.
            final Path file = call.change(parts -> parts.startup().config().orElseThrow(() -> new RefusedException(
                "The director was started without --config; use: ringmaster config apply FILE")));
            final State wanted = ConfigReload.read(file);
            final Changes changes = call.change(parts -> {
                final Changes now = between(parts, wanted, file.toString());
                now.apply(parts.table());
                tell(parts, call, now, file.toString());
                return now;
            });
            print(call, changes, json(), file.toString());
            return ExitCode.DONE;
        }
    }
}
