package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringmaster.control.PacketFates.Fate;
import io.ringmaster.stats.ServerCounters;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reports and screens over counters that the test sets; the terminal itself is the launcher's. */
@Timeout(600)
class TopCommandTest {
    private static final String RULES = "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 3\n"
        + "-a -t 10.0.0.1:80 -r 10.0.1.2:80 -m -w 1\n-A -u 10.0.0.1:53 -s wlc\n-a -u 10.0.0.1:53 -r 10.0.1.1 -g\n";
    private static final String AGAIN = "\033[H";
    private final ServedDirector director = ServedDirector.withFates(
        new Fate("dropped", "drop-no-route", 3, "no route", "ip route get RIP"));

    @BeforeEach
    void carry() {
        assertEquals(0, director.run(RULES, 0, "ipvsadm-restore").exit());
        // Numbers are given in the order in which real servers came.
        final ServerCounters counters = director.dataplane().serverCounters();
        counters.add(0, 1, ServerCounters.ACTIVE, 30);
        counters.add(0, 2, ServerCounters.ACTIVE, 9);
        counters.add(0, 2, ServerCounters.INACTIVE, 1);
    }

    @AfterEach
    void close() {
        director.close();
    }

    @Test
    void withoutTerminalLinesTellSharesAndEndAfterTheCount() {
        final ServedDirector.Answer answer = director.run("top", "--interval", "0.1", "--count", "2");
        assertEquals(0, answer.exit(), answer::toString);
        assertEquals(2, answer.out().split("ringmaster top: ", -1).length - 1, answer::toString);
        assertTrue(answer.out().matches("(?s).* 10\\.0\\.1\\.1:80 Masq 3 .* 30 +0 #+\\.+  75%\n.*"), answer::toString);
        assertTrue(answer.out().matches("(?s).* 10\\.0\\.1\\.2:80 Masq 1 .* 9 +1 #+\\.+  25%\n.*"), answer::toString);
        assertTrue(answer.out().contains("2 services, 3 real servers"), answer::toString);
        assertFalse(answer.out().contains("\033"), "no terminal, no sequences for one");
    }

    @Test
    void onlyWhatContainsATextIsTold() {
        final ServedDirector.Answer server = director.run("top", "--interval", "0.1", "--count", "1", "--only",
            "1.2:80", "--json");
        assertTrue(server.out().contains("\"TCP 10.0.0.1:80\"") || server.out().contains("10.0.0.1:80"),
            server::toString);
        assertTrue(server.out().contains("10.0.1.2:80"), server::toString);
        assertFalse(server.out().contains("10.0.1.1"), server::toString);
        assertFalse(server.out().contains("10.0.0.1:53"), server::toString);
        final ServedDirector.Answer service = director.run("top", "--interval", "0.1", "--count", "1", "--only",
            "0.1:53");
        assertTrue(service.out().contains("10.0.1.1:53 Route"), service::toString);
        assertFalse(service.out().contains("10.0.1.2"), service::toString);
        assertTrue(service.out().contains("2 services, 3 real servers"), "the sum is of all: " + service);
    }

