package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.ringmaster.connection.ConnectionKey;
import io.ringmaster.connection.ConnectionValue;
import io.ringmaster.connection.TableRule;
import io.ringmaster.connection.TcpState;
import io.ringmaster.connection.WorkerTable;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.stats.ServerCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The check of the table as a command, against the services that the control thread knows. */
@Timeout(600)
final class TableCommandTest {
    private static final int TCP = 6;
    private static final int CLIENT = 0x0a090101;
    private static final ServiceId SERVICE = ServiceId.of(TCP, HostAddress.ipv4(0x0a010064), 80);
    private static final ServerId SERVER = new ServerId(HostAddress.ipv4(0x0a02000b), 80);

    private final ServedDirector director = ServedDirector.start();
    private final FakeDataplane dataplane = director.dataplane();
    private final ServiceTable services = director.table();
    private final WorkerTable worker = dataplane.table.worker(0, (key, value) -> { });

    @BeforeEach
    void oneConnection() {
        services.addService(SERVICE, ServiceSettings.of("rr"));
        services.addServer(SERVICE, SERVER, ServerSettings.of(ForwardingMethod.MASQUERADING, 1));
        worker.beginCycle();
        insert(1, 1, TcpState.ESTABLISHED);
        dataplane.serverCounters().add(0, 1, ServerCounters.ACTIVE, 1);
        dataplane.serverCounters().add(1, 1, ServerCounters.CONNECTIONS, 1);
    }

    private void insert(final int endpoint, final int server, final TcpState state) {
        assertTrue(worker.insert(ConnectionKey.of(CLIENT, 4000, endpoint), dataplane.table.hash(TCP, CLIENT, 4000),
            ConnectionValue.of(state.ordinal(), server, 0, 0, 900, 0), 0) >= 0);
    }

    @AfterEach
    void close() {
        director.close();
    }

    private ServedDirector.Answer run(final String... words) {
        final List<String> all = new ArrayList<>(List.of("table"));
        all.addAll(List.of(words));
        return director.run(all.toArray(String[]::new));
    }

    @Test
    void aCleanTable() {
        final ServedDirector.Answer reply = run("check");
        assertEquals(0, reply.exit(), reply::out);
        assertTrue(reply.out().startsWith("256 slots: 1 connections, 0 templates, 0 ending, 255 free\n"), reply::out);
        assertTrue(reply.out().endsWith("\ntable check: clean\n"), reply::out);
        for (final TableRule rule : TableRule.values()) {
            assertTrue(reply.out().lines().anyMatch(line -> line.strip().startsWith(rule.word() + " ")
                && line.contains(" ok ")), rule::word);
        }
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        insert(2, 7, TcpState.SYN_RECV);
        dataplane.serverCounters().add(1, 1, ServerCounters.INACTIVE, 2);
        final ServedDirector.Answer reply = run("check");
        assertEquals(1, reply.exit());
        assertTrue(reply.out().contains("10.9.1.1:4000 to endpoint 2: nobody knows real server 7"), reply::out);
        assertTrue(reply.out().contains("real server 10.2.0.11:80 of tcp 10.1.0.100:80: 1 active and 0 inactive "
            + "entries, counted 1 and 2"), reply::out);
        assertTrue(reply.out().endsWith("\ntable check: 3 faults\n"), reply::out);
        final ServedDirector.Answer json = run("check", "--json");
        assertEquals(1, json.exit());
        assertEquals(1, json.out().lines().count());
        assertTrue(json.out().startsWith("{\"clean\":false,\"faults\":3,\"slots\":256,\"connections\":2,"), json::out);
        try (JsonParser parser = new JsonFactory().createParser(json.out())) {
            parser.nextToken();
            parser.skipChildren();
            assertEquals(null, parser.nextToken(), "one whole object");
        }
    }

    @Test
    void countsOfARemovedServerGoOn() {
        services.deleteServer(SERVICE, SERVER);
        assertEquals(0, run("check").exit(), "its connection stays");
        services.deleteService(SERVICE);
        assertEquals(0, run("check").exit());
    }

    @Test
    void oneAtATime() {
        dataplane.serverCounters().add(1, 1, ServerCounters.INACTIVE, 2);
        dataplane.checkPauseMs = 1_000;
        final List<CompletableFuture<ServedDirector.Answer>> both = Stream.generate(() ->
            CompletableFuture.supplyAsync(() -> run("check"), each -> Thread.ofPlatform().start(each))
                .orTimeout(60, TimeUnit.SECONDS)).limit(2).toList();
        final Object refused = CompletableFuture.anyOf(both.toArray(CompletableFuture[]::new)).join();
        assertEquals(new ServedDirector.Answer(1, "", "Another check of the table is running; try again when it is "
            + "done.\n"), refused);
        assertEquals(1, both.stream().filter(CompletableFuture::isDone).count(), "the other waits to look again");
        dataplane.nowMs = Long.MAX_VALUE;
        for (final CompletableFuture<ServedDirector.Answer> each : both) {
            assertEquals(1, each.join().exit(), "refused, or counts differ");
        }
        dataplane.checkPauseMs = 0;
        assertEquals("", run("check").err());
    }
}
