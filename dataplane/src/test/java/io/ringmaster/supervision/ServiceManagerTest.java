package io.ringmaster.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
    private static final String PID = Long.toString(ProcessHandle.current().pid());

    @TempDir
    private Path folder;

    private String socket() {
        return folder.resolve("notify").toString();
    }

    @Test
    void whatIsToldIsWhatSystemdReads() {
        try (NotifyReceiver receiver = NotifyReceiver.at(socket());
             ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", socket()))) {
            manager.ready("two\nlines");
            manager.status("a");
            manager.alive();
            manager.stopping();
            assertEquals("READY=1\nSTATUS=two lines", receiver.next(1_000));
            assertEquals("STATUS=a", receiver.next(1_000));
            assertEquals("WATCHDOG=1", receiver.next(1_000));
            assertEquals("STOPPING=1", receiver.next(1_000));
            final long beforeUsec = System.nanoTime() / 1_000;
            manager.reloading();
            final String reloading = receiver.next(1_000);
            assertTrue(reloading.startsWith("RELOADING=1\nMONOTONIC_USEC="), reloading);
            final long usec = Long.parseLong(reloading.substring(reloading.lastIndexOf('=') + 1));
            assertTrue(usec >= beforeUsec && usec <= System.nanoTime() / 1_000, reloading);
        }
    }

    @Test
    void withoutOneNobodyIsTold() {
        try (ServiceManager nobody = ServiceManager.of(Map.of("WATCHDOG_USEC", "1000"))) {
            nobody.ready("x");
            assertTrue(nobody.watchdogNs().isEmpty());
        }
        try (ServiceManager gone = ServiceManager.of(Map.of("NOTIFY_SOCKET", socket()))) {
            gone.ready("nothing is thrown");
            gone.alive();
        }
        assertThrows(IllegalArgumentException.class, () -> ServiceManager.of(Map.of("NOTIFY_SOCKET", "notify")));
    }

    @Test
    void theWatchdogIsThatOfThisProcess() {
        assertEquals(OptionalLong.of(10_000_000_000L), watchdog(Map.of("WATCHDOG_USEC", "10000000")));
        assertEquals(OptionalLong.of(1_000), watchdog(Map.of("WATCHDOG_USEC", "1", "WATCHDOG_PID", PID)));
        assertEquals(OptionalLong.empty(), watchdog(Map.of("WATCHDOG_USEC", "1", "WATCHDOG_PID", "1")));
        assertEquals(OptionalLong.empty(), watchdog(Map.of()));
        for (final String wrong : new String[] {"0", "-1", "1s", "1234567890123456"}) {
            assertThrows(IllegalArgumentException.class, () -> watchdog(Map.of("WATCHDOG_USEC", wrong)), wrong);
        }
    }

    private OptionalLong watchdog(final Map<String, String> variables) {
        final Map<String, String> all = new HashMap<>(variables);
        all.put("NOTIFY_SOCKET", socket());
        try (ServiceManager manager = ServiceManager.of(all)) {
            return manager.watchdogNs();
        }
    }

    @Test
    void theDogIsFedOnlyWhileEveryWorkerGoesOn() {
        final long[] cycles = {1, 1};
        try (NotifyReceiver receiver = NotifyReceiver.at(socket());
             ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", socket()));
             Watchdog dog = new Watchdog(manager, cycles.length, worker -> cycles[worker])) {
            assertTrue(dog.look());
            assertEquals("WATCHDOG=1", receiver.next(1_000));
            cycles[0]++;
            assertFalse(dog.look());
            assertEquals("STATUS=Worker 1 stands still; the watchdog gets no sign of life until it goes on.",
                receiver.next(1_000));
            cycles[0]++;
            assertFalse(dog.look());
            assertEquals("", receiver.next(0));
            cycles[0]++;
            cycles[1]++;
            assertTrue(dog.look());
            assertEquals("WATCHDOG=1", receiver.next(1_000));
        }
    }
}
