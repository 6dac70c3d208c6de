package io.ringmaster.cli;

import io.ringmaster.packet.Ipv4;
import java.util.Locale;

/** The words of {@code --proto}. */
enum ProtocolWord {
    TCP(Ipv4.PROTOCOL_TCP), UDP(Ipv4.PROTOCOL_UDP), SCTP(Ipv4.PROTOCOL_SCTP), ICMP(Ipv4.PROTOCOL_ICMP);

    private final int number;

    ProtocolWord(final int number) {
        this.number = number;
    }

    /** The protocol's number in IPv4. */
    int number() {
        return number;
    }

    /** As it is written, and completed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
