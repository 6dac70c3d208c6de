package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.control.PacketFates.Fate;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DropsCommandTest {
    private final ServedDirector director = ServedDirector.withFates(
        new Fate("sent", "sent-to-client", 7, "replies", ""),
        new Fate("dropped", "drop-ttl", 0, "too old", "Look for a loop."),
        new Fate("dropped", "drop-no-route", 3, "no \"route\"", "ip route get RIP"));

    @AfterEach
    void close() {
        director.close();
    }

    @Test
    void aloneShowsWhatOccurredInGroupsWithAdvice() {
        final String text = director.run("drops").out();
        assertTrue(text.startsWith("sent:\n  sent-to-client"), text);
        assertTrue(text.contains("dropped:\n  drop-no-route"), text);
        assertTrue(text.contains("> ip route get RIP"), text);
        assertFalse(text.contains("drop-ttl"), text);
    }

    @Test
    void allShowsEveryReason() {
        assertTrue(director.run("drops", "--all").out().contains("drop-ttl"));
    }

    @Test
    void jsonHasEveryReasonAndIsJson() throws IOException {
        int objects = 0;
        long sum = 0;
        try (JsonParser json = new JsonFactory().createParser(director.run("drops", "--json").out())) {
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
        final ServedDirector.Answer answer = director.run("drops", "--jsno");
        assertEquals(2, answer.exit());
        assertEquals("", answer.out());
        assertEquals("Unknown option: '--jsno'. Did you mean --json?\n"
            + "Try 'ringmaster drops --help' for more information.\n", answer.err());
    }
}
