package io.ringmaster.service;

/** How a packet reaches its real server (ipvsadm(8), packet-forwarding-method). */
public enum ForwardingMethod {
    /** {@code -m}: the destination is rewritten, replies come back through the director. */
    MASQUERADING("Masq", "-m"),
    /** The real server is the director itself; shown by listings, never asked for. */
    LOCAL("Local", ""),
    /** {@code -i}: the packet travels inside another one. */
    TUNNELING("Tunnel", "-i"),
    /** {@code -g}: only the MAC address changes. */
    DIRECT_ROUTING("Route", "-g");

    private final String word;
    private final String option;

    ForwardingMethod(final String word, final String option) {
        this.word = word;
        this.option = option;
    }

    /** The word of ipvsadm's listings. */
    public String word() {
        return word;
    }

    /** The option that asks for it in ipvsadm's rules. */
    public String option() {
        return option;
    }
}
