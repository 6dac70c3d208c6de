package io.ringmaster.xdp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.sys.Downcalls;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The least XDP program that receives: every packet goes to the socket of its queue, or on to the kernel. */
final class RedirectProgram implements AutoCloseable {
    private static final long BPF = "aarch64".equals(System.getProperty("os.arch")) ? 280 : 321;
    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int PROG_LOAD = 5;
    private static final int LINK_CREATE = 28;
    private static final int XSKMAP = 17;
    private static final int TYPE_XDP = 6;
    private static final int ATTACH_XDP = 37;
    private static final int GENERIC = 2;
    private static final int NATIVE = 4;
    private static final MethodHandle SYSCALL = Downcalls.variadicWithErrno("syscall",
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), 1);
    private final int map;
    private final int link;

    /** Attaches to an interface of the calling thread's namespace. */
    RedirectProgram(final int interfaceIndex, final boolean nativeMode) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment create = arena.allocateFrom(JAVA_INT, XSKMAP, 4, 4, 64);
            map = bpf("create a map", MAP_CREATE, create);
            final MemorySegment instructions = arena.allocateFrom(JAVA_LONG,
                instruction(0x61, 0x12, 16, 0),  // r2 = ctx->rx_queue_index
                instruction(0x18, 0x11, 0, map), // r1 = map
                0,
                instruction(0xb7, 0x03, 0, 2),   // r3 = XDP_PASS
                instruction(0x85, 0, 0, 51),     // r0 = bpf_redirect_map(r1, r2, r3)
                instruction(0x95, 0, 0, 0));     // return r0
            final MemorySegment load = arena.allocate(72, 8);
            load.set(JAVA_INT, 0, TYPE_XDP);
            load.set(JAVA_INT, 4, 6);
            load.set(JAVA_LONG, 8, instructions.address());
            load.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
            load.set(JAVA_INT, 68, ATTACH_XDP);
            final int program = bpf("load a program", PROG_LOAD, load);
            link = bpf("attach a program", LINK_CREATE, arena.allocateFrom(JAVA_INT, program, interfaceIndex,
                ATTACH_XDP, nativeMode ? NATIVE : GENERIC));
            Libc.close(program);
        }
    }

    void set(final XdpSocket socket) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment update = arena.allocate(32, 8);
            update.set(JAVA_INT, 0, map);
            update.set(JAVA_LONG, 8, arena.allocateFrom(JAVA_INT, socket.queue()).address());
            update.set(JAVA_LONG, 16, arena.allocateFrom(JAVA_INT, socket.fd()).address());
            bpf("set " + socket, MAP_UPDATE_ELEM, update);
        }
    }

    @Override
    public void close() {
        Libc.close(link);
        Libc.close(map);
    }

    private static long instruction(final int code, final int registers, final int offset, final int immediate) {
        return code | (long) registers << 8 | (long) offset << 16 | (long) immediate << 32;
    }

    private static int bpf(final String tried, final long command, final MemorySegment attributes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment errno = arena.allocate(Downcalls.captureLayout());
            final long result = (long) SYSCALL.invokeExact(errno, BPF, command, attributes, attributes.byteSize());
            if (result < 0) {
                throw new SystemCallException(tried, Downcalls.errno(errno));
            }
            return (int) result;
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }
}
