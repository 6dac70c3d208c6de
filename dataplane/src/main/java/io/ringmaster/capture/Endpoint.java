package io.ringmaster.capture;

import io.ringmaster.service.RealServerView;
import io.ringmaster.service.ServiceKey;

/**
 * A virtual service or a real server that a capture is about. Immutable.
 *
 * @param high     its address, high long of {@link io.ringmaster.packet.Addresses}.
 * @param low      low long.
 * @param port     0 to 65,535, or {@link #ANY_PORT}.
 * @param protocol IP protocol number, 0 for any.
 * @param mark     firewall mark of a service; 0 for none.
 */
public record Endpoint(long high, long low, int port, int protocol, int mark) {
    /** Of whatever port. */
    public static final int ANY_PORT = -1;

    /** Whether a service is meant. */
    public boolean matches(final ServiceKey service) {
        if (service.marked() || mark != 0) {
            return service.mark() == mark;
        }
        return matches(service.vipHigh(), service.vipLow(), service.vport())
            && (protocol == 0 || protocol == service.protocol());
    }

    /** Whether a real server is meant. */
    public boolean matches(final RealServerView server) {
        return matches(server.addressHigh(), server.addressLow(), server.port());
    }

    private boolean matches(final long otherHigh, final long otherLow, final int otherPort) {
        return high == otherHigh && low == otherLow && (port == ANY_PORT || port == otherPort);
    }
}
