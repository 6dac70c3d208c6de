// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Replies of real servers that are the director itself. They leave by the kernel's own way and never meet the XDP
 * program, so this one, on the way out of each of the director's interfaces, writes the virtual service's address and
 * port into them, and tells user space what it saw. It knows each connection: user space enters it with every packet of
 * the client's (io.ringmaster.bpf.EgressProgram). The same server's direct clients are not among them.
 *
 * Checksums are right whoever finishes them, the stack or the NIC: the kernel's helpers know a packet of which only the
 * pseudo header is summed up so far. A packet that is to be cut into segments is one packet here.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define NEXT (-1) /* whatever comes after us: TCX_NEXT, and TC_ACT_UNSPEC of a filter */
#define VLAN_BYTES 4
#define IPV4_OFFSET 0x1fff
#define IPV4_MORE 0x2000
#define IPV6_OFFSET 0xfff8
#define IPV6_MORE 1
#define TCP_FLAGS 13
#define TCP_CHECKSUM 16
#define UDP_CHECKSUM 6
#define SCTP_FIRST_CHUNK 12
#define ICMP_CHECKSUM 2
#define ICMP_BYTES 8
#define ICMP_UNREACHABLE 3
#define ICMPV6_UNREACHABLE 1
#define SILENT_NS 5000000000ULL /* a director that was silent for so long has ended */
#define CONNECTIONS 65536
#define SEEN_BYTES (1 << 18)
#define DATAGRAMS 1024
#define DATAGRAM_NS 1000000000ULL /* its fragments leave one behind the other, and numbers come again */

struct address {
	__be32 words[4]; /* IPv4 as ::ffff:a.b.c.d */
};

/* 0 client, 16 real server, 32 cport, 34 rport, 36 protocol, 37 zero */
struct reply {
	struct address client;
	struct address server;
	__be16 client_port;
	__be16 server_port;
	__u8 protocol;
	__u8 zero[3];
};

/* 0 VIP, 16 vport, 18 zero, 24 the end of its life, 32 how long it lives after a packet; times in this machine's order */
struct service {
	struct address address;
	__be16 port;
	__u8 zero[6];
	__u64 until_ns;
	__u64 lives_ns;
};

/* A datagram that leaves in fragments. */
struct datagram {
	struct address client;
	struct address server;
	__u32 identification;
	__u32 protocol;
};

/* What its first fragment has told of it: those behind that have no ports. */
struct first_fragment {
	struct address vip;
	__be16 client_port;
	__be16 vport;
	__u32 kind;
	__u64 until_ns;
};

/* 0 client, 16 VIP, 32 cport, 34 vport, 36 protocol, 37 TCP flags or SCTP chunk, 38 error, 39 zero, 40 length, 44 zero */
struct seen {
	struct address client;
	struct address vip;
	__be16 client_port;
	__be16 vport;
	__u8 protocol;
	__u8 flags;
	__u8 error;
	__u8 zero;
	__be32 length;
	__u32 rest;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CONNECTIONS);
	__type(key, struct reply);
	__type(value, struct service);
} expected SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, DATAGRAMS);
	__type(key, struct datagram);
	__type(value, struct first_fragment);
} datagrams SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SEEN_BYTES);
} replies SEC(".maps");

/* When user space was there last, so that what is left behind by one that was killed does nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} alive SEC(".maps");

/* Where things are in the packet. */
struct place {
	__u32 network;
	__u32 transport;
	__u32 length; /* of the IP packet; of a later fragment, of all up to its end */
	__u32 identification; /* of a fragment's datagram */
	__u8 ipv6;
	__u8 more; /* fragments follow */
};

/* As IPv6 has it between its header and a fragment's bytes (RFC 8200, 4.5). */
struct fragment_header {
	__u8 next;
	__u8 zero;
	__be16 offset;
	__be32 identification;
};

static __always_inline struct address from_ipv4(__be32 ipv4)
{
	struct address address = {{0, 0, bpf_htonl(0xffff), ipv4}};

	return address;
}

static __always_inline struct address from_ipv6(const struct in6_addr *ipv6)
{
	struct address address;

	__builtin_memcpy(&address, ipv6, sizeof(address));
	return address;
}

static __always_inline int is_same(const struct address *one, const struct address *other)
{
	return ((one->words[0] ^ other->words[0]) | (one->words[1] ^ other->words[1])
		| (one->words[2] ^ other->words[2]) | (one->words[3] ^ other->words[3])) == 0;
}

