package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.cli.man.DocumentPage;
import io.ringmaster.director.Needs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The manual says what the help says, in roff that formatters take without a word. */
class ManCommandTest {
    @TempDir
    private Path folder;

    private static String print(final int exit, final String... words) {
        final StringWriter text = new StringWriter();
        assertEquals(exit, Ringmaster.execute(List.of(words), null, 0, null, new PrintWriter(text, true)));
        return text.toString();
    }

    private List<Path> pages() throws IOException {
        assertEquals("", print(0, "man", "--to", folder.toString()));
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String shown(final String... command) throws Exception {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    @Test
    void everyVerbAndDocumentHasItsPage() throws IOException {
        final List<String> expected = new ArrayList<>(List.of("man8/ringmaster.8"));
        for (final Verbs verb : Verbs.values()) {
            expected.add("man8/ringmaster-" + verb.word() + ".8");
        }
        for (final DocumentPage page : DocumentPage.values()) {
            expected.add("man" + page.section() + "/" + page.pageName() + "." + page.section());
        }
        assertEquals(expected.stream().sorted().toList(),
            pages().stream().map(page -> folder.relativize(page).toString()).sorted().toList());
    }

    @Test
    void everyOptionAndExampleOfTheHelpIsShown() throws Exception {
        Needs.program("mandoc", "mandoc");
        pages();
        for (final Verbs verb : Verbs.values()) {
            final String page = shown("mandoc", "-Tascii", "-O", "width=200",
                folder + "/man8/ringmaster-" + verb.word() + ".8").replaceAll(".\b", "");
            everythingIsIn(page, new CommandLine(verb.command(null, null)));
            for (final String leftOver : List.of("${", "%n", "%%", "\\f")) {
                assertFalse(page.contains(leftOver), leftOver + " is left in " + page);
            }
        }
    }

    private static void everythingIsIn(final String page, final CommandLine line) {
        line.getCommandSpec().options().stream().filter(option -> !option.hidden()).forEach(option ->
            assertTrue(page.contains("       " + String.join(", ", option.names())),
                () -> Arrays.toString(option.names()) + " is missing in " + page));
        for (final String text : line.getCommandSpec().usageMessage().footer()) {
            assertTrue(!text.startsWith("  ") || page.contains(text), () -> text + " is missing in " + page);
        }
        line.getSubcommands().values().forEach(below -> everythingIsIn(page, below));
    }

    @Test
    void formattersFindNothingToSay() throws Exception {
        Needs.program("mandoc", "mandoc");
        final List<String> command = new ArrayList<>(List.of("mandoc", "-Tlint", "-Wwarning"));
        pages().forEach(page -> command.add(page.toString()));
        assertEquals("", shown(command.toArray(String[]::new)));
        Files.writeString(folder.resolve("wrong.8"), ".TH\n.SH\n.XX\n");
        assertFalse(shown("mandoc", "-Tlint", "-Wwarning", folder.resolve("wrong.8").toString()).isEmpty());
    }

    @Test
    void aPageIsPrintedByTheVerbsName() {
        assertTrue(print(0, "man", "drain").startsWith(".TH \"RINGMASTER\\-DRAIN\" \"8\""));
        assertTrue(print(0, "man").startsWith(".TH \"RINGMASTER\" \"8\""));
        assertTrue(print(0, "man", "ringmaster.yaml").contains("expire_nodest_conn: 1\n"));
        assertTrue(print(2, "man", "--to", "/tmp", "drain").startsWith("--to writes all pages; leave drain out."));
    }
}
