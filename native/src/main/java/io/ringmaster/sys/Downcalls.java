package io.ringmaster.sys;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Finds C functions and makes them callable. Every call that can fail captures errno in the same step, into memory that
 * the caller owns: reading it later would find what the virtual machine's own system calls left there.
 */
public final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Downcalls() {
    }

    /** Layout of the memory that receives errno: the first argument of each handle of {@link #withErrno}. */
    public static StructLayout captureLayout() {
        return CAPTURE;
    }

    /** The errno that a call left in its capture memory. */
    public static int errno(final MemorySegment capture) {
        return (int) ERRNO.get(capture, 0L);
    }

    /**
     * A function of the C library that sets errno. The handle takes the capture memory before its own arguments.
     *
     * @throws SystemCallException if the C library has no such function.
     */
    @SuppressWarnings("restricted")
    public static MethodHandle withErrno(final String function, final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(find(LINKER.defaultLookup(), function), descriptor,
            Linker.Option.captureCallState("errno"));
    }

    /** As {@link #withErrno}, for a function with a variable argument list of which the first are fixed. */
    @SuppressWarnings("restricted")
    public static MethodHandle variadicWithErrno(final String function, final FunctionDescriptor descriptor,
                                                 final int fixedArguments) {
        return LINKER.downcallHandle(find(LINKER.defaultLookup(), function), descriptor,
            Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(fixedArguments));
    }

    /** A function of any library, without errno. */
    @SuppressWarnings("restricted")
    public static MethodHandle plain(final SymbolLookup library, final String function,
                                     final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(find(library, function), descriptor);
    }

    /** A function of any library that sets errno. */
    @SuppressWarnings("restricted")
    public static MethodHandle withErrno(final SymbolLookup library, final String function,
                                         final FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(find(library, function), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static MemorySegment find(final SymbolLookup library, final String function) {
        return library.find(function).orElseThrow(() -> new IllegalStateException(
            "The function " + function + " is not in the library that was loaded; a newer version of it is needed."));
    }

    /** A pointer of C as memory of a known size that lives on by itself. */
    @SuppressWarnings("restricted")
    public static MemorySegment at(final long address, final long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** The C string at a pointer. */
    @SuppressWarnings("restricted")
    public static String string(final MemorySegment pointer) {
        return pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** Wraps what a method handle may throw, which native calls never do. */
    public static RuntimeException unexpected(final Throwable thrown) {
        return thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
    }

}
