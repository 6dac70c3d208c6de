// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Which frames leave the kernel's path for the director's AF_XDP sockets. Only what some map names does: packets to a
 * virtual service, answers of masqueraded real servers, ICMP errors about either and about our tunnel packets. All else
 * goes on to the kernel, which answers ARP, ND and ping, keeps ssh and routes.
 *
 * One object serves all interfaces of a director. Whether a packet is really ours the workers find out; what is not
 * comes back by the program hand_back.
 */
#include "maps.h"
#include "ipv4.h"
#include "ipv6.h"
#include "icmp.h"
#include "marks.h"

/* IEEE 802.1Q and 802.1ad tags: AF_XDP would lose them where the NIC strips them, so they stay with the kernel. */
static __always_inline int is_vlan(__be16 type)
{
	return type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD);
}

static __always_inline int carries_mark(const struct ethhdr *ethernet)
{
	__u32 different = 0;

	for (int i = 0; i < MAC_BYTES; i++)
		different |= ethernet->h_source[i] ^ settings.hand_back_mark[i];
	return different == 0;
}

/* The first slot of the interface if the frame is for one of our MACs there, else null. */
static __always_inline const __u32 *slots_of(__u32 interface, const struct ethhdr *ethernet)
{
	struct interface_mac key = {.interface = interface};

	__builtin_memcpy(key.mac, ethernet->h_dest, MAC_BYTES);
	return bpf_map_lookup_elem(&macs, &key);
}

/* A packet's addresses, and those of one that an ICMP error quotes, of either family. */
struct ends {
	struct address source;
	struct address destination;
};

static __always_inline struct ends ends_of_ipv4(const struct iphdr *ip)
{
	struct ends ends = {.source = from_ipv4(ip->saddr), .destination = from_ipv4(ip->daddr)};

	return ends;
}

static __always_inline struct ends ends_of_ipv6(const struct ipv6hdr *ip)
{
	struct ends ends = {.source = from_ipv6(&ip->saddr), .destination = from_ipv6(&ip->daddr)};

	return ends;
}

/* Whether a packet from one address to a port of another has a firewall mark; of a fragment any port may be. */
static __always_inline int is_of_mark(const struct address *source, const struct address *destination, __be16 port,
				      __u8 protocol, __u32 interface, __u8 fragment)
{
	__u32 zero = 0;
	const __u32 *filters = bpf_map_lookup_elem(&mark_count, &zero);
	struct mark_subject *subject;

	if (!filters || *filters == 0)
		return 0;
	subject = bpf_map_lookup_elem(&mark_subjects, &zero);
	if (!subject)
		return 0;
	subject->source = *source;
	subject->destination = *destination;
	subject->interface = interface;
	subject->port = bpf_ntohs(port);
	subject->protocol = protocol;
	subject->ipv6 = !is_ipv4(destination);
	subject->fragment = fragment;
	return is_marked(*filters);
}

static __always_inline int counts_port(__u32 port)
{
	const __u64 *connections = bpf_map_lookup_elem(&data_ports, &port);

	return connections && *connections != 0;
}

#define FTP_DATA 20
#define FIRST_FREE_PORT 1024

/* Whether a packet to or from an address and port can be one of an FTP data connection: in services or replies. */
static __always_inline int is_data(void *set, __u8 protocol, const struct address *address, __be16 port)
{
	__u32 number = bpf_ntohs(port);

	if (protocol != IPPROTO_TCP || number == 0)
		return 0;
	if (counts_port(0) && counts_port(number) && holds(set, DATA_EXPECTED, address, 0))
		return 1;
	return (number == FTP_DATA || number >= FIRST_FREE_PORT) && holds(set, DATA_LASTING, address, 0);
}

/* Whether a packet from one address to a port of another is for a service of all ports or of a firewall mark. */
static __always_inline int is_for_any_port(const struct address *source, const struct address *destination,
					   __be16 port, __u8 protocol, __u32 interface)
{
	return holds(&services, protocol, destination, 0)
	       || is_of_mark(source, destination, port, protocol, interface, 0);
}

