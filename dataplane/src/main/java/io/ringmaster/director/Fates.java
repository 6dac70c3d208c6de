package io.ringmaster.director;

import io.ringmaster.bpf.DirectorProgram;
import io.ringmaster.bpf.XdpReason;
import io.ringmaster.control.PacketFates.Fate;
import io.ringmaster.stats.Counter;
import io.ringmaster.xdp.XdpSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Reads every counter of packets: the XDP program's, the sockets', the workers'. Owned by the control thread. */
final class Fates {
    private static final String[][] SOCKET_COUNTERS = {
        {"rx-dropped", "frames that the kernel could not put into a ring or frame",
            "Larger than the frame (MTU), or the worker is too slow."},
        {"rx-invalid-descriptors", "fill ring entries that the kernel refused", "A defect of the director."},
        {"tx-invalid-descriptors", "transmit ring entries that the kernel refused", "A defect of the director."},
        {"rx-ring-full", "frames lost because the receive ring was full", "The worker is too slow."},
        {"fill-ring-empty", "times the kernel found no frame to receive into", "The worker is too slow."},
        {"tx-ring-empty", "times the kernel found nothing to send", ""},
    };

    private final DirectorProgram program;
    private final List<XdpSocket> sockets;
    private final ToLongFunction<Counter> workers;

    Fates(final DirectorProgram program, final List<XdpSocket> sockets, final ToLongFunction<Counter> workers) {
        this.program = program;
        this.sockets = sockets;
        this.workers = workers;
    }

    List<Fate> read() {
        final List<Fate> fates = new ArrayList<>();
        final Map<String, Long> xdp = program.counters();
        for (final XdpReason reason : XdpReason.values()) {
            fates.add(new Fate("XDP program", reason.word().replace('_', '-'), xdp.get(reason.word()),
                reason.meaning(), ""));
        }
        for (final XdpSocket socket : sockets) {
            final long[] counts = new long[SOCKET_COUNTERS.length];
            socket.statistics(counts);
            for (int i = 0; i < counts.length; i++) {
                fates.add(new Fate("socket of " + socket.interfaceName() + " queue " + socket.queue(),
                    SOCKET_COUNTERS[i][0], counts[i], SOCKET_COUNTERS[i][1], SOCKET_COUNTERS[i][2]));
            }
        }
        for (final Counter.Kind kind : Counter.Kind.values()) {
            for (final Counter counter : Counter.values()) {
                if (counter.kind() == kind) {
                    fates.add(new Fate(group(kind), counter.word(), workers.applyAsLong(counter), counter.meaning(),
                        counter.advice()));
                }
            }
        }
        return fates;
    }

    private static String group(final Counter.Kind kind) {
        return switch (kind) {
            case SENT -> "sent";
            case HANDED_BACK -> "handed back to the kernel";
            case DROP -> "dropped";
            case EVENT -> "events";
        };
    }
}
