package io.ringmaster.cli;

import io.ringmaster.packet.Ipv4;
import io.ringmaster.packet.Sctp;
import io.ringmaster.packet.Tcp;
import io.ringmaster.verb.UsageException;
import java.util.Locale;
import java.util.Map;

/** What a packet says to its connection: TCP's flags, or the type of an SCTP chunk. */
final class PacketFlags {
    /** By their bits, from the lowest; ACK as tcpdump writes it. */
    private static final String LETTERS = "FSRP.UEW";
    /** RFC 9260, 3.2. */
    private static final Map<String, Integer> CHUNKS = Map.of("data", 0, "init", Sctp.INIT, "abort", Sctp.ABORT,
        "shutdown", 7, "cookie-echo", 10);

    private PacketFlags() {
    }

    /** Complains of words that are none; null is none given. */
    static void check(final String words, final int protocol) {
        if (words != null) {
            bits(words, protocol);
        }
    }

    /** The flags byte, or the chunk's type. */
    static int bits(final String words, final int protocol) {
        if (protocol == Ipv4.PROTOCOL_SCTP) {
            final Integer chunk = CHUNKS.get(words.toLowerCase(Locale.ROOT));
            if (chunk == null) {
                throw new UsageException("--flags " + words + " is no chunk of SCTP that is known here: init, data, "
                    + "cookie-echo, shutdown or abort.");
            }
            return chunk;
        }
        if (protocol != Ipv4.PROTOCOL_TCP) {
            throw new UsageException("--flags is of TCP and SCTP only.");
        }
        int bits = 0;
        for (final char letter : words.toUpperCase(Locale.ROOT).replace('A', '.').toCharArray()) {
            final int bit = LETTERS.indexOf(letter);
            if (bit < 0) {
                throw new UsageException("--flags " + words + " has a letter that is no flag of TCP; they are S, F, R, "
                    + "P, A (or .) and U.");
            }
            bits |= 1 << bit;
        }
        return bits;
    }

    /** Those of a packet of which none are said: what begins a connection, or else goes on with one. */
    static int usual(final int protocol, final boolean opens) {
        return switch (protocol) {
            case Ipv4.PROTOCOL_TCP -> opens ? Tcp.SYN : Tcp.ACK;
            case Ipv4.PROTOCOL_SCTP -> opens ? Sctp.INIT : 0;
            default -> 0;
        };
    }

    /** TCP's flags as tcpdump writes them. */
    static String letters(final int bits) {
        final StringBuilder letters = new StringBuilder();
        for (int i = 0; i < LETTERS.length(); i++) {
            if ((bits & 1 << i) != 0) {
                letters.append(LETTERS.charAt(i));
            }
        }
        return letters.isEmpty() ? "none" : letters.toString();
    }
}
