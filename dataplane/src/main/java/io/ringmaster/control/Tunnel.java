package io.ringmaster.control;

import io.ringmaster.service.PathMtu;
import io.ringmaster.service.TunnelView;

/**
 * The way packets are wrapped for a tunneled real server. Immutable.
 *
 * @param type     the wrapping.
 * @param port     UDP port of GUE, 0 for the others.
 * @param checksum which checksum the outer header carries.
 */
public record Tunnel(Type type, int port, Checksum checksum) {
    /** The kernel's default. */
    public static final Tunnel IPIP = new Tunnel(Type.IPIP, 0, Checksum.NONE);

    /** Wrappings, by the words of --tun-type. */
    public enum Type {
        /** RFC 2003. */
        IPIP("ipip"),
        /** Generic UDP encapsulation. */
        GUE("gue"),
        /** RFC 2784. */
        GRE("gre");

        private final String word;

        Type(final String word) {
            this.word = word;
        }

        /** The word of --tun-type. */
        public String word() {
            return word;
        }
    }

    /** Checksums of the outer header. */
    public enum Checksum {
        /** None. */
        NONE("--tun-nocsum", "-c"),
        /** Full. */
        FULL("--tun-csum", "+c"),
        /** Remote checksum offload. */
        REMOTE("--tun-remcsum", "r+c");

        private final String option;
        private final String mark;

        Checksum(final String option, final String mark) {
            this.option = option;
            this.mark = mark;
        }

        /** The option that asks for it. */
        public String option() {
            return option;
        }

        /** The mark of --tun-info. */
        public String mark() {
            return mark;
        }
    }

    /** The same for workers. */
    TunnelView view(final PathMtu path) {
        // No received packet's own checksum is unfinished, which is what remote checksum offload is for.
        return new TunnelView(TunnelView.Type.valueOf(type.name()), port, checksum != Checksum.NONE, path);
    }

    /** The text of --tun-info. */
    public String info() {
        return switch (type) {
            case IPIP -> type.word();
            case GUE -> type.word() + ":" + port + ":" + checksum.mark();
            case GRE -> type.word() + ":" + checksum.mark();
        };
    }
}
