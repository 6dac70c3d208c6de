package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Caller;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole state as a file, through the program's client. */
class ConfigCommandTest {
    private static final String FILE = """
        services:
          - tcp: '10.0.0.1:80'
            scheduler: rr
            servers:
              - {server: '10.0.1.1:8080', method: nat, weight: 3}
        """;
    private final ServedDirector director = ServedDirector.start();

    @AfterEach
    void close() {
        director.close();
    }

    private ServedDirector.Answer config(final String stdin, final String... words) {
        final String[] all = new String[words.length + 1];
        all[0] = "config";
        System.arraycopy(words, 0, all, 1, words.length);
        return director.run(stdin, 0, all);
    }

    @Test
    void aFileIsComparedAppliedAndShown() {
        final String patch = "--- running\n+++ a.yaml\n+tcp 10.0.0.1:80 scheduler=rr\n"
            + "+tcp 10.0.0.1:80 -> 10.0.1.1:8080 method=nat weight=3\n";
        assertEquals(new ServedDirector.Answer(1, patch, ""), config(FILE, "diff", "a.yaml"));
        assertEquals(new ServedDirector.Answer(0, patch, ""), config(FILE, "apply", "--dry-run", "a.yaml"));
        assertEquals("services: []\n", config("", "show").out());
        assertEquals(new ServedDirector.Answer(0, patch, ""), config(FILE, "apply", "a.yaml"));
        assertEquals(new ServedDirector.Answer(0, "", ""), config(FILE, "diff", "a.yaml"));
        assertEquals(FILE, config("", "show").out());
        assertEquals("-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 3\n",
            director.run("ipvsadm", "-Sn").out());
    }

    @Test
    void rulesOfIpvsadmChangeServicesOnly() {
        director.run("sysctl", "drop_entry=3");
        final String rules = "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 3\n";
        assertEquals(0, config(rules, "apply", "-").exit());
        assertEquals(FILE, config("", "show").out().replace("sysctls:\n  drop_entry: 3\n", ""));
        final ServedDirector.Answer wrong = config(rules + "-C\n", "apply", "old.rules");
        assertEquals(1, wrong.exit());
        assertTrue(wrong.err().startsWith("old.rules, line 3: "), wrong.err());
    }

    /** As after ipvsadm-restore, whose rules say the same. */
    @Test
    void rulesWithoutThresholdsTakeThemAway() {
        final String rules = "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 3";
        assertEquals(0, config(rules + " -x 9 -y 4\n", "apply", "-").exit());
        assertTrue(config("", "show").out().contains("upper: 9, lower: 4"), () -> config("", "show").out());
        assertEquals(0, config(rules + "\n", "apply", "-").exit());
        assertEquals(FILE, config("", "show").out());
    }

    @Test
    void whoMayOnlyLookMayCompare() {
        director.callers(new Caller("monitor", 4711, false));
        assertEquals(1, config(FILE, "diff", "a").exit());
        assertEquals(3, config(FILE, "apply", "a").exit());
        assertEquals("services: []\n", config("", "show").out());
    }

    @Test
    void checkNeedsNoDirector() throws Exception {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream print = new PrintStream(out);
        assertEquals(0, ConfigCommand.Check.alone("a", new ByteArrayInputStream(FILE.getBytes(StandardCharsets.UTF_8)),
            print, print));
        assertEquals(1, ConfigCommand.Check.alone("b", new ByteArrayInputStream(new byte[0]), print, print));
        final String said = out.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("a is right: 1 services, 1 real servers"), said);
        assertTrue(said.contains("b is empty."), said);
    }
}
