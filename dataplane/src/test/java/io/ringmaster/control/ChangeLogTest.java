package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private static final Caller ALICE = new Caller("alice", 1000, true);

    private static String line(final String stdin, final int exit, final String... args) {
        return ChangeLog.line(new Request(List.of(args), stdin, 0, false, ALICE), exit);
    }

    @Test
    void theLineHasTheUserAndTheWords() {
        assertEquals("user 1000 (alice): ipvsadm -A -t 10.0.0.1:80", line(null, 0, "ipvsadm", "-A", "-t",
            "10.0.0.1:80"));
        assertEquals("user 1000 (alice): ipvsadm -R <2 lines> (exit code 255)", line("a\nb\n", 255, "ipvsadm", "-R"));
    }

    @Test
    void nothingAUserWritesMakesASecondLineOrALongOne() {
        assertEquals("user 1000 (alice): mark a?user 0 (root): forged?[2J", line(null, 0, "mark",
            "a\nuser 0 (root): forged\033[2J"));
        assertTrue(line(null, 0, "x".repeat(10_000)).length() < 500);
    }
}
