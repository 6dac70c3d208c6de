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
            return Optional.empty();
        }
    },
    /** All that ipvsadm's rules can say; for tests of rules and listings. */
    EVERYTHING {
        @Override
        public Optional<String> refusal(final ServiceId id, final ServiceSettings settings) {
            return Optional.empty();
        }
    };

    /** Why a service cannot be, as a sentence; empty for nothing against it. */
    public abstract Optional<String> refusal(ServiceId id, ServiceSettings settings);

    private static Optional<String> notYet(final String what) {
        return Optional.of(what + " is not supported yet; nothing was changed.");
    }
}
