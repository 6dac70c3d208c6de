package io.ringmaster.service;

import io.ringmaster.packet.Ipv4;

/**
 * How packets are wrapped for a tunneled real server. Immutable but for what is learned of the way.
 *
 * @param type     what stands between the outer and the inner IP header.
 * @param port     UDP port of GUE, 0 for the others.
 * @param checksum whether the UDP or GRE header has a checksum over all that follows.
 * @param path     what routers told of the way to the real server's address.
 */
public record TunnelView(Type type, int port, boolean checksum, PathMtu path) {
    private static final int UDP_AND_GUE_BYTES = 12;
    private static final int GRE_BYTES = 4;

    /** What stands between the headers. */
    public enum Type {
        /** Nothing (RFC 2003). */
        IPIP(Ipv4.PROTOCOL_IPIP),
        /** UDP and the header of generic UDP encapsulation. */
        GUE(Ipv4.PROTOCOL_UDP),
        /** GRE (RFC 2784). */
        GRE(Ipv4.PROTOCOL_GRE);

        private final int protocol;

        Type(final int protocol) {
            this.protocol = protocol;
        }
    }

    /** IPIP over a way of which nothing was learned. */
    public static TunnelView ipip() {
        return new TunnelView(Type.IPIP, 0, false, new PathMtu(false));
    }

    /** Whether packets wrapped like this have this IP protocol number and UDP port (0 if they have none). */
    public boolean sends(final int protocol, final int destinationPort) {
        return type.protocol == protocol && port == destinationPort;
    }

    /** Bytes between the outer and the inner IP header. */
    public int layerBytes() {
        return switch (type) {
            case IPIP -> 0;
            case GUE -> UDP_AND_GUE_BYTES;
            case GRE -> checksum ? 2 * GRE_BYTES : GRE_BYTES;
        };
    }
}
