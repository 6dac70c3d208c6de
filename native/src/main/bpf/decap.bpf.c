// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * For real servers of the tunneling method on hosts without a tunnel device: strips the outer IPv4 header (RFC 2003,
 * RFC 4213), and the header of GRE (RFC 2784) or of UDP and GUE (draft-ietf-intarea-gue-09) behind it, of packets to
 * this host, so that the stack sees the client's packet to the VIP. It needs no map filled and no argument, and so works
 * by "ip link set dev IF xdp obj decap.bpf.o sec xdp" too.
 *
 * Which packets: every outer destination for which this host is the end of the way. The kernel's own routes say so:
 * - the interface does not forward: what comes to our MAC can only be for us;
 * - it forwards (a host of containers): the outer destination is a local address, else the packet is in transit.
 * Whose MAC the frame bears needs no question: the Ethernet header stays, and the stack drops what is for others.
 *
 * Anything odd is passed as it came: fragments, VLAN tags, lengths that do not fit, a version that the protocol number
 * does not tell, GRE with more than a checksum, GUE with options. Checksums of GRE and GUE are not looked at: what is
 * inside has its own.
 */
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <linux/bpf.h>
#include "ipv4.h"

#define AF_INET 2 /* include/linux/socket.h; the C library's headers do not serve BPF */
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

static __always_inline int ends_here(struct xdp_md *context, const struct iphdr *outer)
{
	struct bpf_fib_lookup route = {
		.family = AF_INET,
		.ipv4_src = outer->saddr,
		.ipv4_dst = outer->daddr,
		.ifindex = context->ingress_ifindex,
	};
	long answer = bpf_fib_lookup(context, &route, sizeof(route), 0);

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
	struct iphdr *outer = (void *)(ethernet + 1);
	struct iphdr *inner;
	struct content content;
	struct ethhdr kept;
	__u32 outer_bytes;
	__u32 inner_bytes;
	__u8 inner_ecn;

	if ((void *)(outer + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP) || (ethernet->h_dest[0] & MULTICAST))
		return XDP_PASS;
	outer_bytes = whole_ipv4_header_bytes(outer, end);
	if (outer_bytes == 0 || (outer->frag_off & bpf_htons(IPV4_MORE_OR_OFFSET)))
		return XDP_PASS;
	inner_bytes = bpf_ntohs(outer->tot_len) - outer_bytes;
	content = content_of(outer->protocol, (void *)outer + outer_bytes, inner_bytes, end);
	if (content.protocol == 0)
		return XDP_PASS;
	outer_bytes += content.offset;
	inner_bytes -= content.offset;
	inner = (void *)outer + outer_bytes;
	kept = *ethernet;
	kept.h_proto = inner_type(content.protocol, inner, inner_bytes, end);
	if (kept.h_proto == 0 || !ends_here(context, outer))
		return XDP_PASS;
	if ((outer->tos & ECN_MASK) == ECN_CE && content.protocol == IPPROTO_IPIP) {
		inner_ecn = inner->tos & ECN_MASK;
		if (inner_ecn == 0)
			return XDP_PASS; /* RFC 6040: to be dropped; the stack has no use for it either */
		mark_congestion_ipv4(inner);
	}
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
