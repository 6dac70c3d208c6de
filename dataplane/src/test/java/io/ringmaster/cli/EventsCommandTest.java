package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsCommandTest {
    private final ServedDirector director = ServedDirector.start();

    @AfterEach
    void close() {
        director.close();
    }

    private CompletableFuture<ServedDirector.Answer> listening(final String... words) {
        final CompletableFuture<ServedDirector.Answer> answer =
            CompletableFuture.supplyAsync(() -> director.run(words));
        while (!director.table().access().events().heard()) {
            Thread.onSpinWait();
        }
        return answer;
    }

    private static ServedDirector.Answer of(final CompletableFuture<ServedDirector.Answer> answer) {
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void aChangeIsToldWithItsUserAndLooksAreNot() {
        final CompletableFuture<ServedDirector.Answer> events = listening("events", "--count", "1");
        director.run("ipvsadm", "-Ln");
        director.callers(new Caller("anna", 1000, true));
        director.run("ipvsadm", "-A", "-t", "10.0.0.1:80");
        assertEquals(new ServedDirector.Answer(0, "change: user 1000 (anna): ipvsadm -A -t 10.0.0.1:80\n", ""),
            of(events));
    }

    @Test
    void jsonNamesTheUser() {
        final CompletableFuture<ServedDirector.Answer> events = listening("events", "--count", "1", "--json");
        director.run("sysctl", "expire_nodest_conn=1");
        assertEquals("{\"number\":1,\"kind\":\"change\",\"text\":\"user 0 (root): sysctl expire_nodest_conn=1\","
            + "\"uid\":0,\"user\":\"root\"}\n", of(events).out());
        while (director.table().access().events().heard()) {
            Thread.onSpinWait();
        }
        assertTrue(director.run("sysctl", "expire_nodest_conn").out().contains("1"), "it goes on without listeners");
    }
}
