package io.ringmaster.cli.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringmaster.director.Needs;
import io.ringmaster.director.RunningDirector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The drop-in suite: every recorded command of the real ipvsadm is run by the launcher, linked as ipvsadm, against a
 * director that had the recorded traffic: same output, same errors, same exit code.
 * <pre>
 *   mvn -pl dataplane -am verify -Dit.test=IpvsadmTextsIT
 *       -Dringmaster.cli=DIR    the recordings of a folder instead of the project's own copy
 * </pre>
 * A line for each file, below it what differs. The whole report is written to {@code target/texts.txt}. Where answers
 * may differ is listed in {@code excused.txt}.
 */
class IpvsadmTextsIT {
    private static final String FOLDER = System.getProperty("ringmaster.cli", "");
    /** Longer than it takes until totals have what was sent: they are read every two seconds. */
    private static final int COUNTED_SEC = 6;
    /** Half-open connections last three times as long. */
    private static final long FRESH_NS = 20_000_000_000L;
    private static final int FILLS = 10;

    private final StringBuilder report = new StringBuilder();
    private List<Excuse> excuses;
    private Map<String, String> files;
    private String rules;
    private RecordedTraffic traffic;
    private boolean started;
    private boolean filled;
    private long filledNs;

    @Test
    void answersAsRecorded() throws IOException {
        Needs.root();
        files = FOLDER.isEmpty() ? RecordedText.files() : RecordedText.files(FOLDER);
        excuses = Excuse.all();
        // Errors are recorded without a table; a folder of nothing else need not have one.
        final Map<String, String> table = files.containsKey(RecordedText.RULES) ? files : RecordedText.files();
        rules = table.get(RecordedText.RULES);
        traffic = new RecordedTraffic(table);
        final List<String> passed = new ArrayList<>();
        final List<String> failed = new ArrayList<>();
        try (TextsDirector director = new TextsDirector()) {
            traffic.realServers().forEach(director::neighbour);
            for (final String file : inOrder()) {
                (holds(director, file) ? passed : failed).add(file);
            }
        }
        Files.writeString(Path.of("target", "texts.txt"), report);
        System.out.println(passed.size() + " passed, " + failed.size() + " failed");
        assertEquals(List.of(), failed, report::toString);
    }

    /** First those of listings, which share a director while its connections live, but for those of rates. */
    private List<String> inOrder() {
        final List<String> order = new ArrayList<>(files.keySet());
        order.removeIf(file -> !file.endsWith(".txt"));
        order.sort(Comparator.comparing((String file) -> !RecordedText.isListing(file))
            .thenComparing(this::patient).thenComparing(file -> !file.contains("c.txt") && !file.contains("conn")));
        return order;
    }

    private boolean patient(final String file) {
        return Excuse.patienceSec(Excuse.of(excuses, file, "*")) > 0;
    }

    /** What goes wrong in a file is told below its line, and no reason not to replay the others. */
    private boolean holds(final TextsDirector director, final String file) {
        try {
            return replay(director, file);
        } catch (final RuntimeException | AssertionError e) {
            tell(file, "FAILED", "  " + e + "\n");
            return false;
        }
    }

    private void tell(final String file, final String verdict, final String differences) {
        final String line = String.format("%-40s %s%n", file, verdict) + differences;
        report.append(line);
        System.out.print(line);
    }

    private boolean replay(final TextsDirector director, final String file) {
        if (!RecordedText.isListing(file)) {
            prepare(director);
        }
        final List<RecordedText> blocks = RecordedText.parse(files.get(file));
        assertFalse(blocks.isEmpty(), "No recorded command is in it.");
        final StringBuilder differences = new StringBuilder();
        int run = 0;
        for (final RecordedText block : blocks) {
            final List<Excuse> excused = Excuse.of(excuses, file, block.command());
            if (!Excuse.skipped(excused)) {
                if (RecordedText.isListing(file) && (!filled || System.nanoTime() - filledNs > FRESH_NS)) {
                    fill(director);
                }
                differences.append(difference(director, block, excused));
                run++;
            }
        }
        tell(file, String.format("%s, %d of %d commands run", differences.isEmpty() ? "passed" : "FAILED", run,
            blocks.size()), differences.toString());
        return differences.isEmpty();
    }

    private static String difference(final TextsDirector director, final RecordedText block,
                                     final List<Excuse> excused) {
        final String wanted = Excuse.shown(block, excused, false);
        final String[] got = new String[1];
        final int patienceSec = Math.max(Excuse.patienceSec(excused), block.command().contains("--stats")
            ? COUNTED_SEC : 0);
        RunningDirector.await(() -> {
            got[0] = Excuse.shown(director.run(Excuse.command(excused, block.command())), excused, true);
            return wanted.equals(got[0]) || patienceSec == 0;
        }, patienceSec);
        return wanted.equals(got[0]) ? "" : "  $ " + block.command() + "\n  recorded:\n" + wanted.indent(4)
            + "  answered:\n" + got[0].indent(4);
    }

    /** A director as each file of errors begins: without services, with the kernel's time-outs. */
    private void prepare(final TextsDirector director) {
        if (!started || filled) {
            director.start();
            started = true;
            filled = false;
        }
        director.ask("", "ipvsadm", "-C");
        director.ask("", "ipvsadm", "--set", "900", "120", "300");
    }

    /**
     * A fresh director with the rules of listings and their traffic. It reads its counters every two seconds, and all
     * of the traffic has to fall into one such step, which a busy machine may make impossible once or twice; and each
     * connection has to get its real server, for which they may have to come in another order.
     */
    private void fill(final TextsDirector director) {
        boolean asRecorded = false;
        for (int i = 0; i < FILLS && !asRecorded; i++) {
            director.start();
            started = true;
            director.ask(rules, "ipvsadm-restore");
            traffic.marks().forEach(words -> director.ask("", words));
            asRecorded = traffic.frames().isEmpty() || sendsInOneStep(director)
                && !traffic.reorder(director.ask("", "ipvsadm", "-Lnc").whole());
        }
        filled = true;
        filledNs = System.nanoTime();
    }

    /**
     * Sends the traffic and has counters and rates stand still two steps later, when the recorder looked at them;
     * whether all of it fell into the first step.
     */
    private boolean sendsInOneStep(final TextsDirector director) {
        final String none = counted(director);
        director.send(traffic.frames());
        final String first = awaitOther(director, none);
        final String totals = totals(director);
        final boolean sameStep = counted(director).equals(first);
        final String second = awaitOther(director, first);
        director.ask("", "sysctl", "run_estimation=0");
        return sameStep && totals(director).equals(totals) && counted(director).equals(second);
    }

    private static String totals(final TextsDirector director) {
        return director.ask("", "ipvsadm", "-Ln", "--stats", "--exact").whole();
    }

    /** Totals and rates, which change with each step while there are any. */
    private static String counted(final TextsDirector director) {
        return director.ask("", "proc", "ip_vs_stats").whole() + director.ask("", "ipvsadm", "-Ln", "--rate").whole();
    }

    private static String awaitOther(final TextsDirector director, final String before) {
        final String[] seen = new String[1];
        RunningDirector.await(() -> {
            seen[0] = counted(director);
            return !seen[0].equals(before);
        });
        return seen[0];
    }
}
