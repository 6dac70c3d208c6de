package io.ringmaster.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/** Finds libbpf.so.1 on this machine. */
final class LibbpfLibrary {
    private static final String NAME = "libbpf.so.1";

    private LibbpfLibrary() {
    }

    /**
     * The library; loaded once, kept for good.
     *
     * @throws IllegalStateException if the machine has none; the message names the packages.
     */
    static SymbolLookup find() {
        return find(NAME);
    }

    @SuppressWarnings("restricted")
    static SymbolLookup find(final String name) {
        try {
            return SymbolLookup.libraryLookup(name, Arena.global());
        } catch (final IllegalArgumentException e) {
            throw new IllegalStateException("Could not load the library " + name + ", which loads XDP programs into "
                + "the kernel. Install it: apt-get install libbpf1 (Debian 12 and later, Ubuntu 24.04 and later) or "
                + "dnf install libbpf (RHEL 9 and later, Fedora).", e);
        }
    }
}
