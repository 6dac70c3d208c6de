package io.ringmaster.cli.man;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A man page of what a command's help says. */
public final class CommandPage {
    /** Section of the manual: commands of who runs the system. */
    public static final int SECTION = 8;
    private static final Pattern OPTION_OR_PLACEHOLDER =
        Pattern.compile("(?<![\\w-])(--?[A-Za-z][\\w-]*)|(?<![\\w-])([A-Z][A-Z0-9_]+|[A-Z])(?![\\w-])");
    private static final Pattern EXIT_CODE = Pattern.compile("[;,:] (?=\\d{1,3} )");
    private static final String FILE_OF_PAGE = "docs/config.md";

    private final CommandLine line;
    private final CommandSpec spec;
    private final Roff roff;

    private CommandPage(final CommandLine line, final Roff roff) {
        this.line = line;
        this.spec = line.getCommandSpec();
        this.roff = roff;
    }

    /**
     * The page.
     *
     * @param line      a command, with whatever is above and below it.
     * @param summary   half a sentence about it.
     * @param summaries of the commands below it that have pages of their own; others are told of in this one.
     * @param text      what else is to be told, as it is printed; empty for nothing.
     * @param version   of the program.
     */
    public static String of(final CommandLine line, final String summary, final Map<String, String> summaries,
                            final String text, final String version) {
        final Roff roff = new Roff(name(line), SECTION, summary, version);
        final CommandPage page = new CommandPage(line, roff);
        roff.section("Synopsis");
        page.synopsis();
        for (final CommandLine below : below(line, summaries)) {
            new CommandPage(below, roff).synopsis();
        }
        roff.section("Description");
        page.description();
        if (!text.isEmpty()) {
            roff.example(text.lines().toList());
        }
        page.arguments(true);
        page.commands(summaries);
        page.footer(true);
        for (final CommandLine below : below(line, summaries)) {
            roff.section(below.getCommandSpec().qualifiedName());
            final CommandPage part = new CommandPage(below, roff);
            part.description();
            part.arguments(false);
            part.footer(false);
        }
        page.seeAlso(summaries);
        return roff.toString();
    }

    /** What the page of a command is called. */
    public static String name(final CommandLine line) {
        return line.getCommandSpec().qualifiedName("-");
    }

    private static List<CommandLine> below(final CommandLine line, final Map<String, String> summaries) {
        return line.getSubcommands().values().stream()
            .filter(below -> !summaries.containsKey(below.getCommandName())).toList();
    }

    private void synopsis() {
        final String called = spec.qualifiedName();
        final String all = line.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
        // No word of it is hyphenated.
        roff.paragraph(Roff.bold(called) + marked(all.startsWith(called) ? all.substring(called.length()) : " " + all)
            .replace(" ", " \\%"));
    }

    private void description() {
        for (final String paragraph : spec.usageMessage().description()) {
            roff.paragraph(prose(paragraph));
        }
    }

    private void arguments(final boolean heading) {
        final List<ArgSpec> shown = new ArrayList<>(spec.positionalParameters());
        // Those that all commands have come last.
        spec.options().stream().sorted(Comparator.comparing(option -> option.usageHelp() || option.versionHelp()))
            .forEach(shown::add);
        shown.removeIf(ArgSpec::hidden);
        if (heading && !shown.isEmpty()) {
            roff.section("Options");
        }
        for (final ArgSpec argument : shown) {
            roff.item(term(argument), prose(String.join(" ", argument.description())));
        }
    }

    private String term(final ArgSpec argument) {
        final String parameter = line.getHelp().parameterLabelRenderer()
            .renderParameterLabel(argument, Help.Ansi.OFF, List.of()).toString();
        if (argument instanceof OptionSpec option) {
            return String.join(", ", List.of(option.names()).stream().map(Roff::bold).toList()) + marked(parameter);
        }
        return Roff.italic(parameter);
    }

    private void commands(final Map<String, String> summaries) {
        if (summaries.isEmpty()) {
            return;
        }
        roff.section("Commands");
        summaries.forEach((name, summary) ->
            roff.item(Roff.reference(spec.name() + "-" + name, SECTION), prose(summary)));
    }

    /** Indented lines of the footer are examples; the one of exit codes is a list. */
    private void footer(final boolean heading) {
        final List<String> examples = new ArrayList<>();
        final List<String> rest = new ArrayList<>();
        for (final String text : spec.usageMessage().footer()) {
            (text.startsWith("  ") ? examples : rest).add(text.strip());
        }
        final String words = String.join(" ", rest).strip();
        final int codes = words.indexOf("Exit codes");
        final String notes = codes < 0 ? words : words.substring(0, codes).strip();
        if (!examples.isEmpty()) {
            if (heading) {
                roff.section("Examples");
            }
            roff.example(examples);
        }
        if (!notes.isEmpty()) {
            roff.paragraph(prose(notes));
        }
        if (codes >= 0) {
            exitCodes(words.substring(codes), heading);
        }
    }

    private void exitCodes(final String sentence, final boolean heading) {
        final String[] parts = EXIT_CODE.split(sentence);
        if (heading) {
            roff.section("Exit status");
        } else {
            roff.paragraph("Exit codes:");
        }
        for (int i = 1; i < parts.length; i++) {
            final int blank = parts[i].indexOf(' ');
            roff.item(Roff.bold(parts[i].substring(0, blank)), prose(parts[i].substring(blank + 1)));
        }
    }

    private void seeAlso(final Map<String, String> summaries) {
        roff.section("See also");
        final List<String> pages = new ArrayList<>();
        if (spec.parent() != null) {
            pages.add(Roff.reference(spec.root().name(), SECTION));
        }
        summaries.keySet().forEach(name -> pages.add(Roff.reference(spec.name() + "-" + name, SECTION)));
        for (final DocumentPage page : DocumentPage.values()) {
            pages.add(Roff.reference(page.pageName(), page.section()));
        }
        pages.add(Roff.reference("ipvsadm", SECTION));
        roff.paragraph(String.join(", ", pages));
    }

    /** What help says, with options and placeholders marked, and pages of the manual named instead of files. */
    private static String prose(final String help) {
        return marked(String.format(Locale.ROOT, help.replaceAll("%(?!n)", "%%"))).replace(Roff.escape(FILE_OF_PAGE),
            Roff.reference(DocumentPage.CONFIG.pageName(), DocumentPage.CONFIG.section()));
    }

    private static String marked(final String plain) {
        final StringBuilder text = new StringBuilder(plain.length() + 64);
        final Matcher matcher = OPTION_OR_PLACEHOLDER.matcher(plain);
        int end = 0;
        while (matcher.find()) {
            text.append(Roff.escape(plain.substring(end, matcher.start())));
            text.append(matcher.group(1) != null ? Roff.bold(matcher.group(1)) : Roff.italic(matcher.group(2)));
            end = matcher.end();
        }
        return text.append(Roff.escape(plain.substring(end))).toString();
    }
}
