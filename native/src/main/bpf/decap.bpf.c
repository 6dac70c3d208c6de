// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * For real servers of the tunneling method on hosts without a tunnel device: strips the outer IPv4 or IPv6 header (RFC
 * 2003, RFC 2473, RFC 4213), and the header of GRE (RFC 2784) or of UDP and GUE (draft-ietf-intarea-gue-09) behind it, of packets to
 * this host, so that the stack sees the client's packet to the VIP. It needs no map filled and no argument, and so works
 * by "ip link set dev IF xdp obj decap.bpf.o sec xdp" too.
 *
 * Which packets: every outer destination for which this host is the end of the way. The kernel's own routes say so:
 * - the interface does not forward: what comes to our MAC can only be for us;
 * - it forwards (a host of containers): the outer destination is a local address, else the packet is in transit.
 * Whose MAC the frame bears needs no question: the Ethernet header stays, and the stack drops what is for others.
 *
 * Anything odd is passed as it came: fragments, VLAN tags, lengths that do not fit, a version that the protocol number
 * does not tell, IPv6 extension headers, GRE with more than a checksum, GUE with options. Checksums of GRE and GUE are not looked at: what is
 * inside has its own.
 */
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <linux/bpf.h>
#include "ipv4.h"

#define AF_INET 2 /* include/linux/socket.h; the C library's headers do not serve BPF */
#define AF_INET6 10
#define ECN_MASK 3 /* RFC 3168: 0 not capable, 1 and 2 capable, 3 congestion experienced */
#define ECN_CE 3
#define MULTICAST 1 /* first byte of a MAC */

#define GRE_CHECKSUM 0x8000

/* RFC 2784; with GRE_CHECKSUM four bytes more. */
struct gre {
	__be16 flags;
	__be16 type;
};

/* The control bit, the version and the count of options are all in the first byte. */
struct gue {
	__u8 zero;
	__u8 protocol;
	__be16 flags;
};

/* UDP port of GUE; fixed before the program is loaded. 6080 is IANA's. */
const volatile __u16 gue_port = 6080;

/* What an outer header says. */
struct outer {
	__u32 header_bytes;
	__u32 payload_bytes;
	__u8 protocol;
	__u8 ecn;
};

/* What is inside a tunnel packet: IPPROTO_IPIP or IPPROTO_IPV6, and where it begins; protocol 0 if it is none. */
struct content {
	__u32 offset;
	__u8 protocol;
};

/* All tunnel packets that were stripped; bytes of their inner IP packets. */
struct stripped {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stripped);
} stripped SEC(".maps");

static __always_inline void count(__u32 bytes)
{
	__u32 key = 0;
	struct stripped *counter = bpf_map_lookup_elem(&stripped, &key);

	if (counter) {
		counter->packets++;
		counter->bytes += bytes;
	}
}

/* The outer IPv4 header; 0 if it is none that we know. */
static __always_inline int read_ipv4(const struct iphdr *ip, const void *end, struct outer *outer,
				     struct bpf_fib_lookup *route)
{
	outer->header_bytes = whole_ipv4_header_bytes(ip, end);
	if (outer->header_bytes == 0 || (ip->frag_off & bpf_htons(IPV4_MORE_OR_OFFSET)))
		return 0;
	outer->payload_bytes = bpf_ntohs(ip->tot_len) - outer->header_bytes;
	outer->protocol = ip->protocol;
	outer->ecn = ip->tos & ECN_MASK;
	route->family = AF_INET;
	route->ipv4_src = ip->saddr;
	route->ipv4_dst = ip->daddr;
	return 1;
}

static __always_inline __u8 ecn_ipv6(const struct ipv6hdr *ip)
{
	return ip->flow_lbl[0] >> 4 & ECN_MASK;
}

