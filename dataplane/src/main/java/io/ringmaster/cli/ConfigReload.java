package io.ringmaster.cli;

import io.ringmaster.config.Changes;
import io.ringmaster.config.State;
import io.ringmaster.config.StateReader;
import io.ringmaster.control.Events;
import io.ringmaster.control.RefusedException;
import io.ringmaster.control.ServiceTable;
import io.ringmaster.control.Startup;
import io.ringmaster.supervision.ServiceManager;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** The file of {@code run --config}, applied again at SIGHUP. */
final class ConfigReload {
    private static final System.Logger LOG = System.getLogger(ConfigReload.class.getName());

    private final Startup startup;
    private final ServiceManager manager;
    private final Path file;
    private final AtomicReference<State> wanted = new AtomicReference<>();

    /** Of a director that was started with a file. */
    ConfigReload(final Startup startup, final ServiceManager manager) {
        this.startup = startup;
        this.manager = manager;
        this.file = startup.config().orElseThrow();
    }

    /**
     * What the file says now; any thread.
     *
     * @throws RefusedException with the place of what is wrong.
     */
    static State read(final Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] text = in.readNBytes(StateReader.LONGEST_CHARS + 1);
            if (text.length > StateReader.LONGEST_CHARS) {
                throw new RefusedException("The file " + file + " of --config has more than 16 MiB, which no "
                    + "configuration needs; is it another file?");
            }
            return ConfigText.read(new String(text, StandardCharsets.UTF_8), file.toString());
        } catch (final NoSuchFileException e) {
            throw new RefusedException("The file " + file + " of --config does not exist.");
        } catch (final IOException e) {
            throw new RefusedException("The file " + file + " of --config cannot be read (" + e + ").");
        }
    }

    /**
     * Has the file read at each SIGHUP, by the thread that the JDK has for signals. Reflection, since the JDK's class
     * for it is known to no compiler that treats warnings as errors.
     */
    void followHangups() {
        try {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler},
                (self, method, args) -> switch (method.getName()) {
                    case "equals" -> self == args[0];
                    case "hashCode" -> System.identityHashCode(self);
                    case "toString" -> "reload";
                    default -> {
                        readAgain();
                        yield null;
                    }
                });
            signal.getMethod("handle", signal, handler).invoke(null,
                signal.getConstructor(String.class).newInstance("HUP"), ours);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("SIGHUP cannot be followed: module jdk.unsupported is missing", e);
        }
    }

    private void readAgain() {
        manager.reloading();
        try {
            final State next = read(file);
            StartOptions.requireSame(next, startup, file.toString());
            wanted.set(next);
        } catch (final RefusedException e) {
            refused(e);
        }
    }

    private void refused(final RefusedException e) {
        final String sentence = "SIGHUP changed nothing: " + e.getMessage();
        LOG.log(System.Logger.Level.WARNING, sentence);
        manager.ready(sentence);
    }

    /** Applies what was read; on the control thread. How much was done. */
    int poll(final ServiceTable table) {
        final State next = wanted.getAndSet(null);
        if (next == null) {
            return 0;
        }
        try {
            final Changes changes = Changes.between(State.of(table), next);
            changes.apply(table);
            final String sentence = file + " was applied again, " + changes.count()
                + (changes.count() == 1 ? " change" : " changes");
            LOG.log(System.Logger.Level.INFO, "SIGHUP: " + sentence);
            manager.ready(sentence);
            table.access().events().tell(Events.Kind.CONFIG, "SIGHUP: " + sentence + ".");
        } catch (final RefusedException e) {
            refused(e);
        }
        return 1;
    }
}
