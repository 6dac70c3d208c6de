package io.ringmaster.control;

import io.ringmaster.service.ServiceKey;

/**
 * What a rule knows a virtual service by: protocol, VIP and port, or a firewall mark. Immutable.
 *
 * @param protocol IP protocol number, 6, 17 or 132; 0 for a mark.
 * @param address  VIP; for a mark the zero address of its family.
 * @param port     0 to 65,535; 0 for a mark.
 * @param mark     0 for none; all 32 bits of the mark otherwise.
 */
public record ServiceId(int protocol, HostAddress address, int port, int mark) {
    /** IP protocol number of TCP. */
    public static final int TCP = 6;
    /** IP protocol number of UDP. */
    public static final int UDP = 17;
    /** IP protocol number of SCTP. */
    public static final int SCTP = 132;
    private static final int[] PROTOCOLS_OF_MARKS = {TCP, UDP, SCTP};

    /** The service of a protocol, VIP and port. */
    public static ServiceId of(final int protocol, final HostAddress address, final int port) {
        return new ServiceId(protocol, address, port, 0);
    }

    /** The service of a firewall mark. */
    public static ServiceId ofMark(final int mark, final boolean ipv6) {
        final HostAddress none = ipv6 ? new HostAddress(true, 0, 0) : HostAddress.ipv4(0);
        return new ServiceId(0, none, 0, mark);
    }

    /** Whether packets are known by their mark. */
    public boolean marked() {
        return mark != 0;
    }

    /** IP protocol numbers of its packets; not to be changed. */
    int[] protocols() {
        return marked() ? PROTOCOLS_OF_MARKS : new int[] {protocol};
    }

    /** Whether packets are known by its address. */
    public boolean addressed() {
        return !marked() && !address.mapped();
    }

    /** Whether its templates stand for FTP's data connections, too. */
    public boolean takesFtpData() {
        return protocol == TCP && !marked() && port == ServiceKey.FTP_PORT;
    }

    /** The word of ipvsadm's listings. */
    public String word() {
        return marked() ? "FWM" : protocolWord(protocol);
    }

    /** TCP, UDP, SCTP; IP for others, as the kernel's connection listing has it. */
    public static String protocolWord(final int protocol) {
        return switch (protocol) {
            case TCP -> "TCP";
            case UDP -> "UDP";
            case SCTP -> "SCTP";
            default -> "IP";
        };
    }
}
