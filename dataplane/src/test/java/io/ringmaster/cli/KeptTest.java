package io.ringmaster.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmaster.control.Startup;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A director says at its start what becomes of what commands make. */
class KeptTest {
    private static String fate(final String file, final Path state) {
        return new Kept(Startup.UNKNOWN, Optional.ofNullable(file).map(text -> ConfigText.read(text, "director.yaml")),
            Optional.ofNullable(state)).fate();
    }

    @Test
    void itIsKeptInAFileOrEndsWithTheDirector() {
        final Path state = Path.of("/var/lib/ringmaster/state.yaml");
        final String kept = "what they make is kept in /var/lib/ringmaster/state.yaml";
        assertEquals(kept, fate(null, state));
        assertEquals(kept, fate("interfaces: [eth0]\n", state));
        final String unless = "what they make ends with this director, unless it is started with --state FILE";
        assertEquals(unless, fate(null, null));
        assertEquals(unless, fate("interfaces: [eth0]\n", null));
        final String again = "what they make ends with this director, the next one begins with its file again";
        assertEquals(again, fate("services: []\n", null));
        assertEquals(again, fate("services: []\n", state));
    }
}
