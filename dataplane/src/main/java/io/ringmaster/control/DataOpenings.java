package io.ringmaster.control;

import io.ringmaster.control.Openings.Data;
import io.ringmaster.control.Openings.Opening;
import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.ServiceKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What services with data connections and their real servers want of the XDP program beside their own port: the ports
 * of data connections while there are any, and for a persistent FTP service all that such connections may have. The
 * same of real servers with a port in services of several ports, of which templates keep those that clients ask for.
 */
final class DataOpenings {
    private DataOpenings() {
    }

    /** Of packets to a service, those to its own port, too; none of a mark's, whose packets others let in. */
    static List<Opening> withItsOwn(final VirtualService service) {
        final List<Opening> all = of(service);
        if (service.id().addressed()) {
            all.add(new Openings.ToService(service.key()));
        }
        return all;
    }

    /** Of packets to a service. */
    static List<Opening> of(final VirtualService service) {
        final ServiceKey key = service.key();
        return service.reachable() && !key.anyPort() ? openings(service, false, key.vipHigh(), key.vipLow())
            : new ArrayList<>();
    }

    /** Of packets from a real server, if it ever was a masqueraded one. */
    static List<Opening> of(final RealServer server) {
        if (server.owner() == null || !server.hadMethod(ForwardingMethod.MASQUERADING)) {
            return List.of();
        }
        final long high = server.id().address().high();
        final long low = server.id().address().low();
        if (server.service().anyPort() && server.port() == 0) {
            // All its ports are open.
            return List.of();
        }
        final List<Opening> all = openings(server.owner(), true, high, low);
        if (server.keepsPorts()) {
            for (final int protocol : server.owner().id().protocols()) {
                all.add(new Openings.Replies(protocol, high, low, 0));
            }
        }
        return all;
    }

    private static List<Opening> openings(final VirtualService service, final boolean ofReplies, final long high,
                                          final long low) {
        final List<Opening> all = new ArrayList<>();
        if (service.key().ftp()) {
            all.add(new Data(ofReplies, false, high, low));
        }
        if (service.key().takesFtpData() && service.settings().persistSec() != 0) {
            all.add(new Data(ofReplies, true, high, low));
        }
        return all;
    }
}
