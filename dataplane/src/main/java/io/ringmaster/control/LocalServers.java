package io.ringmaster.control;

import io.ringmaster.service.ForwardingMethod;
import io.ringmaster.service.NextHop;

/** Real servers that are the director itself: what they answer leaves by the kernel's own way. */
final class LocalServers {
    private LocalServers() {
    }

    /**
     * Sees to it that what a real server answers is followed, if it is the director itself. Control thread.
     *
     * @throws RefusedException if its answers would have to be translated, and cannot be.
     */
    static void check(final Dataplane dataplane, final NextHop hop, final ServiceId service, final ServerId server,
                      final ServerSettings settings) {
        if (hop != NextHop.LOCAL) {
            return;
        }
        final boolean translated = settings.method() == ForwardingMethod.MASQUERADING
            && (!server.address().equals(service.address()) || server.port() != service.port());
        if (translated && service.protocol() == ServiceId.SCTP && server.port() != service.port()) {
            throw new RefusedException(server.address() + " is an address of the director itself: its SCTP replies"
                + " cannot get another port on their way out; nothing was changed: use the service's own port.");
        }
        final String impossible = dataplane.followLocalReplies();
        if (translated && !impossible.isEmpty()) {
            throw new RefusedException(server.address() + " is an address of the director itself, and its replies"
                + " cannot be translated; nothing was changed. " + impossible);
        }
    }

    /** The way to a real server is another now: if it is the director itself, its answers are followed. */
    static void follow(final Dataplane dataplane, final NextHop hop) {
        if (hop == NextHop.LOCAL) {
            dataplane.followLocalReplies();
        }
    }
}
