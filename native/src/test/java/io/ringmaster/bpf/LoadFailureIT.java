package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person reads when the program cannot be loaded. */
class LoadFailureIT {
    private static final int CAP_NET_ADMIN = 12; // include/uapi/linux/capability.h
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;

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

    private static Throwable loadAndAttach(final VethPair pair, final long capabilities) throws InterruptedException {
        final Throwable[] thrown = new Throwable[1];
        final Thread weaker = new Thread(() -> {
            keepCapabilities(capabilities);
            try (DirectorProgram program = DirectorProgram.load(1);
                 DirectorProgram.Attachment attached = program.attach(pair.index(), "v0")) {
                assertEquals(AttachMode.NATIVE, attached.mode());
                assertEquals(true, program.handBackSupported());
                assertEquals(0, program.counters().get("redirected_service"));
            } catch (final RuntimeException | AssertionError e) {
                thrown[0] = e;
            }
        });
        pair.here(() -> {
            weaker.start(); // a new thread is in the namespace of the one that starts it
            return null;
        });
        weaker.join();
        return thrown[0];
    }

    @Test
    void theThreeCapabilitiesThatMessagesNameAreEnough() throws Exception {
        try (VethPair pair = new VethPair()) {
            assertNull(loadAndAttach(pair, 1L << CAP_NET_ADMIN | 1L << CAP_PERFMON | 1L << CAP_BPF));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1L << CAP_NET_ADMIN, 1L << CAP_BPF, 1L << CAP_NET_ADMIN | 1L << CAP_BPF})
    void withoutPrivilegeTheCapabilitiesAreNamed(final long capabilities) throws Exception {
        final Throwable thrown;
        try (VethPair pair = new VethPair()) {
            thrown = loadAndAttach(pair, capabilities);
        }
        final SystemCallException refused = assertInstanceOf(SystemCallException.class, thrown);
        assertTrue(refused.errno() == Errno.EPERM || refused.errno() == Errno.EACCES, refused.getMessage());
        assertTrue(refused.getMessage().endsWith(BpfObject.PRIVILEGE), refused.getMessage());
    }

    /** Of this thread alone, for good; see capset(2). Those named become effective and permitted, no other. */
    private static void keepCapabilities(final long capabilities) {
        final MethodHandle capset = Downcalls.withErrno("capset", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment header = arena.allocate(8, 4);
            header.set(JAVA_INT, 0, 0x20080522); // _LINUX_CAPABILITY_VERSION_3
            final MemorySegment data = arena.allocate(24, 4); // twice: effective, permitted, inheritable
            for (int half = 0; half < 2; half++) {
                data.set(JAVA_INT, 12L * half, (int) (capabilities >>> 32 * half));
                data.set(JAVA_INT, 12L * half + 4, (int) (capabilities >>> 32 * half));
            }
            final int result = (int) capset.invokeExact(arena.allocate(Downcalls.captureLayout()), header, data);
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
