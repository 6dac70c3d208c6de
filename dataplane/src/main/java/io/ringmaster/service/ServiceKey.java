package io.ringmaster.service;

import io.ringmaster.packet.Addresses;
import io.ringmaster.packet.Ipv4;

/**
 * What a virtual service is known by.
 *
 * @param endpoint 1 to 65,535, the number given to it by the control thread.
 * @param protocol IP protocol number: 6 TCP, 17 UDP; 0 for all, of a mark.
 * @param vipHigh  VIP, high long; of a mark the zero address of its family.
 * @param vipLow   VIP, low long.
 * @param vport    1 to 65,535; 0 for all ports, as of a mark.
 * @param mark     the firewall mark by which packets are known to be for it; 0 for none.
 * @param ftpPorts where what its clients and real servers say about FTP's data connections is heeded: its own port, or
 *                 any of a service of all ports or a mark.
 */
public record ServiceKey(int endpoint, int protocol, long vipHigh, long vipLow, int vport, int mark,
                         FtpPorts ftpPorts) {
    /** The port of FTP control connections, IANA. */
    public static final int FTP_PORT = 21;
    /** The port of FTP data connections that a server opens. */
    public static final int FTP_DATA_PORT = 20;
    private static final int FIRST_FREE_PORT = 1024;

    /** What a service without the FTP helper is known by. */
    public ServiceKey(final int endpoint, final int protocol, final long vipHigh, final long vipLow, final int vport,
                      final int mark) {
        this(endpoint, protocol, vipHigh, vipLow, vport, mark, FtpPorts.NONE);
    }

    /** What a service without a mark is known by. */
    public ServiceKey(final int endpoint, final int protocol, final long vipHigh, final long vipLow, final int vport) {
        this(endpoint, protocol, vipHigh, vipLow, vport, 0);
    }

    /** Whether its clients are IPv4 ones. */
    public boolean ipv4() {
        return Addresses.isIpv4(vipHigh, vipLow);
    }

    /** Whether its packets are known by a firewall mark. */
    public boolean marked() {
        return mark != 0;
    }

    /** Whether clients reach it by several ports, and if it is known by a mark by several addresses. */
    public boolean anyPort() {
        return vport == 0;
    }

    /**
     * Whether its connections have wide keys (see {@link io.ringmaster.connection.TableForm}): those of IPv6, and those
     * that must remember what their client asked for.
     */
    public boolean wide() {
        return anyPort() || !ipv4() || hasData();
    }

    /** Whether it is the FTP service that packets to other ports of its address may belong to. */
    public boolean takesFtpData() {
        return vport == FTP_PORT && protocol == Ipv4.PROTOCOL_TCP && mark == 0;
    }

    /** Whether it may have data connections, of other ports than its own. */
    public boolean hasData() {
        return !anyPort() && (ftp() || takesFtpData());
    }

    /** Whether what its clients and real servers say about FTP's data connections is heeded. */
    public boolean ftp() {
        return !ftpPorts.isEmpty();
    }

    /** Whether connections to a port of a service of several are control connections of FTP. */
    public boolean heeds(final int port) {
        return ftpPorts.has(port);
    }

    /** Whether packets to a port of no service are those of the FTP service there (ip_vs_ctl.c, ip_vs_service_find). */
    public static boolean isFtpDataPort(final int port) {
        return port == FTP_DATA_PORT || port >= FIRST_FREE_PORT;
    }

    /** The port in the key of a connection of this service of one port, by its client's packets: 0 for its own. */
    public int portInKey(final int port) {
        return !hasData() || port == vport ? 0 : port;
    }

    /** The real server's port of a connection of a service with data connections, by that of its client's packets. */
    public int serverPort(final int port, final int rport) {
        // Active data connections lie one below their control connection on both sides, passive ones keep their port.
        return port == vport ? rport : ftp() && port == vport - 1 ? rport - 1 : port;
    }
}
