package io.ringmaster.cli.man;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A man page of a page in Markdown, by as much of Markdown as docs use: headings, paragraphs, blocks of code, tables
 * with what is explained in their first column. Other beginnings of a line are refused, so that none gets lost.
 */
final class MarkdownPage {
    private static final Pattern INLINE =
        Pattern.compile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|\\*([^*]+)\\*|\\[([^]]+)]\\(([^)]+)\\)");
    private static final Pattern CELL = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern UNKNOWN = Pattern.compile("(?:[-+*>]|\\d+\\.|<\\w+>|####|!\\[).*");
    private static final String FENCE = "```";
    private static final String INDENT = "    ";

    private final List<String> lines;
    private final DocumentPage page;
    private final Roff roff;
    private int next;

    MarkdownPage(final String markdown, final DocumentPage page, final String version) {
        this.lines = markdown.lines().toList();
        this.page = page;
        this.roff = new Roff(page.pageName(), page.section(), summary(lines.getFirst()), version);
    }

    /** The title in the middle of a sentence. */
    private static String summary(final String title) {
        if (!title.startsWith("# ")) {
            throw new IllegalArgumentException("a page begins with its title, not with: " + title);
        }
        return title.substring(2, 3).toLowerCase(Locale.ROOT) + title.substring(3);
    }

    /** All of it. */
    String page() {
        roff.section("Description");
        for (next = 1; next < lines.size(); next++) {
            final String line = lines.get(next);
            if (line.startsWith("## ")) {
                roff.section(line.substring(3));
            } else if (line.startsWith("### ")) {
                roff.subsection(line.substring(4));
            } else if (line.startsWith(FENCE)) {
                next++;
                roff.example(block(FENCE));
            } else if (line.startsWith(INDENT)) {
                roff.example(block(INDENT));
            } else if (line.startsWith("|")) {
                table();
            } else if (UNKNOWN.matcher(line).matches()) {
                throw new IllegalArgumentException(page.file() + " has a line that no man page can be made of: "
                    + line);
            } else if (!line.isBlank()) {
                roff.paragraph(inline(line));
            }
        }
        roff.section("See also").paragraph(Roff.reference("ringmaster", CommandPage.SECTION));
        return roff.toString();
    }

    /** Lines up to the closing fence, or as long as they are indented. */
    private List<String> block(final String mark) {
        final List<String> block = new ArrayList<>();
        final boolean fenced = mark.equals(FENCE);
        while (next < lines.size() && lines.get(next).startsWith(mark) != fenced) {
            block.add(fenced ? lines.get(next) : lines.get(next).substring(INDENT.length()));
            next++;
        }
        next -= fenced ? 0 : 1;
        return block;
    }

    /** Rows as explained words; columns from the third on say what they are by their heading. */
    private void table() {
        final List<String> heads = cells(lines.get(next));
        next += 2;
        while (next < lines.size() && lines.get(next).startsWith("|")) {
            final List<String> cells = cells(lines.get(next++));
            final List<String> told = new ArrayList<>();
            for (int i = 1; i < cells.size(); i++) {
                if (!cells.get(i).isEmpty()) {
                    told.add((i == 1 || heads.get(i).isEmpty() ? "" : heads.get(i) + ": ") + cells.get(i));
                }
            }
            roff.item(inline(cells.getFirst()), inline(String.join("; ", told)));
        }
        next--;
    }

    private static List<String> cells(final String row) {
        return CELL.splitAsStream(row.strip().substring(1)).map(cell -> cell.strip().replace("\\|", "|")).toList();
    }

    private String inline(final String markdown) {
        final StringBuilder text = new StringBuilder(markdown.length() + 64);
        final Matcher matcher = INLINE.matcher(markdown);
        int end = 0;
        while (matcher.find()) {
            text.append(Roff.escape(markdown.substring(end, matcher.start()))).append(marked(matcher.toMatchResult()));
            end = matcher.end();
        }
        return text.append(Roff.escape(markdown.substring(end))).toString();
    }

    private static String marked(final MatchResult found) {
        if (found.group(1) != null) {
            return Roff.bold(found.group(1));
        }
        if (found.group(4) == null) {
            return found.group(2) != null ? Roff.bold(found.group(2)) : Roff.italic(found.group(3));
        }
        for (final DocumentPage other : DocumentPage.values()) {
            if (found.group(5).equals(other.file())) {
                return Roff.reference(other.pageName(), other.section());
            }
        }
        return Roff.escape(found.group(4) + " (" + found.group(5) + ")");
    }
}
