/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* ICMP (RFC 792) as far as it matters here; the kernel's own header needs that of the C library. */
#ifndef RINGMASTER_ICMP_H
#define RINGMASTER_ICMP_H

#include <linux/types.h>

#define ICMP_UNREACHABLE 3
#define ICMP_SOURCE_QUENCH 4
#define ICMP_TIME_EXCEEDED 11

/* ICMPv6 (RFC 4443) has the same header; types below this are errors. */
#define ICMPV6_FIRST_INFORMATION 128

/* In an error the header and the first bytes of the packet that it is about follow: eight at least, by the RFC. */
struct icmp {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be32 rest;
};

#endif
