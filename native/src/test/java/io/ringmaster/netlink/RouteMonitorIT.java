package io.ringmaster.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events of a real kernel; each test begins with nothing left to poll. */
class RouteMonitorIT {
    private static final int SMALL_BUFFER_BYTES = 4096;
    private final Wire wire = new Wire();
    private final Recorder recorder = new Recorder();
    private RouteMonitor monitor;

    @BeforeEach
    void open() {
        monitor = wire.monitor(RouteMonitor.RECEIVE_BUFFER_BYTES);
    }

    @AfterEach
    void close() {
        monitor.close();
        wire.close();
    }

    private void expect(final String line) throws InterruptedException {
        assertTrue(Wire.within(() -> {
            monitor.poll(recorder);
            return recorder.lines().contains(line);
        }), () -> line + " is not in " + recorder.lines());
        recorder.lines().clear();
    }

    @Test
    void tellsLinksDownAndUp() throws InterruptedException {
        wire.here().ip("link set a0 down");
        expect("+link a0 down");
        wire.here().ip("link set a0 up");
        expect("+link a0 up");
        wire.here().ip("link add d7 type veth peer name d8");
        expect("+link d7 down");
        wire.here().ip("link del d7");
        expect("-link d7 down");
        assertEquals(0, recorder.overruns());
    }

    @Test
    void aPortThatLeavesItsBridgeIsNotGone() throws InterruptedException {
        wire.batch("link add br0 type bridge\nlink add v0 type veth peer name v1\nlink set v0 up\n");
        expect("+link v0 up");
        wire.batch("link set v0 master br0\nlink set v0 nomaster\nlink set v0 down\n");
        assertTrue(Wire.within(() -> {
            monitor.poll(recorder);
            return recorder.lines().contains("+link v0 down");
        }));
        assertFalse(recorder.lines().stream().anyMatch(line -> line.startsWith("-link")), recorder.lines().toString());
    }

    @Test
    void tellsAddresses() throws InterruptedException {
        wire.here().ip("addr add 10.1.1.1/24 dev a0");
        expect("+address 10.1.1.1/24");
        wire.here().ip("addr del 10.1.1.1/24 dev a0");
        expect("-address 10.1.1.1/24");
        wire.here().ip("addr add 2001:db8:1::1/64 dev a0 nodad");
        expect("+address 2001:db8:1:0:0:0:0:1/64");
        wire.here().ip("addr del 2001:db8:1::1/64 dev a0");
        expect("-address 2001:db8:1:0:0:0:0:1/64");
    }

    @Test
    void tellsRoutesAndRules() throws InterruptedException {
        wire.here().ip("route add 10.9.0.0/16 via 10.0.0.2");
        expect("+route 10.9.0.0/16 via 10.0.0.2");
        wire.here().ip("route del 10.9.0.0/16");
        expect("-route 10.9.0.0/16 via 10.0.0.2");
        wire.here().ip("-6 route add 2001:db8:d::/48 via 2001:db8::2");
        expect("+route 2001:db8:d:0:0:0:0:0/48 via 2001:db8:0:0:0:0:0:2");
        wire.here().ip("-6 route del 2001:db8:d::/48");
        expect("-route 2001:db8:d:0:0:0:0:0/48 via 2001:db8:0:0:0:0:0:2");
        final int rules = recorder.rules();
        wire.here().ip("rule add from 10.1.1.1 table 177");
        wire.here().ip("-6 rule add from 2001:db8::7 table 177");
        assertTrue(Wire.within(() -> {
            monitor.poll(recorder);
            return recorder.rules() == rules + 2;
        }));
    }

    @Test
    void tellsNeighbours() throws InterruptedException {
        wire.here().ip("neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev a0");
        expect("+neighbour 10.0.0.7 20000000007");
        wire.here().ip("neigh replace 10.0.0.7 lladdr 02:00:00:00:00:08 dev a0");
        expect("+neighbour 10.0.0.7 20000000008");
        wire.here().ip("neigh del 10.0.0.7 dev a0");
        expect("-neighbour 10.0.0.7 0");
    }

    @Test
    void aReaderThatIsTooSlowIsToldToReadEverythingAgain() throws InterruptedException {
        try (RouteMonitor slow = wire.monitor(SMALL_BUFFER_BYTES)) {
            while (slow.poll(recorder) > 0) {
                continue;
            }
            recorder.lines().clear();
            final StringBuilder lines = new StringBuilder();
            for (int i = 1; i < 250; i++) {
                lines.append("neigh add 10.0.0.").append(i + 1).append(" lladdr 02:00:00:00:00:07 dev a0\n");
            }
            wire.batch(lines.toString());
            assertEquals(1, slow.poll(recorder), "the overrun comes first");
            assertEquals(1, recorder.overruns());
            assertEquals(List.of(), recorder.lines(), "what is older than the re-reading is thrown away");
            assertEquals(0, slow.poll(recorder));
            wire.here().ip("neigh add 10.0.0.252 lladdr 02:00:00:00:00:fc dev a0");
            assertEquals(1, slow.poll(recorder));
            assertEquals(List.of("+neighbour 10.0.0.252 200000000fc"), recorder.lines());
        }
    }

    @Test
    void holdsTenThousandEventsForAReaderWhoIsAway() {
        while (monitor.poll(recorder) > 0) {
            continue;
        }
        recorder.lines().clear();
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            lines.append("neigh add 10.1.").append(i / 250).append('.').append(i % 250 + 1)
                .append(" lladdr 02:00:00:00:00:07 dev a0\n");
        }
        wire.batch(lines.toString());
        while (monitor.poll(recorder) > 0) {
            continue;
        }
        assertEquals(0, recorder.overruns());
        assertEquals(10_000, recorder.lines().stream().filter(line -> line.startsWith("+neighbour 10.1.")).count());
    }

    @Test
    void routesGoInSilenceWithTheirInterfaceSoTheOwnerReadsThemAgain() throws InterruptedException {
        wire.here().ip("route add 10.9.0.0/16 via 10.0.0.2");
        expect("+route 10.9.0.0/16 via 10.0.0.2");
        wire.here().ip("link set a0 down");
        assertTrue(Wire.within(() -> {
            monitor.poll(recorder);
            return recorder.lines().contains("+link a0 down");
        }));
        assertFalse(recorder.lines().contains("-route 10.9.0.0/16 via 10.0.0.2"),
            "this kernel does tell; the remark at RouteMonitor can go");
    }
}
