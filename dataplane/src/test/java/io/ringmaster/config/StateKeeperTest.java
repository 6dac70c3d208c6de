package io.ringmaster.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.connection.TcpState;
import io.ringmaster.control.FakeDataplane;
import io.ringmaster.control.HostAddress;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServiceId;
import io.ringmaster.control.ServiceSettings;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.service.NextHop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a director has is in its file when it ends. */
class StateKeeperTest {
    @TempDir
    private Path folder;

    private final ServiceTable table = new ServiceTable(new FakeDataplane(), (high, low) -> NextHop.NONE,
        TcpState.defaults());

    private void add(final int number) {
        table.addService(ServiceId.of(ServiceId.TCP, HostAddress.ipv4(0x0a000000 + number), 80),
            ServiceSettings.of("rr"));
    }

    @Test
    void whatWasChangedIsThereAgainAndTheOneBeforeToo() {
        final Path path = folder.resolve("new").resolve("state.yaml");
        final StateFile file = new StateFile(path);
        assertEquals(Optional.empty(), file.load());
        try (StateKeeper keeper = new StateKeeper(file, table, null)) {
            add(1);
            assertEquals(1, keeper.poll(1));
            // Too soon after the last time; what is left is saved at the end.
            add(2);
            keeper.poll(2);
        }
        assertEquals(State.of(table), file.load().orElseThrow());
        assertTrue(Files.exists(path.resolveSibling("state.yaml.previous")));
        assertTrue(Files.notExists(path.resolveSibling("state.yaml.new")));
    }

    @Test
    void aDamagedFileIsRefusedWithItsLineAndLeft() throws IOException {
        final Path path = folder.resolve("state.yaml");
        final StateFile file = new StateFile(path);
        add(1);
        add(2);
        file.save(State.of(table));
        final String good = Files.readString(path);
        for (final String bad : new String[] {good.substring(0, good.length() / 2), good.replace("tcp", "tpc"), ""}) {
            Files.writeString(path, bad);
            final String sentence = assertThrows(RefusedException.class, file::load).getMessage();
            assertTrue(sentence.startsWith("The state file is damaged: " + path + ", line "), sentence);
            assertEquals(bad, Files.readString(path));
        }
    }

    @Test
    void whatCannotBeSavedIsTriedAgain() throws Exception {
        final Path inTheWay = Files.createFile(folder.resolve("file"));
        final StateFile file = new StateFile(inTheWay.resolve("state.yaml"));
        try (StateKeeper keeper = new StateKeeper(file, table, null)) {
            add(1);
            assertEquals(1, keeper.poll(1));
            // The thread of its own ends the try; then the way is free.
            Thread.sleep(200);
            Files.delete(inTheWay);
            keeper.poll(2);
        }
        assertEquals(State.of(table), file.load().orElseThrow());
    }
}
