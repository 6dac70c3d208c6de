package io.ringmaster.director;

import io.ringmaster.bpf.AttachMode;
import io.ringmaster.control.SocketAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that can be set when a director starts. Ranges of single values are checked by whoever reads them from a
 * person; what only the machine can say (does that interface exist?) is checked by {@link Director#start}.
 *
 * @param interfaces   names, at least one, no name twice; their place is their port number.
 * @param cores        numbers of the cores to pin workers to, one worker each; empty for as many as there are queues
 *                     and cores.
 * @param connections  IPv4 connections the table is made for, at least 1.
 * @param connections6 IPv6 connections the other table is made for, at least 1.
 * @param idle         what a worker does when there is nothing to do.
 * @param busyPoll     whether the kernel's driver is polled by the workers instead of by interrupts.
 * @param socket       path of the control socket.
 * @param frameBytes   size of a UMEM frame, 2,048 or 4,096; 0 for the smaller one that the MTU fits.
 * @param handBackRate packets a second that may be given back to the kernel, over all workers, at least 1.
 * @param ftpPorts     TCP ports of virtual services whose FTP control connections are listened to, at most 8; none for
 *                     no service.
 * @param attachMode   how the XDP program is attached; empty for native, and generic where that is refused.
 * @param socketAccess who may use the control socket besides root and the director's user.
 */
public record Settings(List<String> interfaces, List<Integer> cores, long connections, long connections6,
                       IdleMode idle, boolean busyPoll, Path socket, int frameBytes, int handBackRate,
                       Set<Integer> ftpPorts, Optional<AttachMode> attachMode, SocketAccess socketAccess) {
    /** What a worker does when there is nothing to do. */
    public enum IdleMode {
        /** Looks again at once: shortest latency, a whole core each. */
        SPIN,
        /** Looks again at once for a while, then sleeps for ever longer moments, at most 100 µs. */
        BACKOFF,
        /** Sleeps 100 µs: least power, longest latency. */
        SLEEP;

        /** As it is written, and completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
