package io.ringmaster.stats;

import java.util.Locale;

/**
 * Everything that can become of a packet, one counter each: a packet that a worker received is found again in exactly
 * one of the kinds {@link Kind#SENT}, {@link Kind#HANDED_BACK} and {@link Kind#DROP}.
 */
public enum Counter {
    PACKETS_RECEIVED(Kind.EVENT, "packets taken from the receive rings", ""),
    SENT_TO_REAL_SERVER(Kind.SENT, "packets of clients sent to a real server", ""),
    SENT_TO_CLIENT(Kind.SENT, "replies of masqueraded real servers sent to their client", ""),
    SENT_ICMP_RELAYED(Kind.SENT, "ICMP errors about a connection passed on to its other end", ""),
    SENT_ICMP_ERROR(Kind.SENT, "packets answered by an ICMP error of our own", ""),

    FRAGMENT_JOINED(Kind.SENT, "fragments put together with others; the last one is counted as the whole datagram", ""),

    BACK_NO_CONNECTION(Kind.HANDED_BACK, "segments of no connection that open none, left to the kernel",
        "Ordinary in small numbers: scanners, clients of connections that ended."),
    BACK_REAL_SERVER(Kind.HANDED_BACK, "packets of a real server that answer no connection, routed by the kernel",
        "Ordinary where a real server opens connections from its balanced port, and after a service was deleted."),
    BACK_BYPASS(Kind.HANDED_BACK, "packets of a firewall mark's service without real server, routed by the kernel",
        "The setting cache_bypass is on."),
    BACK_LOCAL_NODE(Kind.HANDED_BACK, "packets for a real server that is the director itself", ""),
    BACK_ICMP(Kind.HANDED_BACK, "ICMP errors about no connection of ours, left to the kernel", ""),
    BACK_UNREADABLE(Kind.HANDED_BACK, "packets of a form that is not ours to judge, left to the kernel", ""),

    DROP_TRUNCATED(Kind.DROP, "headers end before their length says",
        "Look at them: ringmaster capture --drop truncated"),
    DROP_CUT(Kind.DROP, "a packet that ends within its TCP or UDP header, of no connection or a masqueraded one",
        "Look at them: ringmaster capture --drop cut"),
    DROP_BAD_HEADER(Kind.DROP, "an IP header that contradicts itself",
        "Look at them: ringmaster capture --drop bad-header"),
    DROP_BAD_CHECKSUM(Kind.DROP, "the IP or ICMP checksum is wrong", "Look for a broken NIC, cable or offload."),
    DROP_MARTIAN_SOURCE(Kind.DROP, "a source address that nobody can have: 0.0.0.0, 127/8, multicast, broadcast",
        "Look at them: ringmaster capture --drop martian-source"),
    DROP_NO_REAL_SERVER(Kind.DROP, "no real server could take the connection and no ICMP error could be sent",
        "Look at weights and thresholds: ringmaster ipvsadm -Ln --thresholds."),
    DROP_LOOPBACK_SERVER(Kind.DROP, "packets for a masqueraded real server at a loopback address",
        "As the kernel does; give the real server another address of the director."),
    DROP_DEFENCE(Kind.DROP, "packets that would have made a connection, dropped as drop_packet says",
        "ringmaster sysctl --long drop_packet am_droprate"),
    DROP_NO_CALL_ID(Kind.DROP, "packets for a service with --pe sip that would have made a connection, without Call-ID",
        "As the kernel does. The Call-ID must be at most 255 bytes long, and only UDP packets have one."),
    DROP_CALLS_FULL(Kind.DROP, "no room for a new call of a service with --pe sip, or a connection of one",
        "Start with a larger --connections: there is room for one call for each 32."),
    DROP_STRAY_REPLY(Kind.DROP, "replies of no connection that nat_icmp_send answers, and no ICMP error could be sent",
        "ringmaster sysctl --long nat_icmp_send"),
    DROP_REAL_SERVER_REMOVED(Kind.DROP, "the connection's real server was removed",
        "As the kernel does; the client opens a new connection after its own time-out."),
    DROP_TTL(Kind.DROP, "the time to live ran out and no ICMP error could be sent", "Look for a routing loop."),
    DROP_TOO_BIG(Kind.DROP, "larger than the route's MTU, not to be fragmented, and no ICMP error could be sent",
        "Raise the MTU towards the real servers."),
    DROP_NO_FRAGMENT_FRAMES(Kind.DROP, "larger than the route's MTU, and too few free frames for its fragments",
        "Raise the MTU towards the real servers."),
    DROP_FRAGMENT_DUPLICATE(Kind.DROP, "a fragment of which all had come before", ""),
    DROP_FRAGMENT_OVERLAP(Kind.DROP, "a fragment that overlaps others, and so all of its datagram",
        "An attack or a broken sender: ringmaster capture --drop fragment-overlap"),
    DROP_FRAGMENT_MALFORMED(Kind.DROP, "a fragment that is empty, of a wrong length or contradicts others",
        "An attack or a broken sender: ringmaster capture --drop fragment-malformed"),
    DROP_FRAGMENT_TINY(Kind.DROP, "a datagram in more than 500 fragments, or whose first one ends within its headers",
        "An attack or a broken sender: ringmaster capture --drop fragment-tiny"),
    DROP_NO_ROUTE(Kind.DROP, "no route to the real server through an interface of the director",
        "ip route get RIP: the interface it names must be among those of ringmaster run."),
    DROP_NEIGHBOUR_UNRESOLVED(Kind.DROP, "the next hop's MAC address is not known yet",
        "ip neigh: does the real server (or its router) answer ARP?"),
    DROP_NO_CLIENT_HOP(Kind.DROP, "the reply's way back is not known: more than 1,023 routers and clients on the link",
        "Start the director again; for good, put a router between it and the clients."),
    DROP_TABLE_FULL(Kind.DROP, "no room for a new connection near its place in the table",
        "Start with a larger --connections."),
    DROP_MARK_ADDRESSES(Kind.DROP, "more IPv6 addresses of firewall marks' services than 16,383 have connections",
        "A scan of a large prefix, or rules for marks that take too much."),
    DROP_TRANSMIT_FULL(Kind.DROP, "the transmit ring was full", "The outgoing interface is slower than the traffic."),
    DROP_HAND_BACK_LIMIT(Kind.DROP, "more packets for the kernel than --hand-back-rate allows",
        "A scan or flood; raise --hand-back-rate if it is not."),
    DROP_HAND_BACK_FULL(Kind.DROP, "the ring to the hand-back thread was full", "As above."),
    DROP_HAND_BACK_FAILED(Kind.DROP, "the kernel did not take a packet that was handed back",
        "Needs kernel 5.18 or newer."),
    DROP_ICMP_LEARNED(Kind.DROP, "an ICMP error that told us a path MTU and concerns nobody else", ""),
    DROP_ICMP_LIMITED(Kind.DROP, "an ICMP error from a tunnel's way, over the rate limit of its client", ""),

