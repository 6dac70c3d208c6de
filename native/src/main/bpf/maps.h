/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the program knows, filled by io.ringmaster.bpf.DirectorProgram. Everything in a key is in network order. An
 * address is 16 bytes, IPv4 as ::ffff:a.b.c.d (RFC 4291 2.5.5.2), so that both families use the same maps.
 *
 * The sets are hash maps with a byte as value. They are not preallocated: their size is a limit, not a cost.
 */
#ifndef RINGMASTER_MAPS_H
#define RINGMASTER_MAPS_H

#include <linux/bpf.h>
#include <linux/in6.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "reasons.h"

#define MAC_BYTES 6

struct address {
	__be32 words[4];
};

/* 0 address, 16 port, 18 protocol, 19 zero */
struct endpoint {
	struct address address;
	__be16 port;
	__u8 protocol;
	__u8 zero;
};

/* 0 interface index (host order), 4 MAC, 10 zero */
struct interface_mac {
	__u32 interface;
	__u8 mac[MAC_BYTES];
	__u16 zero;
};

/* Written once, before the program is loaded, so that the verifier sees constants. */
struct settings {
	__u32 slots_per_interface; /* no queue number reaches this */
	__u8 hand_back_mark[MAC_BYTES]; /* source MAC of frames that we gave back; another one in every run */
	__u16 zero;
};

const volatile struct settings settings = {};

/* The sockets of all interfaces of a director: slot = first slot of the interface + number of the receive queue. */
struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 1); /* set at load */
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

/* MACs that are ours, by interface -> the first slot of the interface in "sockets". */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct interface_mac);
	__type(value, __u32);
} macs SEC(".maps");

/* In place of a protocol, with port 0, in the two sets below: fragments to this VIP, or from this RIP. */
#define FRAGMENTS 0

/*
 * In place of a protocol, with port 0, in the two sets below: to this VIP, or from this RIP, there may be data
 * connections of FTP, of the ports that data_ports counts, or (of persistent services) of any such port. Both are numbers
 * for experiments (RFC 3692), and no packet of such a protocol has ports.
 */
#define DATA_EXPECTED 254
#define DATA_LASTING 253

/* Virtual services: protocol, VIP, vport. Each VIP is there once more for fragments. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 131072);
	__type(key, struct endpoint);
	__type(value, __u8);
} services SEC(".maps");

/* Masqueraded real servers: protocol, RIP, rport. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 131072);
	__type(key, struct endpoint);
	__type(value, __u8);
} replies SEC(".maps");

/*
 * How many data connections there are by each port that they have at a service or a real server. Written by the workers
 * as they make them, in memory that they share with the program: no packet of a connection that a reply has just told
 * its client of may be too early. Port 0, which no connection has, counts the addresses with DATA_EXPECTED.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
} data_ports SEC(".maps");

/*
 * The director's own addresses: answers to its health checks come here from RIP:rport. VIPs are among them, each an
 * address of some interface, so there is room for as many as there can be services.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 131072);
	__type(key, struct address);
	__type(value, __u8);
} local_addresses SEC(".maps");

/* Real servers that are reached by a tunnel: RIP. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct address);
	__type(value, __u8);
} tunnel_servers SEC(".maps");

#define MOST_MARK_FILTERS 256

/* 0 destination, 16 its mask, 32 source, 48 its mask, 64 interface index or 0 (host order), 68 first and 70 last
 * destination port (host order), 72 protocol or 0, 73 whether it is one of IPv6 packets, 74 zero */
struct mark_filter {
	struct address destination;
	struct address destination_mask;
	struct address source;
	struct address source_mask;
	__u32 interface;
	__u16 first_port;
	__u16 last_port;
	__u8 protocol;
	__u8 ipv6;
	__u8 zero[2];
};

/* Packets of firewall marks: as many of these as mark_count says. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MOST_MARK_FILTERS);
	__type(key, __u32);
	__type(value, struct mark_filter);
} mark_filters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} mark_count SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REASONS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

static __always_inline void count(__u32 reason)
{
	__u64 *counter = bpf_map_lookup_elem(&counters, &reason);

	if (counter)
		(*counter)++; /* one per CPU, and XDP does not interrupt itself */
}

static __always_inline struct address from_ipv4(__be32 ipv4)
{
	struct address address = {{0, 0, bpf_htonl(0xffff), ipv4}};

	return address;
}

static __always_inline int is_ipv4(const struct address *address)
{
	return (address->words[0] | address->words[1]) == 0 && address->words[2] == bpf_htonl(0xffff);
}

static __always_inline struct address from_ipv6(const struct in6_addr *ipv6)
{
	struct address address;

	__builtin_memcpy(&address, ipv6, sizeof(address));
	return address;
}

static __always_inline int is_local(const struct address *address)
{
	return bpf_map_lookup_elem(&local_addresses, address) != 0;
}

static __always_inline int is_tunnel_server(const struct address *address)
{
	return bpf_map_lookup_elem(&tunnel_servers, address) != 0;
}

static __always_inline int is_same(const struct address *one, const struct address *other)
{
	return ((one->words[0] ^ other->words[0]) | (one->words[1] ^ other->words[1])
		| (one->words[2] ^ other->words[2]) | (one->words[3] ^ other->words[3])) == 0;
}

/* Whether the endpoint is in the set: services or replies. */
static __always_inline int holds(void *set, __u8 protocol, const struct address *address, __be16 port)
{
	struct endpoint key = {.address = *address, .port = port, .protocol = protocol};

	return bpf_map_lookup_elem(set, &key) != 0;
}

#endif
