package io.ringmaster.supervision;

import io.ringmaster.sys.Errno;
import io.ringmaster.sys.NotifySocket;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells systemd, or whoever else set $NOTIFY_SOCKET, how a director is (sd_notify(3)); without it nobody is told. Any
 * thread. What cannot be told is no reason to end: it is logged once.
 */
public final class ServiceManager implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ServiceManager.class.getName());
    private static final long NS_PER_USEC = 1_000;

    private final Optional<NotifySocket> socket;
    private final OptionalLong watchdogNs;
    private final AtomicBoolean complained = new AtomicBoolean();

    private ServiceManager(final Optional<NotifySocket> socket, final OptionalLong watchdogNs) {
        this.socket = socket;
        this.watchdogNs = watchdogNs;
    }

    /** The one of this process. */
    public static ServiceManager ofThisProcess() {
        return of(System.getenv());
    }

    /**
     * The one that some variables name.
     *
     * @throws IllegalArgumentException in one sentence if one of them has no meaning.
     */
    static ServiceManager of(final Map<String, String> environment) {
        final String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        return new ServiceManager(name.isEmpty() ? Optional.empty() : Optional.of(NotifySocket.open(name)),
            name.isEmpty() ? OptionalLong.empty() : watchdogNs(environment));
    }

    /** WATCHDOG_PID is not this process where a program in between passed its variables on. */
    private static OptionalLong watchdogNs(final Map<String, String> environment) {
        final String usec = environment.getOrDefault("WATCHDOG_USEC", "");
        final String pid = environment.getOrDefault("WATCHDOG_PID", "");
        if (usec.isEmpty() || !pid.isEmpty() && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return OptionalLong.empty();
        }
        if (!usec.matches("[0-9]{1,15}") || Long.parseLong(usec) == 0) {
            throw new IllegalArgumentException("WATCHDOG_USEC is '" + usec + "', which is no number of microseconds.");
        }
        return OptionalLong.of(Long.parseLong(usec) * NS_PER_USEC);
    }

    /** How long it waits for a sign of life before it ends this process, in nanoseconds; empty if it does not. */
    public OptionalLong watchdogNs() {
        return watchdogNs;
    }

    /** The director serves, from now on or again; waits until that is told. */
    public void ready(final String status) {
        tell("READY=1\nSTATUS=" + line(status), true);
    }

    /** A file is read again; {@link #ready} follows. The JDK's nanoTime is the kernel's monotonic clock. */
    public void reloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / NS_PER_USEC, true);
    }

    /** What an operator sees in systemctl status. */
    public void status(final String status) {
        tell("STATUS=" + line(status), false);
    }

    /** The director ends. */
    public void stopping() {
        tell("STOPPING=1", true);
    }

    /** A sign of life. */
    void alive() {
        tell("WATCHDOG=1", false);
    }

    private static String line(final String status) {
        return status.replace('\n', ' ');
    }

    private void tell(final String lines, final boolean patient) {
        final int error = socket.map(open -> open.send(lines, patient)).orElse(0);
        if (error != 0 && !complained.getAndSet(true)) {
            LOG.log(System.Logger.Level.WARNING, "The service manager behind NOTIFY_SOCKET could not be told "
                + lines.lines().findFirst().orElseThrow() + " (" + Errno.describe(error) + ").");
        }
    }

    @Override
    public void close() {
        socket.ifPresent(NotifySocket::close);
    }
}