/* The outer IPv6 header; 0 if it is none that we know. */
static __always_inline int read_ipv6(const struct ipv6hdr *ip, const void *end, struct outer *outer,
				     struct bpf_fib_lookup *route)
{
	if ((const void *)(ip + 1) > end || ip->version != 6)
		return 0;
	outer->header_bytes = sizeof(*ip);
	outer->payload_bytes = bpf_ntohs(ip->payload_len);
	if ((const void *)(ip + 1) + outer->payload_bytes > end)
		return 0;
	outer->protocol = ip->nexthdr;
	outer->ecn = ecn_ipv6(ip);
	route->family = AF_INET6;
	__builtin_memcpy(route->ipv6_src, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(route->ipv6_dst, &ip->daddr, sizeof(ip->daddr));
	return 1;
}

static __always_inline int ends_here(struct xdp_md *context, struct bpf_fib_lookup *route)
{
	long answer;

	route->ifindex = context->ingress_ifindex;
	answer = bpf_fib_lookup(context, route, sizeof(*route), 0);
	return answer == BPF_FIB_LKUP_RET_FWD_DISABLED || answer == BPF_FIB_LKUP_RET_NOT_FWDED;
}

/* Congestion seen on the way through the tunnel goes on to the inner packet (RFC 6040 4.2); the checksum by RFC 1624. */
static __always_inline void mark_congestion_ipv4(struct iphdr *inner)
{
	__u32 added = ECN_CE - (inner->tos & ECN_MASK);
	__u32 sum = (__u16)~bpf_ntohs(inner->check) + added;

	sum = (sum & 0xffff) + (sum >> 16);
	inner->check = bpf_htons(~sum);
	inner->tos |= ECN_CE;
}

/* Marks a packet whose outer header met congestion; 0 if its ends do not know the mark. */
static __always_inline int mark_congestion(__u8 protocol, void *inner)
{
	struct iphdr *ipv4 = inner;
	struct ipv6hdr *ipv6 = inner;

	if (protocol == IPPROTO_IPIP) {
		if ((ipv4->tos & ECN_MASK) == 0)
			return 0;
		mark_congestion_ipv4(ipv4);
		return 1;
	}
	if (ecn_ipv6(ipv6) == 0)
		return 0;
	ipv6->flow_lbl[0] |= ECN_CE << 4;
	return 1;
}

static __always_inline struct content in_gre(const struct gre *gre, __u32 bytes, const void *end)
{
	struct content content = {0};

	if ((const void *)(gre + 1) > end)
		return content;
	content.offset = sizeof(*gre);
	if (gre->flags == bpf_htons(GRE_CHECKSUM))
		content.offset += 4;
	else if (gre->flags != 0)
		return content;
	if (content.offset > bytes)
		return content;
	if (gre->type == bpf_htons(ETH_P_IP))
		content.protocol = IPPROTO_IPIP;
	else if (gre->type == bpf_htons(ETH_P_IPV6))
		content.protocol = IPPROTO_IPV6;
	return content;
}

static __always_inline struct content in_udp(const struct udphdr *udp, __u32 bytes, const void *end)
{
	const struct gue *gue = (const void *)(udp + 1);
	struct content content = {.offset = sizeof(*udp) + sizeof(*gue)};

	if ((const void *)(gue + 1) > end || content.offset > bytes || udp->dest != bpf_htons(gue_port))
		return content;
	if (gue->zero == 0 && gue->flags == 0 && (gue->protocol == IPPROTO_IPIP || gue->protocol == IPPROTO_IPV6))
		content.protocol = gue->protocol;
	return content;
}

/* What is behind the outer header, of which so many bytes are in the packet. */
static __always_inline struct content content_of(__u8 protocol, const void *payload, __u32 bytes, const void *end)
{
	struct content content = {0};

	switch (protocol) {
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		content.protocol = protocol;
		return content;
	case IPPROTO_GRE:
		return in_gre(payload, bytes, end);
	case IPPROTO_UDP:
		return in_udp(payload, bytes, end);
	default:
		return content;
	}
}

/* The type of the Ethernet header that fits the inner packet, or 0 if it is none that we know, whole and untagged. */
static __always_inline __be16 inner_type(__u8 protocol, const void *inner, __u32 inner_bytes, const void *end)
{
	const struct iphdr *ipv4 = inner;
	const struct ipv6hdr *ipv6 = inner;

	if (protocol == IPPROTO_IPIP) {
		if (whole_ipv4_header_bytes(ipv4, end) == 0 || bpf_ntohs(ipv4->tot_len) > inner_bytes)
			return 0;
		return bpf_htons(ETH_P_IP);
	}
	if ((const void *)(ipv6 + 1) > end || ipv6->version != 6
	    || bpf_ntohs(ipv6->payload_len) + sizeof(*ipv6) > inner_bytes)
		return 0;
	return bpf_htons(ETH_P_IPV6);
}

SEC("xdp")
int decap(struct xdp_md *context)
{
	void *end = (void *)(long)context->data_end;
	struct ethhdr *ethernet = (void *)(long)context->data;
	void *network = ethernet + 1;
	struct bpf_fib_lookup route = {};
	struct outer outer = {};
	struct content content;
	struct ethhdr kept;
	__u32 outer_bytes;
	__u32 inner_bytes;

	if (network > end || (ethernet->h_dest[0] & MULTICAST))
		return XDP_PASS;
	if (ethernet->h_proto == bpf_htons(ETH_P_IP)) {
		if (!read_ipv4(network, end, &outer, &route))
			return XDP_PASS;
	} else if (ethernet->h_proto != bpf_htons(ETH_P_IPV6) || !read_ipv6(network, end, &outer, &route)) {
		return XDP_PASS;
	}
	content = content_of(outer.protocol, network + outer.header_bytes, outer.payload_bytes, end);
	if (content.protocol == 0)
		return XDP_PASS;
	outer_bytes = outer.header_bytes + content.offset;
	inner_bytes = outer.payload_bytes - content.offset;
	kept = *ethernet;
	kept.h_proto = inner_type(content.protocol, network + outer_bytes, inner_bytes, end);
	if (kept.h_proto == 0 || !ends_here(context, &route))
		return XDP_PASS;
	/* RFC 6040: what may not be marked is to be dropped; the stack has no use for it either. */
	if (outer.ecn == ECN_CE && !mark_congestion(content.protocol, network + outer_bytes))
		return XDP_PASS;
	if (bpf_xdp_adjust_head(context, outer_bytes))
		return XDP_PASS;
	ethernet = (void *)(long)context->data;
	end = (void *)(long)context->data_end;
	if ((void *)(ethernet + 1) > end)
		return XDP_DROP; /* cannot be: the inner header was there */
	*ethernet = kept;
	count(inner_bytes);
	return XDP_PASS;
}

char program_license[] SEC("license") = "Dual BSD/GPL";
