package io.ringmaster.cli;

import io.ringmaster.cli.ipvsadm.Ipvsadm;
import io.ringmaster.cli.man.CommandPage;
import io.ringmaster.cli.man.DocumentPage;
import io.ringmaster.verb.Meant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ringmaster man}: the manual, made from the help of all commands. */
@Command(name = "man", versionProvider = VersionCommand.OfJar.class, mixinStandardHelpOptions = true,
    description = "Print a page of the manual for man(1): that of ringmaster, or of one of its commands, or "
        + "ringmaster.yaml for the file of ringmaster config, ringmaster-socket, ringmaster-service for systemd.",
    footerHeading = "%nExamples:%n",
    footer = {"  ringmaster man drain | man -l -", "  ringmaster man --to /usr/local/share/man", "",
        "Exit codes: 0 done; 1 the folder cannot be written; 2 wrong words."})
final class ManCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PAGE", arity = "0..1", description = "Which page. Default: ringmaster.")
    private String wanted;

    @Option(names = "--to", paramLabel = "DIR",
        description = "Write all pages, into man5, man7 and man8 below this folder of manuals.")
    private Path folder;

    @Spec
    private CommandSpec spec;

    /**
     * A page.
     *
     * @param name    what it is called.
     * @param section of the manual.
     * @param text    in roff.
     */
    record Page(String name, int section, String text) {
    }

    @Override
    public Integer call() throws IOException {
        if (folder != null && wanted != null) {
            throw new ParameterException(spec.commandLine(), "--to writes all pages; leave " + wanted + " out.");
        }
        final List<Page> pages = pages(spec.root().commandLine());
        if (folder == null) {
            spec.commandLine().getOut().print(find(pages).text());
            spec.commandLine().getOut().flush();
            return 0;
        }
        try {
            for (final Page page : pages) {
                final Path of = Files.createDirectories(folder.resolve("man" + page.section()));
                Files.writeString(of.resolve(page.name() + "." + page.section()), page.text());
            }
        } catch (final IOException e) {
            throw new IOException("The manual cannot be written to " + folder + " (" + e.getMessage() + ").", e);
        }
        return 0;
    }

    private Page find(final List<Page> pages) {
        final String name = wanted == null ? "ringmaster" : wanted;
        final List<String> words = new ArrayList<>();
        for (final Page page : pages) {
            if (page.name().equals(name) || page.name().equals("ringmaster-" + name)) {
                return page;
            }
            words.add(page.name().replaceFirst("^ringmaster-", ""));
        }
        throw new ParameterException(spec.commandLine(), "The manual has no page '" + name + "'."
            + Meant.by(name, words).map(" Did you mean %s?"::formatted).orElse(""));
    }

    /** All pages of a command line that has all verbs. */
    static List<Page> pages(final CommandLine root) {
        final Map<String, String> summaries = new LinkedHashMap<>();
        final String version = VersionCommand.version();
        final List<Page> pages = new ArrayList<>();
        for (final Verbs verb : Verbs.values()) {
            summaries.put(verb.word(), verb.summary());
            final CommandLine line = root.getSubcommands().get(verb.word());
            pages.add(new Page(CommandPage.name(line), CommandPage.SECTION, CommandPage.of(line,
                half(verb.summary()), Map.of(), verb == Verbs.IPVSADM ? Ipvsadm.help() : "", version)));
        }
        final String first = root.getCommandSpec().usageMessage().description()[0];
        pages.addFirst(new Page(CommandPage.name(root), CommandPage.SECTION, CommandPage.of(root,
            half(first.substring(0, first.indexOf(':'))), summaries, "", version)));
        for (final DocumentPage page : DocumentPage.values()) {
            pages.add(new Page(page.pageName(), page.section(), page.page(version)));
        }
        return pages;
    }

    /** A sentence as the manual's indexes have it. */
    private static String half(final String sentence) {
        return (sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1))
            .replaceFirst("\\.$", "");
    }
}
