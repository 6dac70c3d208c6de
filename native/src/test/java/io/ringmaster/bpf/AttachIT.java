package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.SystemCallException;
import io.ringmaster.sys.TestNamespace;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttachIT {
    private static String link(final TestNamespace space, final String name) throws IOException, InterruptedException {
        final Process ip = new ProcessBuilder("ip", "-n", space.name(), "link", "show", "dev", name).start();
        final String shown = new String(ip.getInputStream().readAllBytes());
        assertEquals(0, ip.waitFor());
        return shown;
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void programIsOnTheInterfaceUntilClosed(final AttachMode mode) throws Exception {
        try (VethPair pair = new VethPair(); DirectorProgram program = DirectorProgram.load(2)) {
            final DirectorProgram.Attachment attached = pair.here(() -> program.attach(pair.index(), "v0", mode));
            assertEquals(mode, attached.mode());
            assertTrue(link(pair.hereSpace(), "v0").contains(mode == AttachMode.NATIVE ? " xdp " : " xdpgeneric "));
            attached.close();
            attached.close();
            assertFalse(link(pair.hereSpace(), "v0").contains(" xdp"));
        }
    }

    @Test
    void nativeModeComesFirst() throws Exception {
        try (VethPair pair = new VethPair(); DirectorProgram program = DirectorProgram.load(2);
             DirectorProgram.Attachment attached = pair.here(() -> program.attach(pair.index(), "v0"))) {
            assertEquals(AttachMode.NATIVE, attached.mode());
            assertEquals("v0: XDP program in native mode", attached.describe());
        }
    }

    @Test
    void genericModeWhereTheDriverRefuses() {
        try (TestNamespace space = TestNamespace.make(); DirectorProgram program = DirectorProgram.load(1)) {
            // a veth refuses where its peer sends by more queues than it has to receive
            space.ip("link add v0 numrxqueues 1 numtxqueues 1 type veth peer name v1 numrxqueues 1 numtxqueues 4");
            space.ip("link set v0 up");
            space.ip("link set v1 up");
            NetworkNamespace.run(space.name(), () -> {
                final int index = Libc.interfaceIndex("v0");
                try (DirectorProgram.Attachment attached = program.attach(index, "v0")) {
                    assertEquals(AttachMode.GENERIC, attached.mode());
                    assertTrue(attached.describe().startsWith("v0: XDP program in generic mode"), attached.describe());
                    assertTrue(attached.describe().contains("ENOSPC"), attached.describe());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void aSecondProgramIsToldWhoIsThere(final AttachMode mode) {
        try (VethPair pair = new VethPair(); DirectorProgram first = DirectorProgram.load(2);
             DirectorProgram.Attachment attached = pair.here(() -> first.attach(pair.index(), "v0", mode))) {
            assertEquals(mode, attached.mode());
            final SystemCallException refused = assertThrows(SystemCallException.class,
                () -> pair.here(() -> DecapProgram.attach(pair.index(), "v0")));
            assertTrue(refused.errno() == Errno.EBUSY || refused.errno() == Errno.EEXIST, refused.getMessage());
            assertTrue(refused.getMessage().contains("another director"), refused.getMessage());
            assertTrue(refused.getMessage().contains("ip link show dev v0"), refused.getMessage());
        }
    }

    @Test
    void anInterfaceThatIsNotThere() {
        try (DirectorProgram program = DirectorProgram.load(1)) {
            final SystemCallException refused = assertThrows(SystemCallException.class,
                () -> program.attach(999_999, "nowhere0"));
            assertTrue(refused.getMessage().contains("nowhere0"), refused.getMessage());
            assertTrue(refused.getMessage().contains("\"ip link\""), refused.getMessage());
        }
    }

    @Test
    void everyServiceMayHaveAnAddressOfItsOwn() {
        try (DirectorProgram program = DirectorProgram.load(1)) {
            for (int i = 0; i < 66_000; i++) {
                program.addLocalAddress(0, 0xffff_0a00_0000L + i);
            }
            program.removeLocalAddress(0, 0xffff_0a00_0000L);
        }
    }

    @Test
    void manyInterfacesShareOneProgram() {
        try (DirectorProgram program = DirectorProgram.load(2)) {
            for (int index = 1; index <= DirectorProgram.MOST_INTERFACES; index++) {
                program.addMac(index, 0x02_00_00_00_00_01L);
                program.addMac(index, 0x02_00_00_00_00_02L);
            }
            final IllegalStateException refused = assertThrows(IllegalStateException.class,
                () -> program.addMac(10_000, 1));
            assertTrue(refused.getMessage().contains("interface 10000"), refused.getMessage());
            assertThrows(IllegalArgumentException.class, () -> program.setSocket(1, 2, 0));
            assertThrows(IllegalArgumentException.class, () -> program.setSocket(1, -1, 0));
            final SystemCallException noSocket = assertThrows(SystemCallException.class,
                () -> program.setSocket(1, 1, 0));
            assertTrue(noSocket.getMessage().contains("interface 1 queue 1"), noSocket.getMessage());
        }
    }
}