/* Whether packets from an address and port can be those of a masqueraded real server. */
static __always_inline int is_reply(__u8 protocol, const struct address *source, __be16 port)
{
	return holds(&replies, protocol, source, port) || holds(&replies, protocol, source, 0)
		|| is_data(&replies, protocol, source, port);
}

static __always_inline enum reason decide_by_ports(const struct ends *ends, __u8 protocol, const struct ports *ports,
						   __u32 interface)
{
	if (holds(&services, protocol, &ends->destination, ports->destination)
	    || is_data(&services, protocol, &ends->destination, ports->destination)
	    || is_for_any_port(&ends->source, &ends->destination, ports->destination, protocol, interface))
		return REDIRECTED_SERVICE;
	if (is_local(&ends->destination))
		return PASSED_LOCAL;
	if (is_reply(protocol, &ends->source, ports->source))
		return REDIRECTED_REPLY;
	return PASSED_NO_SERVICE;
}

static __always_inline int has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}

/* Fragments but the first have no ports, so all to or from such addresses are ours: workers give back what is not. */
static __always_inline enum reason decide_fragment(const struct ends *ends, __u8 protocol, __u32 interface)
{
	if (holds(&services, FRAGMENTS, &ends->destination, 0)
	    || is_of_mark(&ends->source, &ends->destination, 0, protocol, interface, 1))
		return REDIRECTED_FRAGMENT;
	if (is_local(&ends->destination))
		return PASSED_LOCAL;
	return holds(&replies, FRAGMENTS, &ends->source, 0) ? REDIRECTED_FRAGMENT : PASSED_FRAGMENT;
}

static __always_inline enum reason decide_ipv4_fragment(const struct iphdr *ip, __u32 interface)
{
	struct ends ends = ends_of_ipv4(ip);

	return has_ports(ip->protocol) ? decide_fragment(&ends, ip->protocol, interface) : PASSED_FRAGMENT;
}

/* Where other headers follow the fragment header, only the whole datagram tells its protocol. */
static __always_inline enum reason decide_ipv6_fragment(const struct ipv6hdr *ip, __u8 protocol, __u32 interface)
{
	struct ends ends = ends_of_ipv6(ip);

	if (is_ipv6_extension(protocol))
		return decide_fragment(&ends, ANY_PROTOCOL, interface);
	return has_ports(protocol) ? decide_fragment(&ends, protocol, interface) : PASSED_FRAGMENT;
}

static __always_inline int carries_ip(__u8 protocol)
{
	return protocol == IPPROTO_IPIP || protocol == IPPROTO_IPV6 || protocol == IPPROTO_GRE;
}

/*
 * An ICMP error is about the packet that it quotes, and goes to where that came from. Ours are those about
 * - a reply that a client should have got: the quote comes from a service;
 * - a tunnel packet of ours: the quote goes to a tunnel server (IPIP, IPv6 in IPv4, GRE, or UDP for GUE);
 * - a masqueraded packet: the quote goes to a masqueraded real server, but was not the director's own health check.
 * Where the quote begins with ports, these are given.
 */
static __always_inline enum reason decide_by_quote(const struct ends *quoted, __u8 protocol, const struct ports *ports)
{
	if (carries_ip(protocol))
		return is_tunnel_server(&quoted->destination) ? REDIRECTED_ICMP : PASSED_ICMP;
	/* Of a mark, too: what the quote comes from is where the client's packets go to. */
	if (holds(&services, protocol, &quoted->source, ports->source)
	    || is_data(&services, protocol, &quoted->source, ports->source)
	    || is_for_any_port(&quoted->destination, &quoted->source, ports->source, protocol, 0))
		return REDIRECTED_ICMP;
	if (protocol == IPPROTO_UDP && is_tunnel_server(&quoted->destination))
		return REDIRECTED_ICMP;
	/* where the error goes, too */
	if (is_local(&quoted->source))
		return PASSED_LOCAL;
	return is_reply(protocol, &quoted->destination, ports->destination) ? REDIRECTED_ICMP : PASSED_ICMP;
}

