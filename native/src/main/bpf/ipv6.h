/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading an IPv6 packet (RFC 8200), as ipv4.h does an IPv4 one. Extension headers are walked as the kernel's
 * ipv6_find_hdr does, but not without end.
 */
#ifndef RINGMASTER_IPV6_H
#define RINGMASTER_IPV6_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define IPV6_MOST_EXTENSIONS 8
#define IPV6_MOST_EXTENSION_BYTES 4095 /* more than these headers are not looked behind */
#define IPV6_FRAGMENT_OFFSET 0xfff8
#define IPV6_EXTENSION_UNIT 8

/* What all extension headers begin with; the word is the fragment offset and flags of a fragment header. */
struct ipv6_extension {
	__u8 next;
	__u8 length;
	__be16 word;
	__be32 rest;
};

/* Where the transport header is. */
struct ipv6_transport {
	__u32 offset; /* from the IPv6 header; 0 if it is not within the frame and the packet */
	__u8 protocol;
	__u8 fragment;
	__u8 fragment_protocol; /* what the first fragment header names: the same in all fragments of a datagram */
	__u8 later_fragment;
};

static __always_inline int is_ipv6_extension(__u8 protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_FRAGMENT
	       || protocol == IPPROTO_AH || protocol == IPPROTO_DSTOPTS;
}

static __always_inline __u32 ipv6_extension_bytes(__u8 protocol, __u8 length)
{
	if (protocol == IPPROTO_FRAGMENT)
		return IPV6_EXTENSION_UNIT;
	return protocol == IPPROTO_AH ? (length + 2) * 4 : (length + 1) * IPV6_EXTENSION_UNIT;
}

/* Walks from an IPv6 header that lies within the frame, of which so many bytes are there by its length or its quote. */
static __always_inline struct ipv6_transport ipv6_walk(const struct ipv6hdr *ip, __u32 bytes, const void *end)
{
	struct ipv6_transport found = {.protocol = ip->nexthdr};
	__u32 offset = sizeof(*ip);

#pragma unroll
	for (int i = 0; i < IPV6_MOST_EXTENSIONS; i++) {
		const struct ipv6_extension *extension;
		__u8 protocol = found.protocol;

		if (!is_ipv6_extension(protocol) || found.later_fragment)
			break;
		if (offset > IPV6_MOST_EXTENSION_BYTES)
			return found;
		extension = (const void *)ip + offset;
		if ((const void *)(extension + 1) > end || offset + sizeof(*extension) > bytes)
			return found;
		if (protocol == IPPROTO_FRAGMENT) {
			if (!found.fragment)
				found.fragment_protocol = extension->next;
			found.fragment = 1;
			found.later_fragment = (extension->word & bpf_htons(IPV6_FRAGMENT_OFFSET)) != 0;
		}
		found.protocol = extension->next;
		offset += ipv6_extension_bytes(protocol, extension->length);
	}
	if (offset > IPV6_MOST_EXTENSION_BYTES || offset > bytes
	    || (is_ipv6_extension(found.protocol) && !found.later_fragment))
		return found;
	found.offset = offset;
	return found;
}

#endif