/* What the connection's replies get, or null. */
static __always_inline struct service *find(const struct reply *key)
{
	struct service *service = bpf_map_lookup_elem(&expected, key);
	__u64 now = bpf_ktime_get_ns();

	if (!service || now > service->until_ns)
		return 0;
	service->until_ns = now + service->lives_ns;
	return service;
}

static __always_inline void tell(const struct reply *key, const struct service *service, __u32 length, __u8 flags,
				 __u8 error)
{
	struct seen seen = {.client = key->client, .vip = service->address, .client_port = key->client_port,
			    .vport = service->port, .protocol = key->protocol, .flags = flags, .error = error,
			    .length = bpf_htonl(length)};

	bpf_ringbuf_output(&replies, &seen, sizeof(seen), 0);
}

static __always_inline void remember(const struct place *place, const struct reply *key, const struct service *service,
				     __u8 kind)
{
	struct datagram datagram = {.client = key->client, .server = key->server,
				    .identification = place->identification, .protocol = key->protocol};
	struct first_fragment first = {.vip = service->address, .client_port = key->client_port,
				       .vport = service->port, .kind = kind,
				       .until_ns = bpf_ktime_get_ns() + DATAGRAM_NS};

	bpf_map_update_elem(&datagrams, &datagram, &first, BPF_ANY);
}

/* Writes an address in place of another, and corrects a checksum that has it in its pseudo header, if it has one. */
static __always_inline void write_address(struct __sk_buff *skb, const struct place *place, __u32 offset,
					  struct address *old, struct address *new, __u32 checksum, __u64 flags)
{
	if (place->ipv6) {
		__s64 difference = bpf_csum_diff(old->words, sizeof(*old), new->words, sizeof(*new), 0);

		if (checksum)
			bpf_l4_csum_replace(skb, checksum, 0, difference, flags);
		bpf_skb_store_bytes(skb, offset, new->words, sizeof(*new), 0);
		return;
	}
	if (checksum)
		bpf_l4_csum_replace(skb, checksum, old->words[3], new->words[3], flags | sizeof(__be32));
	bpf_skb_store_bytes(skb, offset, &new->words[3], sizeof(__be32), 0);
}

static __always_inline __u32 source_of(const struct place *place)
{
	return place->network + (place->ipv6 ? __builtin_offsetof(struct ipv6hdr, saddr)
				 : __builtin_offsetof(struct iphdr, saddr));
}

/* Corrects an IPv4 header's checksum. */
static __always_inline void correct_header(struct __sk_buff *skb, const struct place *place, const struct address *old,
					   const struct address *new)
{
	if (!place->ipv6)
		bpf_l3_csum_replace(skb, place->network + __builtin_offsetof(struct iphdr, check), old->words[3],
				    new->words[3], sizeof(__be32));
}

static __always_inline int is_another(const struct reply *key, const struct service *service)
{
	return !is_same(&key->server, &service->address) || key->server_port != service->port;
}

static __always_inline int translate(struct __sk_buff *skb, const struct place *place, struct reply *key)
{
	struct service *service;
	struct address old = key->server;
	struct address new;
	__be16 ports[2];
	__be16 port;
	__u64 flags = BPF_F_PSEUDO_HDR;
	__u32 checksum = 0;
	__u8 kind = 0;

	if (bpf_skb_load_bytes(skb, place->transport, ports, sizeof(ports)) < 0)
		return NEXT;
	key->server_port = ports[0];
	key->client_port = ports[1];
	service = find(key);
	if (!service)
		return NEXT;
	if (key->protocol == IPPROTO_TCP) {
		checksum = place->transport + TCP_CHECKSUM;
		bpf_skb_load_bytes(skb, place->transport + TCP_FLAGS, &kind, sizeof(kind));
	} else if (key->protocol == IPPROTO_UDP) {
		checksum = place->transport + UDP_CHECKSUM;
		flags |= BPF_F_MARK_MANGLED_0;
	} else {
		bpf_skb_load_bytes(skb, place->transport + SCTP_FIRST_CHUNK, &kind, sizeof(kind));
	}
	/* A datagram is told of once, when its length is known. */
	if (place->more)
		remember(place, key, service, kind);
	else
		tell(key, service, place->length, kind, 0);
	if (!is_another(key, service))
		return NEXT;
	new = service->address;
	port = service->port;
	correct_header(skb, place, &old, &new);
	write_address(skb, place, source_of(place), &old, &new, checksum, flags);
	if (checksum)
		bpf_l4_csum_replace(skb, checksum, ports[0], port, (flags & BPF_F_MARK_MANGLED_0) | sizeof(port));
	bpf_skb_store_bytes(skb, place->transport, &port, sizeof(port), 0);
	return NEXT;
}

