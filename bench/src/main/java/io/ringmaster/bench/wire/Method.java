package io.ringmaster.bench.wire;

import io.ringmaster.bench.report.BenchException;
import io.ringmaster.bpf.LoadSettings;
import java.util.Locale;

/** The forwarding methods by the words of the command line, and what each makes of a packet. */
public enum Method {
    NAT("-m", Wires.RPORT),
    DR("-g", Wires.VPORT),
    TUN("-i", Wires.VPORT);

    private static final int IPIP = 4;

    private final String letter;
    private final int serverPort;

    Method(final String letter, final int serverPort) {
        this.letter = letter;
        this.serverPort = serverPort;
    }

    /**
     * The method of a word.
     *
     * @throws BenchException in one sentence if there is none.
     */
    public static Method of(final String word) {
        for (final Method each : values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw BenchException.usage("--method " + word + " is not one; give nat, dr or tun.");
    }

    /** Its word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Option of {@code ipvsadm -a}. */
    String letter() {
        return letter;
    }

    /** Port of the real server. */
    int serverPort() {
        return serverPort;
    }

    /** What arrives at the real server. */
    public LoadSettings.End end() {
        return switch (this) {
            case NAT -> LoadSettings.End.udp(Wires.address(Wires.RIP), Wires.RPORT);
            case DR -> LoadSettings.End.udp(Wires.address(Wires.VIP), Wires.VPORT);
            case TUN -> new LoadSettings.End(Wires.address(Wires.RIP), 0, IPIP);
        };
    }
}
