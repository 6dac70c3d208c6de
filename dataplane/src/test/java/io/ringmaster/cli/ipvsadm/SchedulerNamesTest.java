package io.ringmaster.cli.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.scheduler.SchedulerType;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerNamesTest {
    private final Rig rig = new Rig();

    @Test
    void allSchedulersOfLvsAreThere() {
        final Set<String> words = Arrays.stream(SchedulerType.values()).map(SchedulerType::word)
            .collect(Collectors.toSet());
        assertEquals(Set.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh",
            "twos", "none"), words);
    }

    @ParameterizedTest
    @EnumSource
    void aServiceTakesEachAndTellsIt(final SchedulerType type) {
        done("ipvsadm -A -t 10.1.0.100:80 -s " + type.word());
        done("ipvsadm -A -u 10.1.0.100:80 -s rr");
        done("ipvsadm -E -u 10.1.0.100:80 -s " + type.word());
        final String listed = rig.run("ipvsadm -Ln").out();
        assertTrue(listed.contains("TCP  10.1.0.100:80 " + type.word() + "\n"), listed);
        assertTrue(listed.contains("UDP  10.1.0.100:80 " + type.word() + "\n"), listed);
        assertEquals("-A -t 10.1.0.100:80 -s " + type.word() + "\n-A -u 10.1.0.100:80 -s " + type.word() + "\n",
            rig.run("ipvsadm -S -n").out());
    }

    private void done(final String command) {
        final RecordedText answer = rig.run(command);
        assertEquals("", answer.err());
        assertEquals(0, answer.exit());
    }
}
