package io.ringmaster.bpf;

import java.util.Locale;

/**
 * What the XDP program did with a frame and why. Order and names are those of {@code enum reason} in
 * {@code src/main/bpf/reasons.h}; a test compares the two.
 */
public enum XdpReason {
    REDIRECTED_SERVICE("to a virtual service: to the worker of its queue"),
    REDIRECTED_REPLY("from a masqueraded real server: to the worker of its queue"),
    REDIRECTED_ICMP("ICMP error about a connection or a tunnel packet: to the worker of its queue"),
    REDIRECTED_FRAGMENT("fragment to or from an address of a service: to the worker of its queue"),
    NO_SOCKET("for a worker, but the receive queue has no AF_XDP socket: passed to the kernel"),
    PASSED_HANDED_BACK("given back to the kernel by the director itself (generic mode)"),
    PASSED_OTHER_MAC("to another MAC, broadcast or multicast"),
    PASSED_VLAN("VLAN-tagged"),
    PASSED_NOT_IP("neither IPv4 nor IPv6: ARP and others"),
    PASSED_MALFORMED("a header is cut off or its lengths contradict each other"),
    PASSED_FRAGMENT("a fragment of other addresses or protocols"),
    PASSED_OTHER_PROTOCOL("neither TCP, UDP, SCTP, ICMP nor ICMPv6"),
    PASSED_ICMP("ICMP that is about no connection"),
    PASSED_LOCAL("to an address of the director itself"),
    PASSED_NO_SERVICE("TCP, UDP or SCTP of no virtual service and no real server");

    private final String meaning;

    XdpReason(final String meaning) {
        this.meaning = meaning;
    }

    /** The counter's name: redirected_service. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it says, for people. */
    public String meaning() {
        return meaning;
    }
}
