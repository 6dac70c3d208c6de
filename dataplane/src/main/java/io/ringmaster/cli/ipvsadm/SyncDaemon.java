package io.ringmaster.cli.ipvsadm;

import io.ringmaster.control.RefusedException;
import io.ringmaster.control.VirtualService;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;

/** {@code ipvsadm --start-daemon}: what the kernel objects to (ip_vs_ctl.c, ip_vs_sync.c), then that we lack it. */
final class SyncDaemon {
    private static final String NO_DEVICE = "No such device";

    private SyncDaemon() {
    }

    /** Always throws: connections are not synchronized. */
    static void refuse(final CommandLine line, final Collection<VirtualService> services) {
        if (services.stream().anyMatch(SyncDaemon::mixed)) {
            throw new RefusedException(RefusedException.INVALID);
        }
        throw new RefusedException(exists(line.multicastInterface)
            ? "Connection synchronization (--start-daemon) is not supported yet; nothing was changed." : NO_DEVICE);
    }

    private static boolean mixed(final VirtualService service) {
        return service.servers().stream()
            .anyMatch(server -> server.id().address().ipv6() != service.id().address().ipv6());
    }

    private static boolean exists(final String interfaceName) {
        try {
            return !interfaceName.isEmpty() && NetworkInterface.getByName(interfaceName) != null;
        } catch (final SocketException e) {
            return false;
        }
    }
}
