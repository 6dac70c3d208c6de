package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LibbpfMessagesTest {
    @Test
    void theLastEightLinesInOne() {
        final StringBuilder log = new StringBuilder("libbpf: prog 'x': -- BEGIN PROG LOAD LOG --\n");
        for (int i = 0; i < 100; i++) {
            log.append("line ").append(i).append("\n\n");
        }
        log.append("-- END PROG LOAD LOG --\n");
        assertEquals("line 92 | line 93 | line 94 | line 95 | line 96 | line 97 | line 98 | line 99",
            LibbpfMessages.tail(log.toString()));
        assertEquals("", LibbpfMessages.tail(""));
    }
}
