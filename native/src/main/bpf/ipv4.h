/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading an IPv4 packet (RFC 791) of which nothing is believed: its fields may lie, its end may be missing. Each step
 * compares with two ends: the frame's, which the verifier demands, and the packet's own, since what follows is padding.
 */
#ifndef RINGMASTER_IPV4_H
#define RINGMASTER_IPV4_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define IPV4_MORE_OR_OFFSET 0x3fff /* flag "more fragments" and the fragment offset */
#define IPV4_OFFSET 0x1fff

/* The first four bytes of TCP, UDP and SCTP. */
struct ports {
	__be16 source;
	__be16 destination;
};

/* Bytes of the header with its options, or 0 if this is no IPv4 header that lies within the frame. */
static __always_inline __u32 ipv4_header_bytes(const struct iphdr *ip, const void *end)
{
	__u32 bytes;

	if ((const void *)(ip + 1) > end || ip->version != 4 || ip->ihl < 5)
		return 0;
	bytes = ip->ihl * 4;
	return (const void *)ip + bytes > end ? 0 : bytes;
}

/*
 * As above, for a packet that must be whole: its total length covers the header and lies within the frame. Bytes behind
 * it are Ethernet padding.
 */
static __always_inline __u32 whole_ipv4_header_bytes(const struct iphdr *ip, const void *end)
{
	__u32 bytes = ipv4_header_bytes(ip, end);
	__u32 total;

	if (bytes == 0)
		return 0;
	total = bpf_ntohs(ip->tot_len);
	return total < bytes || (const void *)ip + total > end ? 0 : bytes;
}

/* The ports of a packet quoted in an ICMP error, or null if the quote ends before them or starts behind them. */
static __always_inline const struct ports *quoted_ports(const struct iphdr *ip, __u32 header_bytes, const void *end)
{
	const struct ports *ports = (const void *)ip + header_bytes;

	return (const void *)(ports + 1) > end || (ip->frag_off & bpf_htons(IPV4_OFFSET)) ? 0 : ports;
}

#endif
