package io.ringmaster.bench.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Bars of ratios as an SVG picture: whiskers from the lower to the upper quartile, a line at 1, the machine below. It
 * carries no script and no font of its own, and shows in the colours that its reader's system prefers.
 */
final class Chart {
    private static final int WIDTH = 860;
    private static final int LABEL_WIDTH = 400;
    private static final int VALUE_WIDTH = 160;
    private static final int TOP = 62;
    private static final int STEP = 44;
    private static final int BAR = 16;
    private static final int MACHINE_LINE = 18;
    private static final int LINE_CHARACTERS = 110;
    private static final double LEAST_SCALE = 1.1;
    private static final double MAX_SCALE = 4;
    private static final String STYLE = """
        <style>
          svg { background: #fff; font-family: sans-serif; font-size: 13px }
          text { fill: #1f2328 } .quiet { fill: #59636e; font-size: 11px } .title { font-size: 16px; font-weight: bold }
          .bar { fill: #3b82c4 } .doubtful { fill: #b0bac4 } .one { stroke: #1f2328; stroke-dasharray: 4 3 }
          .grid { stroke: #d8dee4 } .whisker { stroke: #1f2328; stroke-width: 1.5 }
          @media (prefers-color-scheme: dark) {
            svg { background: #0d1117 } text { fill: #e6edf3 } .quiet { fill: #9198a1 } .bar { fill: #4a90d9 }
            .doubtful { fill: #57606a } .one { stroke: #e6edf3 } .grid { stroke: #30363d } .whisker { stroke: #e6edf3 }
          }
        </style>
        """;

    private final StringBuilder svg = new StringBuilder();
    private final List<Bar> bars;
    private final double scale;

    private Chart(final List<Bar> bars) {
        this.bars = bars;
        final double largest = bars.stream().mapToDouble(Bar::upper).max().orElse(1);
        this.scale = Math.clamp(largest * 1.05, LEAST_SCALE, MAX_SCALE);
    }

    /**
     * The picture.
     *
     * @param machines what the bars were measured on, each named once.
     */
    static String draw(final List<Bar> bars, final Collection<String> machines) {
        return new Chart(bars).draw(machines);
    }

    private String draw(final Collection<String> machines) {
        final List<String> feet = new ArrayList<>();
        machines.forEach(machine -> feet.addAll(wrap(machine)));
        if (bars.stream().anyMatch(bar -> !bar.honest())) {
            feet.add("Grey: the run itself said that it is not to be trusted.");
        }
        final int bottom = TOP + bars.size() * STEP + 6;
        final int height = bottom + 26 + feet.size() * MACHINE_LINE;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\""
            + " role=\"img\" aria-label=\"Ringmaster: speed as a share of the peer's\">%n", WIDTH, height);
        svg.append(STYLE);
        add("<rect width=\"%d\" height=\"%d\" fill=\"none\"/>%n", WIDTH, height);
        text(16, 28, "title", "Ringmaster, as a share of its peer (1: as good; longer is better)");
        text(16, 46, "quiet", "median of alternated rounds, whiskers from the lower to the upper quartile");
        grid(bottom);
        for (int i = 0; i < bars.size(); i++) {
            bar(bars.get(i), TOP + i * STEP);
        }
        add("<line class=\"one\" x1=\"%.1f\" y1=\"%d\" x2=\"%1$.1f\" y2=\"%d\"/>%n", x(1), TOP - 6, bottom);
        for (int i = 0; i < feet.size(); i++) {
            text(16, bottom + 36 + i * MACHINE_LINE, "quiet", feet.get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private void grid(final int bottom) {
        final double step = scale > 2 ? 0.5 : 0.25;
        for (double at = 0; at <= scale; at += step) {
            add("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%1$.1f\" y2=\"%d\"/>%n", x(at), TOP - 6, bottom);
            add("<text class=\"quiet\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n", x(at), bottom + 14,
                String.format(Locale.ROOT, "%.2f", at));
        }
    }

    private void bar(final Bar bar, final int top) {
        text(16, top + 12, "", bar.name());
        text(16, top + 27, "quiet", "against " + bar.peer());
        add("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
            bar.honest() ? "bar" : "doubtful", LABEL_WIDTH, top + 4, x(bar.ratio()) - LABEL_WIDTH, BAR);
        final int middle = top + 4 + BAR / 2;
        line(x(bar.lower()), middle, x(bar.upper()), middle);
        line(x(bar.lower()), middle - 4, x(bar.lower()), middle + 4);
        line(x(bar.upper()), middle - 4, x(bar.upper()), middle + 4);
        text(WIDTH - VALUE_WIDTH + 16, top + 17, "", String.format(Locale.ROOT, "%.2f (%.2f – %.2f)", bar.ratio(),
            bar.lower(), bar.upper()));
    }

    private void line(final double x1, final int y1, final double x2, final int y2) {
        add("<line class=\"whisker\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n", x1, y1, x2, y2);
    }

    private double x(final double ratio) {
        return LABEL_WIDTH + Math.min(ratio, scale) / scale * (WIDTH - LABEL_WIDTH - VALUE_WIDTH);
    }

    private void text(final int x, final int y, final String style, final String words) {
        add("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", style, x, y, escape(words));
    }

    private void add(final String format, final Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }

    private static List<String> wrap(final String words) {
        final List<String> lines = new ArrayList<>();
        String rest = words;
        while (rest.length() > LINE_CHARACTERS && rest.lastIndexOf(' ', LINE_CHARACTERS) > 0) {
            final int end = rest.lastIndexOf(' ', LINE_CHARACTERS);
            lines.add(rest.substring(0, end));
            rest = rest.substring(end + 1);
        }
        lines.add(rest);
        return lines;
    }

    /** For XML; what XML has no room for becomes a question mark. */
    static String escape(final String words) {
        return words.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "?").replace("&", "&amp;")
            .replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
