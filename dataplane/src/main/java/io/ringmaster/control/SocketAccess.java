package io.ringmaster.control;

import java.util.Optional;

/**
 * Who may use the control socket besides root and the user whom the director runs as. Immutable.
 *
 * @param group          members of this group may look; empty for nobody.
 * @param groupMayChange whether they may change something, too.
 */
public record SocketAccess(Optional<String> group, boolean groupMayChange) {
    /** Nobody else. */
    public static final SocketAccess OWNER = new SocketAccess(Optional.empty(), false);
}
