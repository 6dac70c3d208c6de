package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.sys.Downcalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * What libbpf would print on standard error, the verifier's log among it, is kept instead, for the sentence that tells
 * of a failure. libbpf has one print function for the process and calls it on the thread that called it: so the text is
 * each thread's own.
 */
final class LibbpfMessages {
    static final int LEVEL_WARN = 0; // enum libbpf_print_level
    private static final long MOST_BYTES = 8 << 20; // the verifier's log can be long, and its end is what matters
    private static final int KEPT_CHARACTERS = 64 << 10;
    private static final int TAIL_LINES = 8;
    private static final ThreadLocal<StringBuilder> TEXT = ThreadLocal.withInitial(StringBuilder::new);
    private static final MethodHandle VSNPRINTF = Downcalls.plain(Linker.nativeLinker().defaultLookup(), "vsnprintf",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    private static boolean captured;

    private LibbpfMessages() {
    }

    /** From now on libbpf prints nothing. Forgets what this thread has gathered. */
    static synchronized void capture() {
        TEXT.remove();
        if (!captured) {
            Libbpf.setPrint(printFunction());
            captured = true;
        }
    }

    /**
     * Pointer to {@link #print} for C. Its va_list is an array type on x86, a structure of more than 16 bytes on ARM,
     * a pointer elsewhere: in the calling conventions of all of them a pointer is what arrives.
     */
    @SuppressWarnings("restricted")
    private static MemorySegment printFunction() {
        try {
            final MethodHandle print = MethodHandles.lookup().findStatic(LibbpfMessages.class, "print",
                MethodType.methodType(int.class, int.class, MemorySegment.class, MemorySegment.class));
            return Linker.nativeLinker().upcallStub(print,
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), Arena.global());
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("The method print of this very class is missing", e);
        }
    }

    /** Called by libbpf; must not throw, since there is C below. */
    private static int print(final int level, final MemorySegment format, final MemorySegment arguments) {
        if (level > LEVEL_WARN) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment buffer = arena.allocate(MOST_BYTES);
            final int length = (int) VSNPRINTF.invokeExact(buffer, MOST_BYTES, format, arguments);
            append(buffer.getString(0));
            return length;
        } catch (final Throwable e) {
            append("(a message of libbpf could not be read: " + e + ")\n");
            return 0;
        }
    }

    private static void append(final String message) {
        final StringBuilder text = TEXT.get();
        text.append(message);
        if (text.length() > KEPT_CHARACTERS) {
            text.delete(0, text.length() - KEPT_CHARACTERS);
        }
    }

    /** The last lines that libbpf gave this thread since {@link #capture}, in one line; empty if there were none. */
    static String tail() {
        return tail(TEXT.get().toString());
    }

    static String tail(final String text) {
        final List<String> lines = text.lines().map(String::strip)
            .filter(line -> !line.isEmpty() && !line.contains("-- BEGIN PROG LOAD LOG --")
                && !line.contains("-- END PROG LOAD LOG --"))
            .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
}
