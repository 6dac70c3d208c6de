package io.ringmaster.bpf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmaster.sys.Libc;
import io.ringmaster.sys.NetworkNamespace;
import io.ringmaster.sys.TestNamespace;
import java.util.Optional;

/**
 * The director's program loaded for two queues, with a veth of three queues in a namespace of its own, of which queue 0
 * has a socket; not attached. The socket has a ring but no packet memory: enough for the map to take it.
 */
final class DirectorFixture implements AutoCloseable {
    static final long OTHER_INTERFACES_MAC = 0x02_00_00_00_0b_01L;
    private static final int AF_XDP = 44;
    private static final int SOCK_RAW = 3;
    private static final int SOL_XDP = 283;
    private static final int XDP_RX_RING = 2;
    private final TestNamespace space;
    private final DirectorProgram program;
    private final int interfaceIndex;
    private final int socketFd;
    private XdpQuestion question;

    private DirectorFixture(final TestNamespace space, final DirectorProgram program, final int interfaceIndex,
                            final int socketFd) {
        this.space = space;
        this.program = program;
        this.interfaceIndex = interfaceIndex;
        this.socketFd = socketFd;
    }

    static DirectorFixture open(final long mac) {
        final TestNamespace space = TestNamespace.make();
        space.ip("link add v0 numrxqueues 3 numtxqueues 3 type veth peer name v1 numrxqueues 3 numtxqueues 3");
        final int index = NetworkNamespace.call(space.name(), () -> Libc.interfaceIndex("v0"));
        final int other = NetworkNamespace.call(space.name(), () -> Libc.interfaceIndex("v1"));
        final DirectorProgram program = DirectorProgram.load(2);
        final int fd = socket();
        program.addMac(other, OTHER_INTERFACES_MAC);
        program.addMac(index, mac);
        program.setSocket(index, 0, fd);
        return new DirectorFixture(space, program, index, fd);
    }

    /** An AF_XDP socket that is bound to nothing. */
    static int socket() {
        final int fd = Libc.socket(AF_XDP, SOCK_RAW | Libc.O_CLOEXEC, 0);
        assertTrue(fd >= 0, "AF_XDP socket: error " + -fd);
        assertTrue(Libc.setsockopt(fd, SOL_XDP, XDP_RX_RING, 64) >= 0, "its ring");
        return fd;
    }

    DirectorProgram program() {
        return program;
    }

    int verdict(final int queue, final byte[] frame) {
        return NetworkNamespace.call(space.name(), () -> program.verdict(interfaceIndex, queue, frame));
    }

    /** What the program answers when it is only asked. */
    Optional<XdpReason> ask(final int queue, final byte[] frame) {
        if (question == null) {
            question = program.question();
        }
        return NetworkNamespace.call(space.name(), () -> question.ask(interfaceIndex, queue, frame));
    }

    @Override
    public void close() {
        if (question != null) {
            question.close();
        }
        Libc.close(socketFd);
        program.close();
        space.close();
    }
}
