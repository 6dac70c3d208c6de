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
        public Optional<String> refusal(final ServiceId id, final ServiceSettings settings) {
            if (id.marked() && id.address().ipv6() && !settings.engine().isEmpty()) {
                return notYet("A persistence engine (--pe) of a virtual service of a firewall mark for IPv6 (-6)");
            }
            if (id.address().mapped()) {
                return mapped(id.address());
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> refusal(final ServerId id, final ServerSettings settings) {
            if (id.address().mapped()) {
                return mapped(id.address());
            }
            return Optional.empty();
        }
    },
    /** All that ipvsadm's rules can say; for tests of rules and listings. */
    EVERYTHING {
        @Override
        public Optional<String> refusal(final ServiceId id, final ServiceSettings settings) {
            return Optional.empty();
        }

        @Override
        public Optional<String> refusal(final ServerId id, final ServerSettings settings) {
            return Optional.empty();
        }
    };

    /** Why a service cannot be, as a sentence; empty for nothing against it. */
    public abstract Optional<String> refusal(ServiceId id, ServiceSettings settings);

    /** The same of a real server. */
    public abstract Optional<String> refusal(ServerId id, ServerSettings settings);

    private static Optional<String> mapped(final HostAddress address) {
        return Optional.of(address + " is an IPv4 address in an IPv6 form that no packet has (RFC 4291, 2.5.5.2); "
            + "nothing was changed: write it as " + HostAddress.ipv4(address.ipv4()) + ".");
    }

    private static Optional<String> notYet(final String what) {
        return Optional.of(what + " is not supported yet; nothing was changed.");
    }
}
