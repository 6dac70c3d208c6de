package io.ringmaster.cli.man;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Markdown as docs use it becomes roff, and other Markdown is refused. */
class MarkdownPageTest {
    private static String body(final String markdown) {
        final String page = new MarkdownPage("# A title\n" + markdown, DocumentPage.CONFIG, "1").page();
        final String begin = ".SH \"DESCRIPTION\"\n";
        return page.substring(page.indexOf(begin) + begin.length(), page.indexOf(".SH \"SEE ALSO\"\n"));
    }

    @Test
    void textKeepsItsCharactersAndMarks() {
        assertEquals("a\\-b \\fB\\-\\-x\\fR \\fIall\\fR \\fBc\\fR \\e\n", body("a-b `--x` *all* **c** \\\n"));
        assertEquals("One.\nTwo e.g. three\n", body("One. Two e.g. three"));
        assertEquals("\\&.hidden\n", body(".hidden"));
        assertEquals("see \\%\\fBringmaster\\-socket\\fR(7)\n", body("see [socket.md](socket.md)"));
    }

    @Test
    void blocksStayAsTheyAre() {
        final String shown = ".in +4n\n.EX\na:\n  \\- b\n.EE\n.in\n";
        assertEquals(shown, body("```yaml\na:\n  - b\n```\n"));
        assertEquals(shown, body("    a:\n      - b\n"));
    }

    @Test
    void tablesExplainTheirFirstColumn() {
        assertEquals(".TP\n\\fBkey\\fR\none|two; default: none\n.TP\n\\fBlast\\fR\n\\&\n.PP\nafter\n",
            body("| key | value | default |\n| --- | --- | --- |\n"
                + "| `key` | one\\|two | none |\n| `last` | | |\nafter"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"- item", "1. item", "> quoted", "<p>", "![picture](x.svg)", "#### deep"})
    void whatWouldGetLostIsRefused(final String line) {
        final String told = assertThrows(IllegalArgumentException.class, () -> body(line)).getMessage();
        assertTrue(told.endsWith(line), told);
    }
}
