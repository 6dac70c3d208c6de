package io.ringmaster.control;

/**
 * Who asks the director for something: the user of the process at the other end of the socket, as the kernel tells
 * (SO_PEERCRED, unix(7)). Immutable.
 *
 * @param user      name of the user, or the number where it has none.
 * @param uid       number of the user.
 * @param mayChange whether this user may change something; all who reach the socket may look.
 */
public record Caller(String user, long uid, boolean mayChange) {
    /** Who asks in the same process: may do everything. */
    public static final Caller SELF = new Caller("root", 0, true);

    /** As it stands in the log and in sentences. */
    @Override
    public String toString() {
        return "user " + uid + " (" + user + ")";
    }
}
