package io.ringmaster.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NetworkNamespaceIT {
    @Test
    void threadWorksInsideAndComesBack() throws Exception {
        try (TestNamespace space = TestNamespace.make()) {
            assertTrue(NetworkNamespace.exists(space.name()));
            final String home = own();
            final String inside = NetworkNamespace.call(space.name(), NetworkNamespaceIT::own);
            assertNotEquals(home, inside);
            assertEquals(home, own());
            assertThrows(IOException.class, () -> NetworkNamespace.call(space.name(), () -> {
                throw new IOException("inside");
            }));
            assertEquals(home, own(), "also after an exception");
        }
    }

    @Test
    void aThreadStartedInsideStaysInside() throws Exception {
        try (TestNamespace space = TestNamespace.make()) {
            final String[] seen = new String[1];
            final Thread thread = new Thread(() -> seen[0] = uncheckedOwn());
            NetworkNamespace.run(space.name(), thread::start);
            thread.join();
            assertEquals(NetworkNamespace.call(space.name(), NetworkNamespaceIT::own), seen[0]);
        }
    }

    @Test
    void unknownNamesAreToldInASentence() {
        for (final String name : new String[]{"no-such-namespace", "", "../etc", "."}) {
            final RuntimeException refused = assertThrows(RuntimeException.class,
                () -> NetworkNamespace.run(name, () -> {
                }));
            assertTrue(refused.getMessage().endsWith("."), refused.getMessage());
        }
        assertFalse(NetworkNamespace.exists("no-such-namespace"));
    }

    @Test
    void aVirtualThreadIsRefused() throws Exception {
        final Throwable[] thrown = new Throwable[1];
        final Thread thread = Thread.ofVirtual().unstarted(() -> NetworkNamespace.run("x", () -> {
        }));
        thread.setUncaughtExceptionHandler((who, e) -> thrown[0] = e);
        thread.start();
        thread.join();
        assertTrue(thrown[0] instanceof IllegalStateException, String.valueOf(thrown[0]));
    }

    private static String own() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    }

    private static String uncheckedOwn() {
        try {
            return own();
        } catch (final IOException e) {
            return e.toString();
        }
    }
}
