package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Downcalls;
import io.ringmaster.sys.Errno;
import io.ringmaster.sys.SystemCallException;
import io.ringmaster.sys.TestNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a person reads when the program cannot be loaded. */
class LoadFailureIT {
    @Test
    void aMissingLibraryNamesItsPackage() {
        final IllegalStateException missing = assertThrows(IllegalStateException.class,
            () -> LibbpfLibrary.find("libbpf.so.99"));
        assertTrue(missing.getMessage().contains("apt-get install libbpf1"), missing.getMessage());
        assertTrue(missing.getMessage().contains("dnf install libbpf"), missing.getMessage());
    }

    @Test
    void bytesThatAreNoObject() {
        final SystemCallException refused = assertThrows(SystemCallException.class,
            () -> BpfObject.open("nonsense", "this is no ELF file".repeat(20).getBytes(StandardCharsets.UTF_8)));
        assertTrue(refused.getMessage().contains("the BPF object nonsense"), refused.getMessage());
    }

    @Test
    void theVerifiersLastLinesAreTold() {
        TestNamespace.make().close(); // skips where this is not root
        final byte[] bytes = DecapProgram.object();
        // r0 = r9, which nobody has set
        System.arraycopy(new byte[]{(byte) 0xbf, (byte) 0x90, 0, 0, 0, 0, 0, 0}, 0, bytes, programOffset(bytes), 8);
        try (BpfObject object = BpfObject.open("decap", bytes)) {
            final SystemCallException refused = assertThrows(SystemCallException.class, object::load);
            assertEquals(Errno.EACCES, refused.errno(), refused.getMessage());
            assertTrue(refused.getMessage().contains("R9 !read_ok"), refused.getMessage());
            assertTrue(refused.getMessage().length() < 4000, "not the whole log");
        }
    }

    /** Offset in an ELF64 file of the first bytes that are a program: in the section "xdp". */
    private static int programOffset(final byte[] elf) {
        final ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        final int sections = (int) file.getLong(0x28);
        final int count = file.getShort(0x3c);
        final int names = (int) file.getLong(sections + 64 * file.getShort(0x3e) + 0x18);
        for (int i = 0; i < count; i++) {
            final int name = names + file.getInt(sections + 64 * i);
            if (new String(elf, name, 4, StandardCharsets.US_ASCII).equals("xdp\0")) {
                return (int) file.getLong(sections + 64 * i + 0x18);
            }
        }
        throw new AssertionError("no section xdp");
    }

    @Test
    void withoutPrivilegeTheCapabilitiesAreNamed() throws Exception {
        final Throwable[] thrown = new Throwable[1];
        final Thread powerless = new Thread(() -> {
            dropCapabilities();
            try (DirectorProgram program = DirectorProgram.load(1)) {
                thrown[0] = new AssertionError("loaded " + program);
            } catch (final RuntimeException e) {
                thrown[0] = e;
            }
        });
        powerless.start();
        powerless.join();
        final SystemCallException refused = assertInstanceOf(SystemCallException.class, thrown[0]);
        assertEquals(Errno.EPERM, refused.errno(), refused.getMessage());
        assertTrue(refused.getMessage().contains("root"), refused.getMessage());
        assertTrue(refused.getMessage().contains("CAP_BPF"), refused.getMessage());
    }

    /** Of this thread alone, for good; see capset(2). */
    private static void dropCapabilities() {
        final MethodHandle capset = Downcalls.withErrno("capset", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment header = arena.allocate(8, 4);
            header.set(JAVA_INT, 0, 0x20080522); // _LINUX_CAPABILITY_VERSION_3
            final int result = (int) capset.invokeExact(arena.allocate(Downcalls.captureLayout()), header,
                arena.allocate(24, 4));
            assertEquals(0, result);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    @Test
    void aSizeOutOfRangeIsRefused() {
        for (final int sockets : new int[]{0, -1, DirectorProgram.MOST_QUEUES + 1}) {
            assertThrows(IllegalArgumentException.class, () -> DirectorProgram.load(sockets));
        }
    }
}