/* A fragment behind the first one gets its address. */
static __always_inline int translate_rest(struct __sk_buff *skb, const struct place *place, struct datagram *datagram)
{
	struct first_fragment *first = bpf_map_lookup_elem(&datagrams, datagram);
	struct address old = datagram->server;
	struct address new;

	if (!first || bpf_ktime_get_ns() > first->until_ns)
		return NEXT;
	new = first->vip;
	if (!place->more) {
		struct seen seen = {.client = datagram->client, .vip = new, .client_port = first->client_port,
				    .vport = first->vport, .protocol = datagram->protocol, .flags = first->kind,
				    .length = bpf_htonl(place->length)};

		bpf_ringbuf_output(&replies, &seen, sizeof(seen), 0);
		bpf_map_delete_elem(&datagrams, datagram);
	}
	if (is_same(&old, &new))
		return NEXT;
	correct_header(skb, place, &old, &new);
	write_address(skb, place, source_of(place), &old, &new, 0, 0);
	return NEXT;
}

/*
 * An ICMP error of our own host about a client's packet to the local real server: it comes from the service, and quotes
 * what the client sent. Checksums in the quote stay as the kernel leaves them (ip_vs_core.c, ip_vs_nat_icmp).
 */
static __always_inline int translate_error(struct __sk_buff *skb, const struct place *place, struct address *source,
					   struct reply *key, __u32 quoted_address, __u32 quoted_transport)
{
	struct service *service;
	struct address server = key->server;
	struct address new;
	__be16 ports[2];
	__be16 port;
	__u32 checksum = place->transport + ICMP_CHECKSUM;

	if (bpf_skb_load_bytes(skb, quoted_transport, ports, sizeof(ports)) < 0)
		return NEXT;
	key->client_port = ports[0];
	key->server_port = ports[1];
	service = find(key);
	if (!service)
		return NEXT;
	tell(key, service, place->length, 0, 1);
	if (!is_another(key, service))
		return NEXT;
	new = service->address;
	port = service->port;
	correct_header(skb, place, source, &new);
	/* ICMP has no pseudo header, ICMPv6 has one. */
	write_address(skb, place, source_of(place), source, &new, place->ipv6 ? checksum : 0, BPF_F_PSEUDO_HDR);
	if (!place->ipv6) {
		/* The quoted header's own checksum changes by as much as its address: the message's stays. */
		bpf_l3_csum_replace(skb, quoted_address - __builtin_offsetof(struct iphdr, daddr)
				    + __builtin_offsetof(struct iphdr, check), server.words[3], new.words[3],
				    sizeof(__be32));
	}
	write_address(skb, place, quoted_address, &server, &new, place->ipv6 ? checksum : 0, 0);
	bpf_l4_csum_replace(skb, checksum, ports[1], port, sizeof(port));
	bpf_skb_store_bytes(skb, quoted_transport + sizeof(port), &port, sizeof(port), 0);
	return NEXT;
}

static __always_inline int has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}

static __always_inline int reply_of_ipv4(struct __sk_buff *skb, struct place *place)
{
	struct iphdr ip;
	struct reply key = {};
	struct address source;
	__u8 type = 0;

	if (bpf_skb_load_bytes(skb, place->network, &ip, sizeof(ip)) < 0 || ip.version != 4)
		return NEXT;
	place->transport = place->network + ip.ihl * 4;
	place->length = skb->len - place->network;
	place->identification = ip.id;
	place->more = (ip.frag_off & bpf_htons(IPV4_MORE)) != 0;
	if (ip.frag_off & bpf_htons(IPV4_OFFSET)) {
		struct datagram datagram = {.client = from_ipv4(ip.daddr), .server = from_ipv4(ip.saddr),
					    .identification = ip.id, .protocol = ip.protocol};

		place->length += (bpf_ntohs(ip.frag_off) & IPV4_OFFSET) * 8;
		return translate_rest(skb, place, &datagram);
	}
	if (has_ports(ip.protocol)) {
		key.client = from_ipv4(ip.daddr);
		key.server = from_ipv4(ip.saddr);
		key.protocol = ip.protocol;
		return translate(skb, place, &key);
	}
	if (ip.protocol != IPPROTO_ICMP || bpf_skb_load_bytes(skb, place->transport, &type, sizeof(type)) < 0
	    || type != ICMP_UNREACHABLE)
		return NEXT;
	source = from_ipv4(ip.saddr);
	if (bpf_skb_load_bytes(skb, place->transport + ICMP_BYTES, &ip, sizeof(ip)) < 0 || !has_ports(ip.protocol)
	    || (ip.frag_off & bpf_htons(IPV4_OFFSET)))
		return NEXT;
	key.client = from_ipv4(ip.saddr);
	key.server = from_ipv4(ip.daddr);
	key.protocol = ip.protocol;
	return translate_error(skb, place, &source, &key,
			       place->transport + ICMP_BYTES + __builtin_offsetof(struct iphdr, daddr),
			       place->transport + ICMP_BYTES + ip.ihl * 4);
}

