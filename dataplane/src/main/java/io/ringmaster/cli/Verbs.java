package io.ringmaster.cli;

import io.ringmaster.cli.top.TopCommand;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * The one list of verbs, in the order of the help: completion, the manual, did-you-mean and the tests of bad input are
 * made from it. Loading it loads none of the verbs.
 */
enum Verbs {
    RUN("run", By.PROGRAM, "Run a director in the foreground."),
    IPVSADM("ipvsadm", By.WORDS, "Change and list virtual services, exactly as ipvsadm does."),
    SYSCTL("sysctl", By.DIRECTOR, "Show and change the settings of the director."),
    MARK("mark", By.DIRECTOR, "Rules that give packets a firewall mark."),
    CONFIG("config", By.DIRECTOR, "The whole state as one file: show, check, diff, apply, reload."),
    DRAIN("drain", By.DIRECTOR, "Take a real server out of service without hurting a connection."),
    UNDRAIN("undrain", By.DIRECTOR, "Give a drained real server its weight back."),
    LOOKUP("lookup", By.DIRECTOR, "Print the connections of a client."),
    EXPLAIN("explain", By.DIRECTOR, "Tell what would happen to a packet, and why, without sending it."),
    DROPS("drops", By.DIRECTOR, "Show what became of packets, and what to do."),
    TOP("top", By.DIRECTOR, "Watch services, real servers, drops and workers live."),
    CAPTURE("capture", By.DIRECTOR, "Show packets before and after the director, or write them for Wireshark."),
    EVENTS("events", By.DIRECTOR, "Print what happens to the director, as it happens."),
    TABLE("table", By.DIRECTOR, "Look into the connection table."),
    PROC("proc", By.DIRECTOR, "Print tables as the kernel shows them in /proc/net."),
    DEMO("demo", By.PROGRAM, "Show the main job in network namespaces."),
    DECAP("decap", By.PROGRAM, "On a real server: strip tunnel headers."),
    BENCH("bench", By.PROGRAM, "Measure beside C and the kernel, from a source tree."),
    VERSION("version", By.PROGRAM, "Print the versions of ringmaster, Java and the kernel."),
    COMPLETION("completion", By.PROGRAM, "Print a script that completes command lines in bash or zsh."),
    MAN("man", By.PROGRAM, "Print a page of the manual."),
    HELP("help", By.PROGRAM, "Show help about a command.");

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
    private final String summary;

    Verbs(final String word, final By by, final String summary) {
        this.word = word;
        this.by = by;
        this.summary = summary;
    }

    /** What it is called on the command line. */
    String word() {
        return word;
    }

    /** What it is for, in the list of all. */
    String summary() {
        return summary;
    }

    /** Who does the work. */
    By by() {
        return by;
    }

    /** The verb of a name, or null: lambdas would cost the client time. */
    static Verbs of(final String word) {
        for (final Verbs verb : values()) {
            if (verb.word.equals(word)) {
                return verb;
            }
        }
        return null;
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
            case CONFIG -> new ConfigCommand();
            case DRAIN -> new DrainCommand();
            case UNDRAIN -> new UndrainCommand();
            case LOOKUP -> new LookupCommand();
            case EXPLAIN -> new ExplainCommand();
            case DROPS -> new DropsCommand();
            case TOP -> new TopCommand();
            case CAPTURE -> new CaptureCommand();
            case EVENTS -> new EventsCommand();
            case TABLE -> new TableCommand();
            case PROC -> new ProcCommand();
            case DEMO -> new DemoCommand(programs);
            case DECAP -> new DecapCommand(programs);
            case BENCH -> new BenchCommand();
            case VERSION -> new VersionCommand();
            case COMPLETION -> new CompletionCommand();
            case MAN -> new ManCommand();
            case HELP -> new CommandLine.HelpCommand();
        };
    }
}
