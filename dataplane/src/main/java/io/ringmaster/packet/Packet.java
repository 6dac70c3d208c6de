package io.ringmaster.packet;

import java.lang.foreign.MemorySegment;

/**
 * Where one packet lies in packet memory and what its headers said: a cursor, made once for each place of a batch and
 * used again for every packet that comes to that place. Owned by one worker.
 * <p>
 * All offsets are absolute, in bytes from the start of {@link #memory()}. Addresses are 128 bits in two longs; an IPv4
 * address is held in its IPv6-mapped form (see {@link Addresses}), so that both families take the same steps.
 */
public final class Packet {
    /** Longest IPv4 packet. */
    public static final int LENGTH_BYTES_MAX = 65_535;
    final MemorySegment memory;
    final Ipv6Extensions extensions = new Ipv6Extensions();
    long frame;
    int lengthBytes;
    int port;
    long network;
    int networkHeaderBytes;
    int networkLengthBytes;
    long transport;
    int version;
    int protocol;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    int tcpFlags;
    private int largestFragmentBytes;
    private int fragments;
    private int[] fragmentEnds;
    private int fragmentId;
    private int leastFragmentHeaderBytes;

    /**
     * A cursor over packet memory.
     *
     * @param memory all frames; bounds are checked against it.
     */
    public Packet(final MemorySegment memory) {
        this.memory = memory;
    }

    /**
     * Points the cursor at a received frame. Nothing else is valid until the parser has read it.
     *
     * @param frame       offset of the first byte of the Ethernet header.
     * @param lengthBytes bytes from there, without the frame check sequence.
     * @param port        number of the interface it came by, in the order the director was given them.
     */
    public void wrap(final long frame, final int lengthBytes, final int port) {
        this.frame = frame;
        this.lengthBytes = lengthBytes;
        this.port = port;
    }

    /**
     * Makes this the cursor over a packet that was parsed, as if it went the other way: its source is that one's
     * destination.
     *
     * @param packet over the same memory.
     */
    public void turnFrom(final Packet packet) {
        wrap(packet.frame, packet.lengthBytes, packet.port);
        network = packet.network;
        networkHeaderBytes = packet.networkHeaderBytes;
        networkLengthBytes = packet.networkLengthBytes;
        transport = packet.transport;
        version = packet.version;
        protocol = packet.protocol;
        sourceHigh = packet.destinationHigh;
        sourceLow = packet.destinationLow;
        sourcePort = packet.destinationPort;
        destinationHigh = packet.sourceHigh;
        destinationLow = packet.sourceLow;
        destinationPort = packet.sourcePort;
        tcpFlags = packet.tcpFlags;
    }

    /**
     * Puts an IPv4 header without options at a new place, with an Ethernet header in front of it, and makes the packet
     * as long as they say: a tunnel header, or that of an ICMP error. The bytes are the caller's to write. Addresses,
     * ports, protocol and version stay those of the packet that was received.
     *
     * @param newNetwork            offset of the new IP header.
     * @param newNetworkLengthBytes length of the IP packet from there.
     */
    public void relocate(final long newNetwork, final int newNetworkLengthBytes) {
        relocate(newNetwork, Ipv4.HEADER_BYTES, newNetworkLengthBytes);
    }

    /** As {@link #relocate}, with an IPv6 header without extension headers. */
    public void relocateIpv6(final long newNetwork, final int newNetworkLengthBytes) {
        relocate(newNetwork, Ipv6.HEADER_BYTES, newNetworkLengthBytes);
    }

    private void relocate(final long newNetwork, final int newHeaderBytes, final int newNetworkLengthBytes) {
        this.frame = newNetwork - Ethernet.HEADER_BYTES;
        this.lengthBytes = Ethernet.HEADER_BYTES + newNetworkLengthBytes;
        this.network = newNetwork;
        this.networkHeaderBytes = newHeaderBytes;
        this.networkLengthBytes = newNetworkLengthBytes;
        this.transport = newNetwork + newHeaderBytes;
    }

    /**
     * Moves the start of the packet, as a tunnel header in front of it does.
     *
     * @param newFrame       offset of the new first byte.
     * @param newLengthBytes bytes from there.
     */
    public void resize(final long newFrame, final int newLengthBytes) {
        this.frame = newFrame;
        this.lengthBytes = newLengthBytes;
    }

    /** Makes the packet longer or shorter, as its IP header is to tell; Ethernet padding behind it goes. */
    public void changeLength(final int newNetworkLengthBytes) {
        this.networkLengthBytes = newNetworkLengthBytes;
        this.lengthBytes = (int) (network - frame) + newNetworkLengthBytes;
    }

