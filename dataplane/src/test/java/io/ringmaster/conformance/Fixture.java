package io.ringmaster.conformance;

import java.util.List;

/**
 * One recording of a real kernel.
 *
 * @param name      of the file, without its suffix.
 * @param mtuBytes  of each interface: one, or two where clients and real servers have one each.
 * @param steps     what was done, in order; their place is the number that differences name.
 * @param sequences what a state matrix says: segments, and the state that the connection ended in; mostly empty.
 * @param notes     of the recorder.
 */
record Fixture(String name, int[] mtuBytes, List<Step> steps, List<Sequence> sequences,
               List<String> notes) {
    /** Bytes of a frame that differ from run to run. */
    record Span(int offset, int lengthBytes) {
    }

    /** A frame that left by an interface. */
    record Out(int port, byte[] frame, List<Span> ignored) {
    }

    /** A row of the connection listing, without its time-out. */
    record Connection(String protocol, String state, String source, String virtual, String destination, String engine) {
        /** Whether all but the state is the same. */
        boolean samePlaces(final Connection other) {
            return equals(new Connection(other.protocol, state, other.source, other.virtual, other.destination,
                other.engine));
        }

        @Override
        public String toString() {
            return (protocol + " " + state + " " + source + " " + virtual + " " + destination + " " + engine).strip();
        }
    }

    /** A connection and its time-out. */
    record Listed(Connection connection, long expireSec) {
        @Override
        public String toString() {
            return connection + " " + expireSec + " s";
        }
    }

    /** Segments such as "cS sSA cA" and a state such as ESTABLISHED, or null. */
    record Sequence(String segments, String state) {
    }

    /** One thing that was done, and what came of it. */
    sealed interface Step {
    }

    /** ipvsadm-restore, or ipvsadm -R. */
    record Restore(String rules, boolean append, int exit, String out) implements Step {
    }

    /** A command of ipvsadm or of the shell; a listing has no exit code. */
    record Command(String line, Integer exit, String out) implements Step {
    }

    /** A setting under /proc/sys. */
    record Sysctl(String key, String value, int exit) implements Step {
    }

    /** A pause. */
    record Sleep(double seconds) implements Step {
    }

    /** A frame in, and the frames out because of it. */
    record Send(int port, byte[] frame, String note, boolean unfinished, List<Out> out) implements Step {
    }

    /** Frames that came later, by themselves. */
    record Late(List<Out> out) implements Step {
    }

    /** All connections. */
    record Connections(List<Listed> connections) implements Step {
    }
}
