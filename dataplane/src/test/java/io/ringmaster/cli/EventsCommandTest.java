package io.ringmaster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.control.Caller;
import io.ringmaster.stats.ServerCounters;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class EventsCommandTest {
    private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}";
    private static final int TIME_LENGTH = "2026-01-01 00:00:00".length();
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
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void aChangeIsToldWithItsUserAndLooksAreNot() {
        final CompletableFuture<ServedDirector.Answer> events = listening("events", "--count", "1");
        director.run("ipvsadm", "-Ln");
        director.callers(new Caller("anna", 1000, true));
        director.run("ipvsadm", "-A", "-t", "10.0.0.1:80");
        final ServedDirector.Answer answer = of(events);
        assertEquals(0, answer.exit(), answer::toString);
        assertTrue(answer.out().matches(TIME + " change: user 1000 \\(anna\\): ipvsadm -A -t 10.0.0.1:80\n"),
            answer::toString);
    }

    @Test
    void jsonNamesTheUser() {
        final CompletableFuture<ServedDirector.Answer> events = listening("events", "--count", "1", "--json");
        director.run("sysctl", "expire_nodest_conn=1");
        final String line = of(events).out();
        assertTrue(line.startsWith("{\"number\":1,\"time\":\"") && line.endsWith("\",\"kind\":\"change\",\"text\":"
            + "\"user 0 (root): sysctl expire_nodest_conn=1\",\"uid\":0,\"user\":\"root\"}\n"), line);
        final OffsetDateTime at = OffsetDateTime.parse(line.split("\"")[5]);
        assertEquals(ZoneId.systemDefault().getRules().getOffset(at.toInstant()), at.getOffset());
        while (director.table().access().events().heard()) {
            Thread.onSpinWait();
        }
        assertTrue(director.run("sysctl", "expire_nodest_conn").out().contains("1"), "it goes on without listeners");
    }

    @Test
    void whatHasHappenedIsKept() {
        director.run("sysctl", "expire_nodest_conn=1");
        director.run("sysctl", "expire_nodest_conn=0");
        director.run("ipvsadm", "-A", "-t", "10.0.0.1:80");
        assertEquals(3, director.run("events", "--past").out().lines().count());
        final String last = director.run("events", "--last", "2", "--past").out();
        assertTrue(last.matches("(?s)" + TIME + " change: [^\n]*expire_nodest_conn=0\n" + TIME
            + " change: [^\n]*ipvsadm -A [^\n]*\n"), last);
        assertEquals(last, director.run("events", "--last", "3", "--past").out().substring(
            director.run("events", "--past", "--count", "1").out().length()));
        assertEquals(3, director.run("events", "--since", "1h", "--past", "--json").out().lines().count());
        final CompletableFuture<ServedDirector.Answer> more = listening("events", "--last", "1", "--count", "2");
        director.run("ipvsadm", "-C");
        final String lines = of(more).out();
        assertTrue(lines.contains("ipvsadm -A") && lines.contains("ipvsadm -C"), lines);
    }

    @Test
    void drainsBeginAndEnd() {
        director.run("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 10.0.1.1 -m\n", 0, "ipvsadm-restore");
        director.callers(new Caller("anna", 1000, true));
        assertEquals(0, director.run("drain", "10.0.1.1").exit());
        final List<String> drain = director.run("events", "--past").out().lines()
            .filter(line -> line.contains(" drain: "))
            .map(line -> line.substring(TIME_LENGTH).replaceAll("after [0-9]+s", "after Ns")).toList();
        assertEquals(List.of(" drain: The drain of 10.0.1.1 by user 1000 (anna) began: new clients go elsewhere.",
            " drain: The drain of 10.0.1.1 by user 1000 (anna) ended: no connection was left after Ns."), drain);
    }

    @Test
    void aDrainThatNobodyWaitsForIsTold() throws IOException {
        director.run("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 10.0.1.1 -m\n", 0, "ipvsadm-restore");
        director.dataplane().serverCounters().add(0, 1, ServerCounters.ACTIVE, 1);
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(director.socket()))) {
            client.write(ByteBuffer.wrap("{\"version\":1,\"args\":[\"drain\",\"10.0.1.1\"]}\n".getBytes(UTF_8)));
            assertTrue(client.read(ByteBuffer.allocate(4096)) > 0, "it tells what is left");
        }
        String past = "";
        while (!past.contains("is watched by nobody any more")) {
            past = director.run("events", "--past").out();
        }
        assertTrue(director.run("ipvsadm", "-Sn").out().contains("-r 10.0.1.1:80 -m -w 0"), "its weight stays 0");
    }

    @Test
    void appliedFilesAndTheEndAreTold() {
        assertEquals(0, director.run("sysctls: {sloppy_tcp: 1}\n", 0, "config", "apply", "a.yaml").exit());
        final String past = director.run("events", "--past").out();
        assertTrue(past.contains(" config: user 0 (root) applied a.yaml: 1 change.\n"), past);
        final CompletableFuture<ServedDirector.Answer> events = listening("events");
        final CompletableFuture<ServedDirector.Answer> top = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> top.complete(director.run("top", "--interval", "3600")));
        director.awaitVerb("top");
        director.close();
        assertEquals(new ServedDirector.Answer(255, "", "The director ends.\n"), of(top));
        final ServedDirector.Answer answer = of(events);
        assertEquals(0, answer.exit(), answer::toString);
        assertTrue(answer.out().matches(TIME + " director: The director ends.\n"), answer::toString);
    }
}
