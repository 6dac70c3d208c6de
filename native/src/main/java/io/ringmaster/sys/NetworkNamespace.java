package io.ringmaster.sys;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Work inside a network namespace made by {@code ip netns add}. A namespace belongs to a kernel thread: only the
 * calling one moves, so it must be a platform thread; sockets opened inside stay there, and so do threads started
 * inside.
 */
public final class NetworkNamespace {
    private static final Path DIRECTORY = Path.of("/run/netns");
    private static final String OWN = "/proc/thread-self/ns/net";
    static final int CLONE_NEWNET = 0x40000000; // include/uapi/linux/sched.h

    private NetworkNamespace() {
    }

    /** What is done inside. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /** Runs on the calling thread, in the other namespace. */
        T call() throws E;
    }

    /** Whether {@code ip netns} knows the name. */
    public static boolean exists(final String name) {
        return !name.isEmpty() && name.indexOf('/') < 0 && Files.exists(DIRECTORY.resolve(name));
    }

    /**
     * Runs work on this thread inside the named namespace and brings the thread back whatever happens.
     *
     * @throws IllegalArgumentException if there is no such namespace.
     * @throws IllegalStateException    if the calling thread is a virtual one.
     * @throws SystemCallException      if the kernel refuses (CAP_SYS_ADMIN is needed).
     * @throws E                        what the work throws.
     */
    public static <T, E extends Exception> T call(final String name, final Work<T, E> work) throws E {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("Could not enter network namespace " + name
                + ": a virtual thread has no namespace of its own; use a platform thread.");
        }
        if (!exists(name)) {
            throw new IllegalArgumentException("There is no network namespace " + name
                + "; \"ip netns\" lists those that exist.");
        }
        final int home = open(OWN);
        try {
            enter(name);
            try {
                return work.call();
            } finally {
                restore(home);
            }
        } finally {
            Libc.close(home);
        }
    }

    /** As {@link #call}, for work without a result. */
    public static void run(final String name, final Runnable work) {
        call(name, () -> {
            work.run();
            return null;
        });
    }

    private static void enter(final String name) {
        final int fd = open(DIRECTORY.resolve(name).toString());
        try {
            final int result = Libc.setns(fd, CLONE_NEWNET);
            if (result < 0) {
                throw new SystemCallException("enter network namespace " + name, -result,
                    "This needs root (CAP_SYS_ADMIN).");
            }
        } finally {
            Libc.close(fd);
        }
    }

    private static void restore(final int home) {
        final int result = Libc.setns(home, CLONE_NEWNET);
        if (result < 0) {
            throw new SystemCallException("return from a network namespace", -result,
                "This thread is now in the wrong one and must not be used any more.");
        }
    }

    private static int open(final String path) {
        final int fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw new SystemCallException("open " + path, -fd);
        }
        return fd;
    }
}