    /**
     * Points the cursor at a fragment in memory that is no frame, with all that the parser would tell of it but its
     * addresses.
     *
     * @param newFrame              offset of its Ethernet header.
     * @param newHeaderBytes        bytes from its IP header to its data.
     * @param newNetworkLengthBytes bytes from its IP header to its end.
     */
    public void showFragment(final long newFrame, final int newHeaderBytes, final int newNetworkLengthBytes,
                             final int arrivedBy, final int newVersion, final int newProtocol) {
        relocate(newFrame + Ethernet.HEADER_BYTES, newHeaderBytes, newNetworkLengthBytes);
        port = arrivedBy;
        version = newVersion;
        protocol = newProtocol;
        largestFragmentBytes = LENGTH_BYTES_MAX;
    }

    /** Gives the addresses of {@link #showFragment}. */
    public void showAddresses(final long fromHigh, final long fromLow, final long toHigh, final long toLow) {
        sourceHigh = fromHigh;
        sourceLow = fromLow;
        destinationHigh = toHigh;
        destinationLow = toLow;
    }

    /**
     * Makes this the cursor over a datagram that was put together, in memory that is no frame.
     *
     * @param largestBytes of the fragments it came in, their IP headers included: none that it leaves in is larger.
     */
    public void cameInFragments(final int largestBytes) {
        this.largestFragmentBytes = largestBytes;
    }

    /**
     * As {@link #cameInFragments(int)}, of an IPv6 datagram, which leaves in the very fragments that it came in where
     * it can.
     *
     * @param ends             where each of them ends, in bytes from the first behind its fragment header. Not copied.
     * @param count            how many they are.
     * @param leastHeaderBytes fewest bytes that any of them but the first has in front of its fragment header.
     * @param identification   that of their fragment headers.
     */
    public void cameInFragments(final int largestBytes, final int[] ends, final int count, final int leastHeaderBytes,
                                final int identification) {
        this.largestFragmentBytes = largestBytes;
        this.fragmentEnds = ends;
        this.fragments = count;
        this.leastFragmentHeaderBytes = leastHeaderBytes;
        this.fragmentId = identification;
    }

    /** How many fragments an IPv6 datagram came in, of the one that was put together last. */
    public int fragments() {
        return fragments;
    }

    /** Where one of {@link #fragments} ends, in bytes from the first behind the fragment header. */
    public int fragmentEnd(final int number) {
        return fragmentEnds[number];
    }

    /** Fewest bytes that any of {@link #fragments} but the first has in front of its fragment header. */
    public int leastFragmentHeaderBytes() {
        return leastFragmentHeaderBytes;
    }

    /** Identification of the fragment headers of an IPv6 datagram. */
    public int fragmentId() {
        return fragmentId;
    }

    /** Where the fragment header is, of what the parser answers FRAGMENT about and is IPv6. */
    public long fragmentHeader() {
        return network + networkHeaderBytes - Ipv6FragmentHeader.BYTES;
    }

    /** Largest fragment it may leave in, in bytes of the IP packet; 0 for a packet that came in one piece. */
    public int largestFragmentBytes() {
        return largestFragmentBytes;
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Offset of the Ethernet header. */
    public long frame() {
        return frame;
    }

    /** Bytes of the packet from its Ethernet header on. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Number of the interface the packet came by. */
    public int port() {
        return port;
    }

    /** Offset of the IP header. */
    public long network() {
        return network;
    }

    /** Bytes from the IP header to the transport header: 20 to 60 for IPv4, 40 and more for IPv6. */
    public int networkHeaderBytes() {
        return networkHeaderBytes;
    }

    /** Length of the IP packet as its header tells, its header included; Ethernet padding is not in it. */
    public int networkLengthBytes() {
        return networkLengthBytes;
    }

    /**
     * Whether no router may fragment it: the IPv4 header's bit, as it is in memory now; always in IPv6, where what came
     * in fragments may only leave in such again.
     */
    public boolean dontFragment() {
        return version == 6 || (Ipv4.fragmentWord(memory, network) & Ipv4.DONT_FRAGMENT) != 0;
    }

    /** The IP header's time to live, or its hop limit, as it is in memory now. */
    public int timeToLive() {
        return version == 6 ? Ipv6.hopLimit(memory, network) : Ipv4.timeToLive(memory, network);
    }

    /** Offset of the TCP, UDP, ICMP or ICMPv6 header. */
    public long transport() {
        return transport;
    }

    /** 4 or 6, as it was received: a tunnel header does not change it. */
    public int version() {
        return version;
    }

    /** IP protocol number (IANA): 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6. */
    public int protocol() {
        return protocol;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /** TCP, UDP or SCTP source port, 0 to 65,535; 0 for other protocols. */
    public int sourcePort() {
        return sourcePort;
    }

    /** TCP or UDP destination port, 0 to 65,535; 0 for other protocols. */
    public int destinationPort() {
        return destinationPort;
    }

    /** TCP flags byte (RFC 9293 §3.1): FIN 1, SYN 2, RST 4, PSH 8, ACK 16; for SCTP see {@link Sctp}; 0 for others. */
    public int tcpFlags() {
        return tcpFlags;
    }
}
