package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.stats.ServerCounters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What drain and undrain say and do to rules; that no packet is lost is a test of the worker's. */
@Timeout(600)
class DrainCommandTest {
    private static final String RULES = "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 3\n"
        + "-a -t 10.0.0.1:80 -r 10.0.1.2:80 -m -w 1\n-A -u 10.0.0.1:53 -s rr\n-a -u 10.0.0.1:53 -r 10.0.1.1 -g -w 2\n";
    private final ServedDirector director = ServedDirector.start();

    @BeforeEach
    void restore() {
        assertEquals(0, director.run(RULES, 0, "ipvsadm-restore").exit());
    }

    @AfterEach
    void close() {
        director.close();
    }

    /** One real server's connections by their kind; real servers have numbers in the order in which they came. */
    private void carries(final int number, final int field, final long delta) {
        director.dataplane().serverCounters().add(0, number, field, delta);
    }

    private String rules() {
        return director.run("ipvsadm", "-Sn").out();
    }

    @Test
    void anIdleServerIsDrainedAtOnceInAllItsServices() {
        final ServedDirector.Answer answer = director.run("drain", "10.0.1.1");
        assertEquals(0, answer.exit());
        assertTrue(answer.out().matches("10\\.0\\.1\\.1 has no connection left after [0-9]+s\\.\n"), answer::toString);
        assertEquals("No real server of UDP 10.0.0.1:53 has a weight now: new clients of it are refused.\n",
            answer.err());
        assertTrue(rules().contains("-r 10.0.1.1:80 -m -w 0"), this::rules);
        assertTrue(rules().contains("-r 10.0.1.1:53 -g -w 0"), this::rules);
        assertTrue(rules().contains("-r 10.0.1.2:80 -m -w 1"), this::rules);
    }

    @Test
    void itWaitsForActiveInactiveAndPersistentOnes() {
        carries(1, ServerCounters.ACTIVE, 2);
        carries(3, ServerCounters.INACTIVE, 1);
        final CompletableFuture<ServedDirector.Answer> drain =
            CompletableFuture.supplyAsync(() -> director.run("drain", "10.0.1.1", "--then", "delete"));
        while (!rules().contains("-r 10.0.1.1:80 -m -w 0")) {
            Thread.onSpinWait();
        }
        carries(1, ServerCounters.PERSISTENT, 1);
        carries(1, ServerCounters.ACTIVE, -2);
        carries(3, ServerCounters.INACTIVE, -1);
        assertTrue(rules().contains("10.0.1.1") && !drain.isDone(), "a template is left");
        carries(1, ServerCounters.PERSISTENT, -1);
        final ServedDirector.Answer answer = drain.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(0, answer.exit(), answer::toString);
        assertTrue(answer.out().matches("(?s).*10.0.1.1 has no connection left after [0-9]+s; it was deleted.\n"),
            answer::toString);
        assertTrue(!rules().contains("10.0.1.1"), this::rules);
    }

    @Test
    void atTheTimeOutWhatIsLeftIsCut() {
        carries(1, ServerCounters.ACTIVE, 1);
        carries(1, ServerCounters.PERSISTENT, 4);
        final ServedDirector.Answer answer = director.run("drain", "10.0.1.1:80", "--timeout", "1");
        assertEquals(1, answer.exit());
        assertTrue(answer.out().startsWith("10.0.1.1:80: 1 active and 0 inactive connections, 4 templates of "
            + "persistent clients left, not foreseeable until when\n"), answer::toString);
        assertTrue(answer.out().endsWith("10.0.1.1:80: time-out after 1s with 1 active and 0 inactive connections, "
            + "4 templates of persistent clients left: each ends with its client's next packet.\n"), answer::toString);
        assertTrue(director.table().view().realServer(1).cut());
        assertTrue(director.table().view().realServer(3).available(), "the other service's goes on");
        assertEquals("10.0.1.1:80 of TCP 10.0.0.1:80 has weight 3 again.\n",
            director.run("undrain", "10.0.1.1:80").out());
        assertTrue(director.table().view().realServer(1).available());
    }

    @Test
    void aDeletedServerStaysCut() {
        carries(1, ServerCounters.ACTIVE, 1);
        final ServedDirector.Answer answer =
            director.run("drain", "10.0.1.1:80", "--timeout", "1s", "--then", "delete", "--json");
        assertEquals(1, answer.exit());
        assertTrue(answer.out().startsWith("{\"realServer\":\"10.0.1.1:80\",\"state\":\"draining\",\"active\":1,"
            + "\"inactive\":0,\"templates\":0,\"waitedSec\":0,\"deleted\":false}\n"), answer::toString);
        assertTrue(answer.out().contains("\"state\":\"cut\"") && answer.out().endsWith("\"deleted\":true}\n"),
            answer::toString);
        assertTrue(director.table().view().realServer(1).cut());
        director.run("ipvsadm", "-a", "-t", "10.0.0.1:80", "-r", "10.0.1.1:80", "-m");
        assertTrue(director.table().view().realServer(1).available(), "added again it serves");
    }

    @Test
    void whoGivesItAWeightEndsTheDrain() {
        carries(1, ServerCounters.ACTIVE, 1);
        final CompletableFuture<ServedDirector.Answer> drain =
            CompletableFuture.supplyAsync(() -> director.run("drain", "10.0.1.1:80"));
        while (!rules().contains("-r 10.0.1.1:80 -m -w 0")) {
            Thread.onSpinWait();
        }
        assertEquals(0, director.run("undrain", "10.0.1.1:80").exit());
        final ServedDirector.Answer answer = drain.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(1, answer.exit(), answer::toString);
        assertTrue(answer.out().contains("was given a weight again by somebody else"), answer::toString);
    }

    @Test
    void undrainTakesNothingWithoutALastWeight() {
        director.run("ipvsadm", "-a", "-t", "10.0.0.1:80", "-r", "10.0.1.3", "-m", "-w", "0");
        final ServedDirector.Answer answer = director.run("undrain", "10.0.1.3");
        assertEquals(1, answer.exit());
        assertEquals("10.0.1.3:80 of TCP 10.0.0.1:80 has had no weight but 0; set one with ipvsadm -e ... -w. "
            + "Nothing was changed.\n", answer.err());
        assertEquals("{\"realServer\":\"10.0.1.2:80\",\"service\":\"TCP 10.0.0.1:80\",\"weight\":1,"
            + "\"changed\":false}\n",
            director.run("undrain", "10.0.1.2", "--json").out());
    }

    @Test
    void forecasts() {
        final DrainForecast forecast = new DrainForecast();
        assertTrue(forecast.secondsLeft().isEmpty());
        forecast.add(0, 100);
        forecast.add(1_000, 90);
        assertTrue(forecast.secondsLeft().isEmpty(), "too early");
        forecast.add(2_000, 80);
        assertEquals(8, forecast.secondsLeft().orElseThrow());
        forecast.add(40_000, 80);
        assertTrue(forecast.secondsLeft().isEmpty(), "nothing ended lately");
        forecast.add(41_000, 0);
        assertEquals(0, forecast.secondsLeft().orElseThrow());
    }
}
