package io.ringmaster.cli;

import io.ringmaster.explain.Form;
import io.ringmaster.explain.MadePacket;
import io.ringmaster.explain.Pieces;
import io.ringmaster.explain.Question;
import io.ringmaster.verb.UsageException;
import picocli.CommandLine.Option;

/** The options of {@code explain} that say what kind of packet it is, and how long. */
final class ExplainForm {
    /** What a frame of the smallest size has room for, and the kernel can be asked about. */
    private static final int MOST_BYTES = 3400;
    private static final int MOST_DATAGRAM_BYTES = 65_535;
    /** Of a datagram in fragments of which no length is said: more than ordinary links take at once. */
    private static final int USUAL_DATAGRAM_BYTES = 2000;
    /** The least that has a second fragment. */
    private static final int FRAGMENT_UNIT_BYTES = 8;
    private static final int LEAST_MTU_BYTES = 68;
    private static final int USUAL_MTU_BYTES = 1280;

    @Option(names = "--bytes", paramLabel = "BYTES", description = "Length of the IP packet; none but its headers if "
        + "it is not given, 2000 with --fragment.")
    private Integer lengthBytes;

    @Option(names = "--may-fragment", description = "Without the bit that forbids routers to fragment it, which IPv4 "
        + "packets have here else.")
    private boolean mayFragment;

    @Option(names = "--fragment", paramLabel = "PART", description = "It comes in fragments, as large as its interface "
        + "takes: ${COMPLETION-CANDIDATES}. Of first and later, the last one, no other comes.")
    private PartWord fragment;

    @Option(names = "--icmp-error", paramLabel = "TYPE", description = "Not the packet comes, but an ICMP error about "
        + "it, from where it went to (--to) back to --from: ${COMPLETION-CANDIDATES}.")
    private ErrorWord error;

    @Option(names = "--mtu", paramLabel = "BYTES", description = "What frag-needed says goes through; 1280 if it is "
        + "not given.")
    private Integer mtuBytes;

    /** Complains of what makes no sense for a packet of a protocol and family. */
    void check(final ProtocolWord protocol, final boolean ipv4) {
        if (error != null) {
            checkError(protocol);
        } else if (mtuBytes != null) {
            throw new UsageException("--mtu goes with --icmp-error frag-needed.");
        }
        if (fragment != null && protocol == ProtocolWord.ICMP) {
            throw new UsageException("--fragment is of tcp, udp and sctp: fragments of icmp stay with the kernel.");
        }
        if (mayFragment && (fragment != null || !ipv4)) {
            throw new UsageException(fragment != null ? "--may-fragment and --fragment exclude each other: fragments "
                + "may always be fragmented." : "--may-fragment is of IPv4: no router fragments IPv6 packets.");
        }
        final int least = MadePacket.leastBytes(protocol.number(), ipv4);
        if (lengthBytes == null) {
            return;
        }
        if (fragment != null && (lengthBytes < least + FRAGMENT_UNIT_BYTES || lengthBytes > MOST_DATAGRAM_BYTES)) {
            throw new UsageException("--bytes " + lengthBytes + " is outside " + (least + FRAGMENT_UNIT_BYTES)
                + " (its headers, and something to cut off) to " + MOST_DATAGRAM_BYTES + ".");
        }
        if (fragment == null && (lengthBytes < least || lengthBytes > MOST_BYTES)) {
            throw new UsageException("--bytes " + lengthBytes + " is outside " + least + " (its headers) to "
                + MOST_BYTES + ".");
        }
    }

    private void checkError(final ProtocolWord protocol) {
        if (protocol == ProtocolWord.ICMP) {
            throw new UsageException("--icmp-error is about tcp, udp and sctp.");
        }
        if (fragment != null || mayFragment || lengthBytes != null) {
            throw new UsageException("--icmp-error and " + (fragment != null ? "--fragment" : mayFragment
                ? "--may-fragment" : "--bytes") + " exclude each other: the error is small, and whole.");
        }
        if (mtuBytes != null && error != ErrorWord.FRAG_NEEDED) {
            throw new UsageException("--mtu goes with --icmp-error frag-needed.");
        }
        if (mtuBytes != null && (mtuBytes < LEAST_MTU_BYTES || mtuBytes > MOST_DATAGRAM_BYTES)) {
            throw new UsageException("--mtu " + mtuBytes + " is outside " + LEAST_MTU_BYTES + " to "
                + MOST_DATAGRAM_BYTES + ".");
        }
    }

    /** Complains of what cannot come by an interface of an MTU. */
    void checkFits(final Question question, final String interfaceName, final int interfaceMtuBytes) {
        if (fragment == null && question.lengthBytes() > interfaceMtuBytes) {
            throw new UsageException("--bytes " + question.lengthBytes() + " is more than comes by " + interfaceName
                + ", whose MTU is " + interfaceMtuBytes + "; --fragment all says that it comes in fragments.");
        }
        if (fragment != null && Pieces.count(question, interfaceMtuBytes) > Pieces.MOST) {
            throw new UsageException("--bytes " + question.lengthBytes() + " comes by " + interfaceName + " in "
                + Pieces.count(question, interfaceMtuBytes) + " fragments; no more than " + Pieces.MOST
                + " can be asked about.");
        }
    }

    /** Whether it is an error, which goes the other way. */
    boolean isError() {
        return error != null;
    }

    /** The length of the packet, of the protocol's number. */
    int lengthBytes(final int protocol, final boolean ipv4) {
        if (error != null) {
            return MadePacket.errorBytes(protocol, ipv4);
        }
        if (lengthBytes != null) {
            return lengthBytes;
        }
        return fragment == null ? MadePacket.leastBytes(protocol, ipv4) : USUAL_DATAGRAM_BYTES;
    }

    /** The kind of packet. */
    Form form(final boolean ipv4) {
        return new Form(fragment == null ? Form.Part.WHOLE : fragment.part(), mayFragment, error == null ? null
            : new Form.Error(error.type(ipv4), error.code(ipv4), error != ErrorWord.FRAG_NEEDED ? 0
            : mtuBytes == null ? USUAL_MTU_BYTES : mtuBytes));
    }
}