static __always_inline enum reason decide_by_ipv4_quote(const struct iphdr *ip, const struct iphdr *quoted,
							__u32 quoted_bytes, const void *end)
{
	__u32 header_bytes = ipv4_header_bytes(quoted, end);
	const struct ports *ports = 0;
	struct ends ends;

	if (header_bytes == 0 || quoted_bytes < header_bytes)
		return PASSED_MALFORMED;
	if (ip->daddr != quoted->saddr)
		return PASSED_ICMP;
	ends = ends_of_ipv4(quoted);
	if (carries_ip(quoted->protocol))
		return decide_by_quote(&ends, quoted->protocol, ports);
	if (!has_ports(quoted->protocol))
		return PASSED_ICMP;
	ports = quoted_ports(quoted, header_bytes, end);
	if (!ports || quoted_bytes < header_bytes + sizeof(*ports))
		return PASSED_MALFORMED;
	return decide_by_quote(&ends, quoted->protocol, ports);
}

static __always_inline enum reason decide_by_ipv6_quote(const struct ipv6hdr *ip, const struct ipv6hdr *quoted,
							__u32 quoted_bytes, const void *end)
{
	struct ends ends;
	struct ends carrier;
	struct ipv6_transport transport;
	const struct ports *ports = 0;

	if ((const void *)(quoted + 1) > end || quoted->version != 6 || quoted_bytes < sizeof(*quoted))
		return PASSED_MALFORMED;
	ends = ends_of_ipv6(quoted);
	carrier = ends_of_ipv6(ip);
	if (!is_same(&carrier.destination, &ends.source))
		return PASSED_ICMP;
	transport = ipv6_walk(quoted, quoted_bytes, end);
	if (transport.offset == 0 || transport.offset > IPV6_MOST_EXTENSION_BYTES || transport.later_fragment)
		return PASSED_MALFORMED;
	if (carries_ip(transport.protocol))
		return decide_by_quote(&ends, transport.protocol, ports);
	if (!has_ports(transport.protocol))
		return PASSED_ICMP;
	ports = (const void *)quoted + transport.offset;
	if ((const void *)(ports + 1) > end || quoted_bytes < transport.offset + sizeof(*ports))
		return PASSED_MALFORMED;
	return decide_by_quote(&ends, transport.protocol, ports);
}

static __always_inline enum reason decide_ipv4(const struct iphdr *ip, const void *end, __u32 interface)
{
	__u32 header_bytes = whole_ipv4_header_bytes(ip, end);
	const void *transport = (const void *)ip + header_bytes;
	const struct ports *ports = transport;
	const struct icmp *icmp = transport;
	__u32 transport_bytes;
	struct ends ends;

	if (header_bytes == 0)
		return PASSED_MALFORMED;
	if (ip->frag_off & bpf_htons(IPV4_MORE_OR_OFFSET))
		return decide_ipv4_fragment(ip, interface);
	transport_bytes = bpf_ntohs(ip->tot_len) - header_bytes;
	if (has_ports(ip->protocol)) {
		/* The ports are enough: what is cut off behind them may go on with its connection. */
		if (transport_bytes < sizeof(*ports) || (const void *)(ports + 1) > end)
			return PASSED_MALFORMED;
		ends = ends_of_ipv4(ip);
		return decide_by_ports(&ends, ip->protocol, ports, interface);
	}
	if (ip->protocol != IPPROTO_ICMP)
		return PASSED_OTHER_PROTOCOL;
	if (transport_bytes < sizeof(*icmp) || (const void *)(icmp + 1) > end)
		return PASSED_MALFORMED;
	if (icmp->type != ICMP_UNREACHABLE && icmp->type != ICMP_SOURCE_QUENCH && icmp->type != ICMP_TIME_EXCEEDED)
		return PASSED_ICMP;
	return decide_by_ipv4_quote(ip, (const void *)(icmp + 1), transport_bytes - sizeof(*icmp), end);
}

