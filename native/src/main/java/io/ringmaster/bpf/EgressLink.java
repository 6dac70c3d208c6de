package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A program on the way out of an interface. Since kernel 6.6 it is held by a bpf_link, which is gone with the process;
 * before that it is a filter of traffic control, which stays when the process is killed: it does nothing then
 * (egress.bpf.c), and the next director puts its own in its place. One thread owns it.
 */
final class EgressLink implements AutoCloseable {
    private static final int TCX_EGRESS = 47; // BPF_TCX_EGRESS of enum bpf_attach_type, include/uapi/linux/bpf.h
    private static final int TC_EGRESS = 1 << 1; // BPF_TC_EGRESS of bpf/libbpf.h
    private static final int REPLACE = 1; // BPF_TC_F_REPLACE
    /** By these two numbers our filter is known again. */
    private static final int PRIORITY = 0x524d;
    private static final int HANDLE = 1;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final MemorySegment hook;
    private final boolean ownHook;
    private boolean closed;

    private EgressLink(final int fd, final int interfaceIndex, final boolean ownHook) {
        this.fd = fd;
        this.hook = hook(arena, interfaceIndex);
        this.ownHook = ownHook;
    }

    /**
     * Attaches a program.
     *
     * @param asFilter whether in the way of old kernels.
     * @throws SystemCallException if that is not possible.
     */
    static EgressLink attach(final int programFd, final int interfaceIndex, final String interfaceName,
                             final boolean asFilter) {
        if (!asFilter) {
            final int link = Libbpf.linkCreate(programFd, interfaceIndex, TCX_EGRESS, MemorySegment.NULL);
            if (link >= 0) {
                return new EgressLink(link, interfaceIndex, false);
            }
            if (link != -Errno.EINVAL) {
                throw refused(interfaceName, -link);
            }
        }
        LibbpfMessages.capture();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment hook = hook(arena, interfaceIndex);
            final int made = LibbpfEgress.hookCreate(hook);
            if (made < 0 && made != -Errno.EEXIST) {
                throw refused(interfaceName, -made);
            }
            final int attached = LibbpfEgress.attach(hook, filter(arena, programFd, REPLACE));
            if (attached < 0) {
                throw refused(interfaceName, -attached);
            }
            return new EgressLink(-1, interfaceIndex, made == 0);
        }
    }

    private static SystemCallException refused(final String interfaceName, final int errno) {
        return new SystemCallException("attach the egress program to interface " + interfaceName, errno,
            errno == Errno.EPERM ? BpfObject.PRIVILEGE : "It needs kernel 6.6, or an older one with clsact and bpf"
                + " filters of traffic control.");
    }

    private static MemorySegment hook(final Arena arena, final int interfaceIndex) {
        final MemorySegment hook = LibbpfOptions.allocate(arena, LibbpfOptions.TC_HOOK);
        hook.set(JAVA_INT, LibbpfOptions.offset(LibbpfOptions.TC_HOOK, "ifindex"), interfaceIndex);
        hook.set(JAVA_INT, LibbpfOptions.offset(LibbpfOptions.TC_HOOK, "attach_point"), TC_EGRESS);
        return hook;
    }

    private static MemorySegment filter(final Arena arena, final int programFd, final int flags) {
        final MemorySegment options = LibbpfOptions.allocate(arena, LibbpfOptions.TC_OPTIONS);
        options.set(JAVA_INT, LibbpfOptions.offset(LibbpfOptions.TC_OPTIONS, "prog_fd"), programFd);
        options.set(JAVA_INT, LibbpfOptions.offset(LibbpfOptions.TC_OPTIONS, "flags"), flags);
        options.set(JAVA_INT, LibbpfOptions.offset(LibbpfOptions.TC_OPTIONS, "handle"), HANDLE);
        options.set(JAVA_INT, LibbpfOptions.offset(LibbpfOptions.TC_OPTIONS, "priority"), PRIORITY);
        return options;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (fd >= 0) {
            Libc.close(fd);
        } else {
            LibbpfEgress.detach(hook, filter(arena, 0, 0));
            if (ownHook) {
                LibbpfEgress.hookDestroy(hook);
            }
        }
        arena.close();
    }
}
