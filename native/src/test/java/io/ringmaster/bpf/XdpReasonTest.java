package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class XdpReasonTest {
    @Test
    void namesAndOrderAreThoseOfTheProgram() throws IOException {
        final String source = Files.readString(Path.of("src/main/bpf/reasons.h"));
        final Matcher body = Pattern.compile("enum reason \\{(.*?)}", Pattern.DOTALL).matcher(source);
        assertEquals(true, body.find());
        final List<String> inC = Pattern.compile("^\\s*([A-Z0-9_]+),?$", Pattern.MULTILINE).matcher(body.group(1))
            .results().map(match -> match.group(1)).toList();
        final List<String> inJava = Arrays.stream(XdpReason.values()).map(Enum::name).toList();
        assertEquals("REASONS", inC.getLast());
        assertEquals(inC.subList(0, inC.size() - 1), inJava);
    }
}
