package io.ringmaster.control;

import java.util.Optional;

/**
 * What the rules can say and the packet path cannot carry yet: the one list of refusals. A line goes when its feature
 * comes.
 */
public enum Support {
    /** What this release carries. */
    RELEASE {
        @Override
        Optional<String> refusal(final ServiceId id, final ServiceSettings settings) {
            if (id.marked()) {
                return notYet("A virtual service by firewall mark");
            }
            if (id.address().ipv6()) {
                return notYet("An IPv6 virtual service");
            }
            if (id.protocol() == ServiceId.SCTP) {
                return notYet("An SCTP virtual service");
            }
            if (id.port() == 0) {
                return notYet("A virtual service of all ports (port 0)");
            }
            if (!settings.engine().isEmpty()) {
                return notYet("A persistence engine (--pe)");
            }
            return Optional.empty();
        }

        @Override
        Optional<String> refusal(final ServerId id, final ServerSettings settings) {
            return id.address().ipv6() ? notYet("An IPv6 real server") : Optional.empty();
        }
    },
    /** All that ipvsadm's rules can say; for tests of rules and listings. */
    EVERYTHING {
        @Override
        Optional<String> refusal(final ServiceId id, final ServiceSettings settings) {
            return Optional.empty();
        }

        @Override
        Optional<String> refusal(final ServerId id, final ServerSettings settings) {
            return Optional.empty();
        }
    };

    abstract Optional<String> refusal(ServiceId id, ServiceSettings settings);

    abstract Optional<String> refusal(ServerId id, ServerSettings settings);

    private static Optional<String> notYet(final String what) {
        return Optional.of(what + " is not supported yet; nothing was changed.");
    }
}
