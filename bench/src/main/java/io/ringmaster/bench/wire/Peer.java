package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bpf.LoadSettings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What a director is compared with, by the words of the command line. */
public enum Peer {
    /** A forwarder over AF_XDP in C that only rewrites MACs. */
    C("cc", "gcc libc6-dev linux-libc-dev", "C over AF_XDP"),
    /** Plain routing. */
    KERNEL("ip", "iproute2", "kernel routing"),
    /** DNAT by the kernel. */
    NFTABLES("nft", "nftables", "nftables DNAT");

    private final String program;
    private final String packages;
    private final String words;

    Peer(final String program, final String packages, final String words) {
        this.program = program;
        this.packages = packages;
        this.words = words;
    }

    /**
     * The peer of a word; null for none.
     *
     * @throws BenchException in one sentence if there is no such peer, or not what it needs.
     */
    public static Peer of(final String word, final Peer... possible) {
        if (word == null) {
            return null;
        }
        for (final Peer each : possible) {
            if (each.word().equals(word)) {
                each.require();
                return each;
            }
        }
        throw BenchException.usage("--peer " + word + " is not there; give " + String.join(", ",
            Stream.of(possible).map(Peer::word).toList()) + ".");
    }

    /** Refuses in one sentence where there is no compiler, which the sender of packets needs as well. */
    public static void requireCompiler() {
        C.require();
    }

    private void require() {
        for (final String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return;
            }
        }
        throw new BenchException("This needs the program " + program + ", which is not installed (Debian: apt install "
            + packages + ").");
    }

    /** Its word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it is, for the head of a table. */
    public String words() {
        return words;
    }

    /** What it makes of a packet. */
    public LoadSettings.End end() {
        return this == NFTABLES ? Method.NAT.end() : Method.DR.end();
    }

    /** Starts it in the middle of a network. */
    public Forwarder start(final Wires wires, final int core, final long connections) {
        return switch (this) {
            case C -> CForwarder.start(wires, core);
            case KERNEL -> KernelForwarder.routing(wires);
            case NFTABLES -> KernelForwarder.nftables(wires, connections);
        };
    }
}