static __always_inline enum reason decide_ipv6(const struct ipv6hdr *ip, const void *end, __u32 interface)
{
	struct ipv6_transport found;
	const struct ports *ports;
	const struct icmp *icmp;
	__u32 packet_bytes;
	__u32 transport_bytes;
	struct ends ends;

	if ((const void *)(ip + 1) > end || ip->version != 6)
		return PASSED_MALFORMED;
	packet_bytes = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	if ((const void *)ip + packet_bytes > end)
		return PASSED_MALFORMED;
	found = ipv6_walk(ip, packet_bytes, end);
	if (found.fragment)
		return decide_ipv6_fragment(ip, found.fragment_protocol, interface);
	if (found.offset == 0 || found.offset > IPV6_MOST_EXTENSION_BYTES)
		return PASSED_MALFORMED;
	ports = (const void *)ip + found.offset;
	icmp = (const void *)ports;
	transport_bytes = packet_bytes - found.offset;
	if (has_ports(found.protocol)) {
		if (transport_bytes < sizeof(*ports) || (const void *)(ports + 1) > end)
			return PASSED_MALFORMED;
		ends = ends_of_ipv6(ip);
		return decide_by_ports(&ends, found.protocol, ports, interface);
	}
	if (found.protocol != IPPROTO_ICMPV6)
		return PASSED_OTHER_PROTOCOL;
	if (transport_bytes < sizeof(*icmp) || (const void *)(icmp + 1) > end)
		return PASSED_MALFORMED;
	if (icmp->type >= ICMPV6_FIRST_INFORMATION)
		return PASSED_ICMP;
	return decide_by_ipv6_quote(ip, (const void *)(icmp + 1), transport_bytes - sizeof(*icmp), end);
}

static __always_inline int pass(enum reason reason)
{
	count(reason);
	return XDP_PASS;
}

static __always_inline int redirect(const struct xdp_md *context, __u32 first_slot, enum reason reason)
{
	__u32 queue = context->rx_queue_index;

	/* The flags are the answer where the slot is empty. */
	if (queue >= settings.slots_per_interface
	    || bpf_redirect_map(&sockets, first_slot + queue, XDP_PASS) != XDP_REDIRECT)
		return pass(NO_SOCKET);
	count(reason);
	return XDP_REDIRECT;
}

SEC("xdp")
int director(struct xdp_md *context)
{
	const void *end = (const void *)(long)context->data_end;
	const struct ethhdr *ethernet = (const void *)(long)context->data;
	const __u32 *first_slot;
	enum reason reason;

	if ((const void *)(ethernet + 1) > end)
		return pass(PASSED_MALFORMED);
	if (carries_mark(ethernet))
		return pass(PASSED_HANDED_BACK);
	first_slot = slots_of(context->ingress_ifindex, ethernet);
	if (!first_slot)
		return pass(PASSED_OTHER_MAC);
	if (is_vlan(ethernet->h_proto))
		return pass(PASSED_VLAN);
	if (ethernet->h_proto == bpf_htons(ETH_P_IP))
		reason = decide_ipv4((const void *)(ethernet + 1), end, context->ingress_ifindex);
	else if (ethernet->h_proto == bpf_htons(ETH_P_IPV6))
		reason = decide_ipv6((const void *)(ethernet + 1), end, context->ingress_ifindex);
	else
		reason = PASSED_NOT_IP;
	return reason < NO_SOCKET ? redirect(context, *first_slot, reason) : pass(reason);
}

/*
 * Run by BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES (kernel 5.18): the kernel takes the frame as if it had just
 * come in by the interface.
 */
SEC("xdp")
int hand_back(struct xdp_md *context)
{
	(void)context;
	return XDP_PASS;
}

char program_license[] SEC("license") = "Dual BSD/GPL";
