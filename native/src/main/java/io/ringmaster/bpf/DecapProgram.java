package io.ringmaster.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The XDP program of a real server without a tunnel device: it strips the outer headers of tunnel packets (IPIP, GRE,
 * GUE) that come in by one interface. Owned by one thread.
 * <p>
 * It takes packets of every outer destination for which this host is the end of the way: all, where the interface does
 * not forward, else those to local addresses. So it needs no configuration, works as a bare object file, and leaves
 * alone what a router or a host of containers only forwards.
 */
public final class DecapProgram implements AutoCloseable {
    /** UDP port of GUE (IANA service-names-port-numbers), which the object has, too. */
    public static final int GUE_PORT = 6080;
    private static final String RESOURCE = "decap.bpf.o";
    private static final int PACKETS = 0;
    private static final int BYTES = 1;
    private final BpfObject object;
    private final BpfMap stripped;
    private final DirectorProgram.Attachment attachment;

    private DecapProgram(final BpfObject object, final DirectorProgram.Attachment attachment) {
        this.object = object;
        this.attachment = attachment;
        stripped = object.map("stripped");
    }

    /**
     * Loads the program and attaches it in native mode or, where the driver refuses that, in generic mode.
     *
     * @param interfaceIndex in the calling thread's network namespace.
     * @param name           the interface's name, for messages.
     * @param guePort        UDP port that GUE packets come to, 1 to 65,535.
     * @throws IllegalStateException                 if libbpf.so.1 is missing; the message names the package.
     * @throws io.ringmaster.sys.SystemCallException if the kernel refuses: no privilege, too old, interface taken.
     */
    public static DecapProgram attach(final int interfaceIndex, final String name, final int guePort) {
        final BpfObject object = BpfObject.open("decap", object());
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment port = arena.allocate(Short.BYTES);
            port.set(ValueLayout.JAVA_SHORT, 0, (short) guePort);
            object.setInitialValue(".rodata", port);
            object.load();
            return new DecapProgram(object, XdpLink.attach(object.programFd("decap"), interfaceIndex, name));
        } catch (final RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** As {@link #attach(int, String, int)}, with IANA's port of GUE. */
    public static DecapProgram attach(final int interfaceIndex, final String name) {
        return attach(interfaceIndex, name, GUE_PORT);
    }

    /** As {@link #attach(int, String)}, in one mode only; for tests. */
    static DecapProgram attach(final int interfaceIndex, final String name, final AttachMode mode) {
        final BpfObject object = BpfObject.open("decap", object());
        try {
            object.load();
            return new DecapProgram(object, XdpLink.attach(object.programFd("decap"), interfaceIndex, name, mode));
        } catch (final RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** The compiled object, for {@code ip link set dev IF xdp obj FILE sec xdp} on machines without Java. */
    public static byte[] object() {
        return BpfObject.resource(RESOURCE);
    }

    /** Tunnel packets that were stripped since it was attached. */
    public long packets() {
        return stripped.sum(0, 2)[PACKETS];
    }

    /** Bytes of their inner IP packets. */
    public long bytes() {
        return stripped.sum(0, 2)[BYTES];
    }

    /** Where it runs. */
    public AttachMode mode() {
        return attachment.mode();
    }

    /** One line for people: interface, mode, and why not the better one. */
    public String describe() {
        return attachment.describe();
    }

    /** Takes the program off the interface. */
    @Override
    public void close() {
        attachment.close();
        object.close();
    }
}