    @Test
    void jsonIsOneObjectAnInterval() throws IOException {
        final ServedDirector.Answer answer = director.run("top", "--interval", "0.1", "--count", "2", "--json");
        assertEquals(2, answer.out().lines().count());
        long active = 0;
        try (JsonParser json = new JsonFactory().createParser(answer.out().lines().findFirst().orElseThrow())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME && json.currentName().equals("active")) {
                    json.nextToken();
                    active += json.getLongValue();
                }
            }
        }
        assertEquals(2 * 39, active, "of real servers and of services");
    }

    @Test
    void ratesAreWhatCameBetweenTwoReports() {
        final ServedDirector.Answer answer = director.run("q", 80, "top", "--interval", "0.1");
        assertEquals(0, answer.exit());
        final Thread counting = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.interrupted()) {
                director.dataplane().serverCounters().add(0, 3, ServerCounters.IN_PACKETS, 1);
                Thread.onSpinWait();
            }
        });
        final String out = director.run("top", "--interval", "0.3", "--count", "1").out();
        counting.interrupt();
        assertTrue(out.matches("(?s).* 10\\.0\\.1\\.1:53 Route 1 +0 +[0-9.]+[kMG] .*"), out);
    }

    @Test
    void keysSelectFoldSortShowDropsAndQuit() {
        // Enter folds the first service, which is selected by the arrow; the order of the rest shows in the last line.
        final ServedDirector.Answer answer = director.run("\033[24;100R\033[B\nsdxq", 80, "top", "--interval", "60");
        assertEquals(0, answer.exit());
        final String[] screens = answer.out().split(Pattern.quote(AGAIN), -1);
        assertEquals(7, screens.length, answer::toString);
        assertTrue(screens[1].contains("10.0.1.2:80"), screens[1]);
        assertTrue(screens[3].contains("\033[7mTCP 10.0.0.1:80"), screens[3]);
        assertFalse(screens[4].contains("10.0.1.2:80"), screens[4]);
        assertTrue(screens[5].contains("sort: conn/s"), screens[5]);
        assertTrue(screens[6].contains("drop-no-route") && screens[6].contains("ip route get RIP"), screens[6]);
        assertTrue(answer.out().endsWith("\033[24;1H\033[?25h\r\n"), "the cursor is seen again");
    }

    @Test
    void theScreenIsAsLargeAsTheTerminalSays() {
        final String[] screens = director.run("\033[12;70Rq", 80, "top", "--interval", "60").out()
            .split(Pattern.quote(AGAIN), -1);
        assertEquals(24 - 1, screens[1].split("\r\n", -1).length - 1, screens[1]);
        final String second = screens[2].substring(0, screens[2].lastIndexOf("\033[12;1H"));
        assertEquals(12 - 1, second.split("\r\n", -1).length - 1, second);
        for (final String line : second.replaceAll("\033\\[[0-9;?]*[A-Za-z]|\033[78]", "").split("\r\n")) {
            assertTrue(line.length() <= 70, line);
        }
    }

    @Test
    void aFilterShowsWhatContainsItsText() {
        final String[] screens = screens("/53q\b\na");
        assertTrue(screens[1].contains("10.0.0.1:80") && screens[1].contains("10.0.0.1:53"), screens[1]);
        assertTrue(screens[2].contains("show only what contains: _"), screens[2]);
        assertFalse(screens[4].contains("TCP 10.0.0.1:80"), screens[4]);
        assertTrue(screens[4].contains("UDP 10.0.0.1:53") && screens[4].contains("contains: 53_"), screens[4]);
        assertTrue(screens[5].contains("No service or real server contains that"), "q is a letter: " + screens[5]);
        assertTrue(screens[6].contains("UDP 10.0.0.1:53") && screens[6].contains("contains: 53_"), screens[6]);
        assertTrue(screens[7].contains("q quit") && screens[7].contains("/ filter: 53 "), screens[7]);
        assertTrue(screens[1].contains("10.0.1.1:53") && !screens[8].contains("10.0.1.1:53"), "a folds: " + screens[8]);
    }

    /** Of a service that is not meant itself only the real servers that are. */
    @Test
    void aFilterFindsRealServers() {
        final String[] screens = screens("a/1.2\n");
        final String last = screens[screens.length - 1];
        assertTrue(last.contains("TCP 10.0.0.1:80") && last.contains("10.0.1.2:80"), last);
        assertFalse(last.contains("10.0.1.1:80") || last.contains("UDP 10.0.0.1:53"), last);
        final String all = screens("/1.2\n/\n")[8];
        assertTrue(all.contains("UDP 10.0.0.1:53") && all.contains("/ filter  "), all);
    }

    /** What was drawn after each key; the first one before any. */
    private String[] screens(final String keys) {
        final String[] screens = director.run(keys + "q", 100, "top", "--interval", "60").out()
            .split(Pattern.quote(AGAIN), -1);
        assertEquals(keys.length() + 2, screens.length, keys);
        return screens;
    }
}
