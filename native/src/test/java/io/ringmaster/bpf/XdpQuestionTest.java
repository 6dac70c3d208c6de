package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class XdpQuestionTest {
    /** A map of its own would be empty: what it says would be wrong without a word. */
    @Test
    void allMapsThatTheProgramDecidesByAreShared() throws IOException {
        final Set<String> maps = new TreeSet<>();
        for (final String source : List.of("maps.h", "ipv4.h", "ipv6.h", "icmp.h", "marks.h", "vlan.h",
            "ringmaster.bpf.c")) {
            final Matcher matcher = Pattern.compile("} (\\w+) SEC\\(\"\\.maps\"\\)")
                .matcher(Files.readString(Path.of("src/main/bpf", source)));
            while (matcher.find()) {
                maps.add(matcher.group(1));
            }
        }
        final Set<String> expected = new TreeSet<>(List.of(XdpQuestion.SHARED_MAPS));
        expected.addAll(List.of("counters", "mark_subjects"));
        assertEquals(expected, maps);
    }
}
