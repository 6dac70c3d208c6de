package io.ringmaster.control;

/**
 * A change that the service table does not make; nothing was changed. The message is what ipvsadm prints for the
 * kernel's answer.
 */
public final class RefusedException extends RuntimeException {
    /** Adding a service that is there. */
    public static final String SERVICE_EXISTS = "Service already exists";
    /** Changing or deleting a service that is not there. */
    public static final String NO_SERVICE = "No such service";
    /** Changing real servers of a service that is not there. */
    public static final String SERVICE_NOT_DEFINED = "Service not defined";
    /** Adding a real server that is there. */
    public static final String SERVER_EXISTS = "Destination already exists";
    /** Changing a real server that is not there. */
    public static final String NO_SERVER = "No such destination";
    /** A scheduler or persistence engine by a name that does not exist. */
    public static final String NO_SCHEDULER = "Scheduler or persistence engine not found";
    /** EINVAL. */
    public static final String INVALID =
        "Invalid operation.  Possibly wrong module version, address not unicast, ...";
    /** ERANGE. */
    public static final String OUT_OF_RANGE = "Numerical result out of range";
    private static final long serialVersionUID = 1;

    /** A refusal for a person to read. */
    public RefusedException(final String message) {
        super(message);
    }
}