static __always_inline int fragment_of_ipv6(struct __sk_buff *skb, struct place *place, const struct ipv6hdr *ip)
{
	struct fragment_header header;
	struct reply key = {};
	struct datagram datagram = {};

	if (bpf_skb_load_bytes(skb, place->transport, &header, sizeof(header)) < 0 || !has_ports(header.next))
		return NEXT;
	place->transport += sizeof(header);
	place->length -= sizeof(header);
	place->identification = header.identification;
	place->more = (header.offset & bpf_htons(IPV6_MORE)) != 0;
	if (header.offset & bpf_htons(IPV6_OFFSET)) {
		datagram.client = from_ipv6(&ip->daddr);
		datagram.server = from_ipv6(&ip->saddr);
		datagram.identification = header.identification;
		datagram.protocol = header.next;
		place->length += bpf_ntohs(header.offset) & IPV6_OFFSET;
		return translate_rest(skb, place, &datagram);
	}
	key.client = from_ipv6(&ip->daddr);
	key.server = from_ipv6(&ip->saddr);
	key.protocol = header.next;
	return translate(skb, place, &key);
}

static __always_inline int reply_of_ipv6(struct __sk_buff *skb, struct place *place)
{
	struct ipv6hdr ip;
	struct reply key = {};
	struct address source;
	__u8 type = 0;

	if (bpf_skb_load_bytes(skb, place->network, &ip, sizeof(ip)) < 0 || ip.version != 6)
		return NEXT;
	place->ipv6 = 1;
	place->transport = place->network + sizeof(ip);
	place->length = skb->len - place->network;
	if (ip.nexthdr == IPPROTO_FRAGMENT)
		return fragment_of_ipv6(skb, place, &ip);
	if (has_ports(ip.nexthdr)) {
		key.client = from_ipv6(&ip.daddr);
		key.server = from_ipv6(&ip.saddr);
		key.protocol = ip.nexthdr;
		return translate(skb, place, &key);
	}
	if (ip.nexthdr != IPPROTO_ICMPV6 || bpf_skb_load_bytes(skb, place->transport, &type, sizeof(type)) < 0
	    || type != ICMPV6_UNREACHABLE)
		return NEXT;
	source = from_ipv6(&ip.saddr);
	if (bpf_skb_load_bytes(skb, place->transport + ICMP_BYTES, &ip, sizeof(ip)) < 0 || !has_ports(ip.nexthdr))
		return NEXT;
	key.client = from_ipv6(&ip.saddr);
	key.server = from_ipv6(&ip.daddr);
	key.protocol = ip.nexthdr;
	return translate_error(skb, place, &source, &key,
			       place->transport + ICMP_BYTES + __builtin_offsetof(struct ipv6hdr, daddr),
			       place->transport + ICMP_BYTES + sizeof(ip));
}

static __always_inline int director_lives(void)
{
	__u32 zero = 0;
	const __u64 *seen_ns = bpf_map_lookup_elem(&alive, &zero);

	return seen_ns && bpf_ktime_get_ns() - *seen_ns < SILENT_NS;
}

SEC("tc")
int local_reply(struct __sk_buff *skb)
{
	struct place place = {.network = ETH_HLEN};
	__be16 type;

	if (!director_lives() || bpf_skb_load_bytes(skb, ETH_HLEN - sizeof(type), &type, sizeof(type)) < 0)
		return NEXT;
	/* Tags that lie in the packet: at most two. One that the NIC puts in is not there yet. */
#pragma unroll
	for (int i = 0; i < 2; i++) {
		if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD))
			break;
		place.network += VLAN_BYTES;
		if (bpf_skb_load_bytes(skb, place.network - sizeof(type), &type, sizeof(type)) < 0)
			return NEXT;
	}
	if (type == bpf_htons(ETH_P_IP))
		return reply_of_ipv4(skb, &place);
	return type == bpf_htons(ETH_P_IPV6) ? reply_of_ipv6(skb, &place) : NEXT;
}

char program_license[] SEC("license") = "Dual BSD/GPL";