    CONNECTIONS_CREATED(Kind.EVENT, "connections made", ""),
    CONNECTIONS_ENDED(Kind.EVENT, "connections that timed out or were replaced", ""),
    CONNECTIONS_DROPPED(Kind.EVENT, "half-open and idle connections that ended as drop_entry says",
        "ringmaster sysctl --long drop_entry"),
    CONNECTIONS_EVICTED(Kind.EVENT, "half-open connections that gave way to new ones in a flood",
        "If clients that mean it are among them, start with a larger --connections."),
    FTP_UNHEEDED(Kind.EVENT, "commands and replies of FTP passed on as they came: no room for what they are about",
        "Start with a larger --connections6: all connections of FTP services are there."),
    REPLY_AMBIGUOUS(Kind.EVENT, "replies that fitted two connections of one client port", ""),
    UNFINISHED_CHECKSUM(Kind.EVENT, "packets that came with an unfinished checksum",
        "Turn transmit checksum offload off at the sender's veth: ethtool -K IF tx off."),
    FRAGMENTED(Kind.EVENT, "packets larger than the route's MTU that left in fragments",
        "Raise the MTU towards the real servers (tunnels need 20 to 32 bytes more than the client side)."),
    FRAGMENTS_LOST(Kind.EVENT, "fragments for which the transmit ring had no room",
        "The outgoing interface is slower than the traffic."),
    DATAGRAMS_EXPIRED(Kind.EVENT, "datagrams of which not all fragments came within 30 seconds, 60 of IPv6",
        "Losses on the way, or a NIC that spreads fragments over queues by ports: ethtool -N IF rx-flow-hash udp4 sd."),
    REASSEMBLY_ANSWERED(Kind.EVENT, "ICMP errors to the senders of those whose first fragment had come", ""),
    DATAGRAMS_GAVE_WAY(Kind.EVENT, "incomplete datagrams that gave way to new ones: there is room for 64 a worker",
        "A flood of fragments, or a lossy way."),
    PATH_MTU_LEARNED(Kind.EVENT, "errors by which routers told a smaller MTU on the way to a tunneled real server", ""),
    ICMP_RATE_LIMITED(Kind.EVENT, "ICMP errors not sent because of their rate limit", ""),
    KICK_BUSY(Kind.EVENT, "transmit kicks answered by EBUSY or ENOBUFS; a frame may be lost then", ""),
    KICK_DOWN(Kind.EVENT, "transmit kicks to an interface that is down", "ip link: is it up?"),
    KICK_FAILED(Kind.EVENT, "transmit kicks that failed otherwise", ""),
    VIEWS_APPLIED(Kind.EVENT, "changes of the configuration taken over", "");

    private final Kind kind;
    private final String meaning;
    private final String advice;

    Counter(final Kind kind, final String meaning, final String advice) {
        this.kind = kind;
        this.meaning = meaning;
        this.advice = advice;
    }

    /** What became of the packets that this counter counts. */
    public Kind kind() {
        return kind;
    }

    /** The name for listings: lower case with hyphens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is counted, for a person. */
    public String meaning() {
        return meaning;
    }

    /** What to do about it; empty where there is nothing to do. */
    public String advice() {
        return advice;
    }

    /** What became of a packet. */
    public enum Kind {
        /** Left by an interface. */
        SENT,
        /** Given to the kernel as if it had just arrived. */
        HANDED_BACK,
        /** Gone. */
        DROP,
        /** Something happened; says nothing of a packet's end. */
        EVENT
    }
}
