package io.ringmaster.director;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.connection.TcpState;
import io.ringmaster.control.Events;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.ServerId;
import io.ringmaster.control.ServerSettings;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Tunnel;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;
import io.ringmaster.stats.ServerCounters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told once a second, over a clock, counters and workers that the test moves. */
class EventWatchTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final ServiceId SERVICE = ServiceId.of(6, HostAddress.ipv4(0x0a010064), 80);
    private static final ServerId SERVER = new ServerId(HostAddress.ipv4(0x0a02000b), 80);
    private static final int UPPER = 4;

    private final FakeDataplane dataplane = new FakeDataplane();
    private final ServiceTable table = new ServiceTable(dataplane, (high, low) -> NextHop.NONE, TcpState.defaults());
    private final long[] cyclesNs = new long[2];
    private long full;
    private long nowNs;
    private final EventWatch watch = new EventWatch(table, () -> full, cyclesNs.length, worker -> cyclesNs[worker]);
    private int told;

    /** Lets a second pass, in which all workers but one do something; what is told then. */
    private List<String> second(final int stalled) {
        nowNs += SECOND_NS;
        for (int worker = 0; worker < cyclesNs.length; worker++) {
            cyclesNs[worker] = worker == stalled ? cyclesNs[worker] : nowNs;
        }
        assertEquals(1, watch.look(nowNs));
        assertEquals(0, watch.look(nowNs + 1), "once a second");
        try (Events.Listener listener = table.access().events().listen(Events.KEPT, Long.MAX_VALUE)) {
            final List<String> all = listener.past().stream().map(event -> event.kind().word() + ": " + event.text())
                .toList();
            final List<String> fresh = all.subList(told, all.size());
            told = all.size();
            return fresh;
        }
    }

    private List<String> second() {
        return second(-1);
    }

    private void carries(final int field, final long delta) {
        dataplane.serverCounters().add(0, 1, field, delta);
    }

    @Test
    void thresholdsAreToldAsSchedulersFollowThem() {
        table.addService(SERVICE, ServiceSettings.of("rr"));
        table.addServer(SERVICE, SERVER, new ServerSettings(ForwardingMethod.MASQUERADING, 1, UPPER, 2,
            Tunnel.IPIP));
        carries(ServerCounters.ACTIVE, 2);
        carries(ServerCounters.INACTIVE, 1);
        assertEquals(List.of(), second());
        carries(ServerCounters.PERSISTENT, 1);
        assertEquals(List.of(), second(), "templates do not count");
        carries(ServerCounters.INACTIVE, 1);
        assertEquals(List.of("threshold: 10.2.0.11 port 80 is overloaded: 4 connections (upper threshold 4, lower 2)."),
            second());
        carries(ServerCounters.ACTIVE, -2);
        assertEquals(List.of(), second(), "not below the lower one yet");
        carries(ServerCounters.INACTIVE, -1);
        assertEquals(List.of("threshold: 10.2.0.11 port 80 is available again: 1 connections (upper threshold 4, lower "
            + "2)."), second());
        assertEquals(List.of(), second());
    }

    @Test
    void withoutALowerThresholdThreeQuartersOfTheUpperOneAreLess() {
        table.addService(SERVICE, ServiceSettings.of("rr"));
        table.addServer(SERVICE, SERVER, new ServerSettings(ForwardingMethod.MASQUERADING, 1, UPPER, 0,
            Tunnel.IPIP));
        carries(ServerCounters.ACTIVE, 4);
        assertEquals(1, second().size());
        carries(ServerCounters.ACTIVE, -1);
        assertEquals(List.of(), second());
        carries(ServerCounters.ACTIVE, -1);
        assertEquals(1, second().size());
    }

    @Test
    void aFullTableIsToldAtItsBeginAndEnd() {
        assertEquals(List.of(), second());
        full = 7;
        assertEquals(1, second().stream().filter(line -> line.startsWith("table: The connection table is full: 7 "
            + "packets found no room within a second. ")).count());
        full = 9;
        assertEquals(List.of(), second(), "it is full still");
        assertEquals(List.of("table: New connections find room in the table again."), second());
    }

    @Test
    void aWorkerThatStandsStillIsTold() {
        second();
        second(1);
        assertEquals(List.of("worker: Worker 1 stands still for more than a second: is its core taken by something "
            + "else?"), second(1));
        assertEquals(List.of(), second(1));
        assertEquals(List.of("worker: Worker 1 goes on."), second());
    }
}
