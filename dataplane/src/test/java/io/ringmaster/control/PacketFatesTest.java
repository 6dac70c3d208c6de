package io.ringmaster.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.control.PacketFates.Fate;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketFatesTest {
    private final PacketFates fates = new PacketFates(() -> List.of(
        new Fate("sent", "sent-to-client", 7, "replies", ""),
        new Fate("dropped", "drop-ttl", 0, "too old", "Look for a loop."),
        new Fate("dropped", "drop-no-route", 3, "no \"route\"", "ip route get RIP")));

    @Test
    void aloneShowsWhatOccurredInGroupsWithAdvice() {
        final String text = fates.run(List.of()).out();
        assertTrue(text.startsWith("sent:\n  sent-to-client"), text);
        assertTrue(text.contains("dropped:\n  drop-no-route"), text);
        assertTrue(text.contains("> ip route get RIP"), text);
        assertFalse(text.contains("drop-ttl"), text);
    }

    @Test
    void allShowsEveryReason() {
        assertTrue(fates.run(List.of("--all")).out().contains("drop-ttl"));
    }

    @Test
    void jsonHasEveryReasonAndIsJson() throws IOException {
        int objects = 0;
        long sum = 0;
        try (JsonParser json = new JsonFactory().createParser(fates.run(List.of("--json")).out())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                objects += token == JsonToken.START_OBJECT ? 1 : 0;
                sum += token == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : 0;
            }
        }
        assertEquals(3, objects);
        assertEquals(10, sum);
    }

    @Test
    void otherWordsAreRefusedWithASentence() {
        for (final List<String> words : List.of(List.of("--bogus"), List.of("--all", "--json"))) {
            final Reply reply = fates.run(words);
            assertEquals(2, reply.exit());
            assertEquals("", reply.out());
            assertTrue(reply.err().contains("ringmaster drops takes"), reply.err());
        }
    }
}
