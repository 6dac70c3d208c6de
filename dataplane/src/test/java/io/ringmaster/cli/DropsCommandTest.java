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

    @Test
    void onATerminalWordsStayInTheirColumn() {
        final String text = director.run("", 80, "drops", "--all").out();
        for (final String line : text.split("\n")) {
            assertTrue(line.length() <= 80, line);
            assertTrue(!line.startsWith("  ") || line.length() > 47, line);
        }
        final String narrow = director.run("", 71, "drops").out();
        assertTrue(narrow.contains("  drop-no-route                             3  no \"route\"\n"
            + " ".repeat(47) + "> ip route get RIP\n"), narrow);
    }

    @Test
    void longWordsAreWrapped() {
        try (ServedDirector wordy = ServedDirector.withFates(new Fate("dropped", "drop-ttl", 3,
            "a packet that was too old to be sent on by anybody", "Look for a loop between the routers."))) {
            assertEquals("dropped:\n  drop-ttl                                  3  a packet that was too old to be\n"
                + " ".repeat(47) + "sent on by anybody\n" + " ".repeat(47) + "> Look for a loop between the\n"
                + " ".repeat(49) + "routers.\n", wordy.run("", 80, "drops").out());
            assertEquals(3, wordy.run("drops").out().lines().count());
        }
    }
}
