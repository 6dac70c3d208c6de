package io.ringmaster.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.NotifySocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {
    private static final int ECONNREFUSED = 111;
    private static final int ENOENT = 2;
    private static final int EAGAIN = 11;

    @TempDir
    private Path folder;

    private static void exchange(final String name) {
        try (NotifyReceiver receiver = NotifyReceiver.at(name); NotifySocket socket = NotifySocket.open(name)) {
            assertEquals(0, socket.send("READY=1\nSTATUS=ü", true));
            assertEquals(0, socket.send("WATCHDOG=1", false));
            assertEquals("READY=1\nSTATUS=ü", receiver.next(1_000));
            assertEquals("WATCHDOG=1", receiver.next(1_000));
            assertEquals("", receiver.next(0));
        }
    }

    @Test
    void aPathIsReached() {
        exchange(folder.resolve("notify").toString());
    }

    @Test
    void anAbstractNameIsReached() {
        exchange("@ringmaster-test-" + ProcessHandle.current().pid());
    }

    @Test
    void whoDoesNotListenIsTold() {
        try (NotifySocket nobody = NotifySocket.open(folder.resolve("none").toString());
             NotifySocket none = NotifySocket.open("@ringmaster-none-" + ProcessHandle.current().pid())) {
            assertEquals(ENOENT, nobody.send("READY=1", true));
            assertEquals(ECONNREFUSED, none.send("READY=1", true));
        }
    }

    /** A manager that does not read keeps nobody waiting who does not want to. */
    @Test
    void aFullQueueIsTold() {
        final String name = folder.resolve("full").toString();
        try (NotifyReceiver _ = NotifyReceiver.at(name); NotifySocket socket = NotifySocket.open(name)) {
            int sent = 0;
            int result = 0;
            while (result == 0 && sent++ < 1_000_000) {
                result = socket.send("WATCHDOG=1", false);
            }
            assertEquals(EAGAIN, result);
            assertTrue(sent > 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "@", "notify", "vsock:2:1234"})
    void otherNamesAreRefused(final String name) {
        assertThrows(IllegalArgumentException.class, () -> NotifySocket.open(name));
        assertThrows(IllegalArgumentException.class, () -> NotifySocket.open("/" + "x".repeat(107)));
    }
}
