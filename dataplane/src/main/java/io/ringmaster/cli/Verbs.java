package io.ringmaster.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * The one list of verbs, in the order of the help: completion, the manual, did-you-mean and the tests of bad input are
 * made from it. Loading it loads none of the verbs.
 */
enum Verbs {
    RUN("run", By.PROGRAM),
    IPVSADM("ipvsadm", By.WORDS),
    SYSCTL("sysctl", By.WORDS),
    MARK("mark", By.WORDS),
    DROPS("drops", By.DIRECTOR),
    TABLE("table", By.WORDS),
    DEMO("demo", By.PROGRAM),
    DECAP("decap", By.PROGRAM),
    BENCH("bench", By.PROGRAM),
    VERSION("version", By.PROGRAM),
    COMPLETION("generate-completion", By.PROGRAM),
    HELP("help", By.PROGRAM);

    /** Who does the work. */
    enum By {
        /** The program that the shell starts. */
        PROGRAM,
        /** A running director, in a {@link io.ringmaster.verb.Verb}. */
        DIRECTOR,
        /** A running director, which reads the words by itself: the command here is for help and completion. */
        WORDS
    }

    private final String word;
    private final By by;

    Verbs(final String word, final By by) {
        this.word = word;
        this.by = by;
    }

    /** What it is called on the command line. */
    String word() {
        return word;
    }

    /** Who does the work. */
    By by() {
        return by;
    }

    /** The verb of a name. */
    static Optional<Verbs> of(final String word) {
        for (final Verbs verb : values()) {
            if (verb.word.equals(word)) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }

    /**
     * A new picocli command of it.
     *
     * @param programs what those start that the program does by itself; may be null for others.
     * @param socket   of --socket before the verb, or null.
     */
    Object command(final Programs programs, final Path socket) {
        return switch (this) {
            case RUN -> new RunCommand(programs, socket);
            case IPVSADM -> new IpvsadmCommand();
            case SYSCTL -> new SysctlCommand();
            case MARK -> new MarkCommand();
            case DROPS -> new DropsCommand();
            case TABLE -> new TableCommand();
            case DEMO -> new DemoCommand(programs);
            case DECAP -> new DecapCommand(programs);
            case BENCH -> new BenchCommand();
            case VERSION -> new VersionCommand();
            case COMPLETION -> new AutoComplete.GenerateCompletion();
            case HELP -> new CommandLine.HelpCommand();
        };
    }
}
