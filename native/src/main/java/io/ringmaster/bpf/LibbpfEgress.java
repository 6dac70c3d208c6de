package io.ringmaster.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringmaster.sys.Downcalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The functions of libbpf.so.1 that only programs on the way out of an interface need: traffic control's filters and
 * ring buffers (libbpf 1.1, bpf/libbpf.h). Each answers 0 or more, or an error number negated.
 */
final class LibbpfEgress {
    private static final SymbolLookup LIBRARY = LibbpfLibrary.find();
    private static final MethodHandle HOOK_CREATE = intOf("bpf_tc_hook_create", ADDRESS);
    private static final MethodHandle HOOK_DESTROY = intOf("bpf_tc_hook_destroy", ADDRESS);
    private static final MethodHandle ATTACH = intOf("bpf_tc_attach", ADDRESS, ADDRESS);
    private static final MethodHandle DETACH = intOf("bpf_tc_detach", ADDRESS, ADDRESS);
    private static final MethodHandle RING_NEW = Downcalls.plain(LIBRARY, "ring_buffer__new",
        FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle RING_CONSUME = intOf("ring_buffer__consume", ADDRESS);
    private static final MethodHandle RING_FREE = Downcalls.plain(LIBRARY, "ring_buffer__free",
        FunctionDescriptor.ofVoid(ADDRESS));

    private LibbpfEgress() {
    }

    /** Takes what a program put into a ring buffer; runs on the thread that consumes. */
    @FunctionalInterface
    interface Sample {
        /** One record, which is gone when this returns; must not throw, since there is C below. */
        void take(MemorySegment record);
    }

    private static MethodHandle intOf(final String function, final MemoryLayout... arguments) {
        return Downcalls.plain(LIBRARY, function, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static int call(final MethodHandle function, final MemorySegment argument) {
        try {
            return (int) function.invokeExact(argument);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    private static int call(final MethodHandle function, final MemorySegment hook, final MemorySegment options) {
        try {
            return (int) function.invokeExact(hook, options);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    static int hookCreate(final MemorySegment hook) {
        return call(HOOK_CREATE, hook);
    }

    static int hookDestroy(final MemorySegment hook) {
        return call(HOOK_DESTROY, hook);
    }

    static int attach(final MemorySegment hook, final MemorySegment options) {
        return call(ATTACH, hook, options);
    }

    static int detach(final MemorySegment hook, final MemorySegment options) {
        return call(DETACH, hook, options);
    }

    /** A reader of a ring buffer, or a NULL pointer. */
    static MemorySegment ringNew(final int mapFd, final MemorySegment sample) {
        try {
            return (MemorySegment) RING_NEW.invokeExact(mapFd, sample, MemorySegment.NULL, MemorySegment.NULL);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Hands all that is there to the reader's function; how many records that were. */
    static int ringConsume(final MemorySegment ring) {
        return call(RING_CONSUME, ring);
    }

    static void ringFree(final MemorySegment ring) {
        try {
            RING_FREE.invokeExact(ring);
        } catch (final Throwable e) {
            throw Downcalls.unexpected(e);
        }
    }

    /** Pointer for C to a function of records of a known length: int (*)(void *context, void *data, size_t size). */
    @SuppressWarnings("restricted")
    static MemorySegment sampleFunction(final Arena arena, final Sample sample, final long recordBytes) {
        try {
            final MethodHandle call = MethodHandles.lookup().findStatic(LibbpfEgress.class, "sample",
                MethodType.methodType(int.class, Sample.class, MemorySegment.class, MemorySegment.class, long.class));
            return Linker.nativeLinker().upcallStub(call.bindTo(sample), FunctionDescriptor.of(JAVA_INT, ADDRESS,
                ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(recordBytes, JAVA_BYTE)),
                JAVA_LONG), arena);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("The method sample of this very class is missing", e);
        }
    }

    /** Called by libbpf. */
    private static int sample(final Sample sample, final MemorySegment context, final MemorySegment data,
                              final long lengthBytes) {
        if (lengthBytes >= data.byteSize()) {
            sample.take(data);
        }
        return 0;
    }
}
