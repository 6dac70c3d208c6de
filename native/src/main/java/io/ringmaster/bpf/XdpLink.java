package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.Libc;
import io.ringmaster.sys.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A program on an interface, held by a bpf_link (kernel 5.9): when its descriptor is closed, at the latest by the end
 * of the process, the program is off. One thread owns it.
 */
final class XdpLink implements DirectorProgram.Attachment {
    static final int ATTACH_XDP = 37; // BPF_XDP of enum bpf_attach_type, include/uapi/linux/bpf.h
    private final int fd;
    private final AttachMode mode;
    private final String description;
    private boolean closed;

    private XdpLink(final int fd, final AttachMode mode, final String description) {
        this.fd = fd;
        this.mode = mode;
        this.description = description;
    }

    /**
     * Attaches a program in native mode or, where the driver refuses that, in generic mode.
     *
     * @param interfaceIndex in the calling thread's network namespace.
     * @param interfaceName  for messages.
     * @throws SystemCallException if neither is possible; the message tells who is in the way.
     */
    static XdpLink attach(final int programFd, final int interfaceIndex, final String interfaceName) {
        final int driver = create(programFd, interfaceIndex, AttachMode.NATIVE);
        if (driver >= 0) {
            return new XdpLink(driver, AttachMode.NATIVE, interfaceName + ": XDP program in native mode");
        }
        // Another program or a missing interface is as bad for generic mode, and the first answer tells more.
        if (driver == -Errno.EBUSY || driver == -Errno.EEXIST || driver == -Errno.EPERM || driver == -Errno.ENODEV) {
            throw refused(interfaceName, -driver);
        }
        final int generic = create(programFd, interfaceIndex, AttachMode.GENERIC);
        if (generic < 0) {
            throw refused(interfaceName, -generic);
        }
        return new XdpLink(generic, AttachMode.GENERIC, interfaceName
            + ": XDP program in generic mode, which is slower; the driver refused native mode: "
            + Errno.describe(-driver));
    }

    /** Attaches in one mode or not at all; for tests. */
    static XdpLink attach(final int programFd, final int interfaceIndex, final String interfaceName,
                          final AttachMode mode) {
        final int link = create(programFd, interfaceIndex, mode);
        if (link < 0) {
            throw refused(interfaceName, -link);
        }
        return new XdpLink(link, mode, interfaceName + ": XDP program in " + mode.word() + " mode");
    }

    private static int create(final int programFd, final int interfaceIndex, final AttachMode mode) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment options = LibbpfOptions.allocate(arena, LibbpfOptions.LINK_CREATE);
            options.set(JAVA_INT, LibbpfOptions.offset(LibbpfOptions.LINK_CREATE, "flags"), mode.flag());
            return Libbpf.linkCreate(programFd, interfaceIndex, ATTACH_XDP, options);
        }
    }

    private static SystemCallException refused(final String interfaceName, final int errno) {
        final String tried = "attach the XDP program to interface " + interfaceName;
        return switch (errno) {
            case Errno.EBUSY, Errno.EEXIST -> new SystemCallException(tried, errno,
                "Another XDP program, perhaps that of another director, holds the interface: \"ip link show dev "
                    + interfaceName + "\" shows it, and \"ip link set dev " + interfaceName
                    + " xdp off\" removes one that was attached by hand.");
            case Errno.EPERM -> new SystemCallException(tried, errno, BpfObject.PRIVILEGE);
            // link creation answers EINVAL where there is no interface of that number
            case Errno.EINVAL, Errno.ENODEV -> new SystemCallException(tried, errno, "If it is not among those that "
                + "\"ip link\" lists, it is gone or in another network namespace.");
            default -> new SystemCallException(tried, errno);
        };
    }

    @Override
    public AttachMode mode() {
        return mode;
    }

    @Override
    public String describe() {
        return description;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.close(fd);
        }
    }
}
