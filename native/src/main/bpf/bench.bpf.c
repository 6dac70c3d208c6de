// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Load for measurements, and what counts it at the other end. "generate" is run on frames of our own by
 * BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES (kernel 5.18): it writes the headers of the next connection's
 * packet and sends it out by the interface that the frame is said to have come in by. "count" and "arrive" stand at the
 * interface where the forwarder's packets end.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define MAC_BYTES 6
#define TIME_TO_LIVE 64
#define FIRST_PORT 1024
#define PORT_BITS 10 /* 1,024 connections of each client address */

/* Written once, before the programs are loaded, by io.ringmaster.bpf.LoadKeys. Addresses and ports in network order. */
struct settings {
	__u8 to_mac[MAC_BYTES];   /*  0 the forwarder's */
	__u8 from_mac[MAC_BYTES]; /*  6 the generator's */
	__be32 vip;               /* 12 where packets go to */
	__be16 vport;             /* 16 */
	__u16 packet_bytes;       /* 18 of the IP packet */
	__u32 connections;        /* 20 over which packets go round */
	__u32 first_client;       /* 24 host order */
	__u32 ip_sum;             /* 28 of the fixed 16-bit words of the IP header */
	__u32 udp_sum;            /* 32 of those of pseudo-header, UDP header and payload */
	__be32 end_address;       /* 36 destination of what is expected at the end */
	__be16 end_port;          /* 40 its port; 0 where it is a tunnel packet */
	__u8 end_protocol;        /* 42 UDP or IPIP */
	__u8 zero;                /* 43 */
	__u32 arrivals;           /* 44 room in the map of that name */
};

const volatile struct settings settings = {};

/* What was generated: the number of the next connection, and packets. Of the CPU that generates. */
struct generated {
	__u64 next;
	__u64 packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct generated);
} generated SEC(".maps");

/* Not 0: the rest of a run is not sent. A run cannot be ended from outside but by a signal. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} stopped SEC(".maps");

/* What came: packets as expected, others. */
struct received {
	__u64 expected;
	__u64 others;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct received);
} received SEC(".maps");

/* Nanoseconds from the time that a packet was to be sent to its arrival, by the packet's number; 0 did not come. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load */
	__type(key, __u32);
	__type(value, __u64);
} arrivals SEC(".maps");

static __always_inline __u16 checksum(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static __always_inline void write_headers(struct ethhdr *ethernet, __u32 connection)
{
	struct iphdr *ip = (void *)(ethernet + 1);
	struct udphdr *udp = (void *)(ip + 1);
	__u32 client = settings.first_client + (connection >> PORT_BITS);
	__u32 cport = FIRST_PORT + (connection & ((1 << PORT_BITS) - 1));
	__u32 client_sum = (client >> 16) + (client & 0xffff);
	__u16 udp_check = checksum(settings.udp_sum + client_sum + cport);

	for (int i = 0; i < MAC_BYTES; i++) {
		ethernet->h_dest[i] = settings.to_mac[i];
		ethernet->h_source[i] = settings.from_mac[i];
	}
	ethernet->h_proto = bpf_htons(ETH_P_IP);
	*(__be32 *)ip = bpf_htonl(0x45000000 | settings.packet_bytes);
	ip->id = 0;
	ip->frag_off = 0;
	ip->ttl = TIME_TO_LIVE;
	ip->protocol = IPPROTO_UDP;
	ip->check = bpf_htons(checksum(settings.ip_sum + client_sum));
	ip->saddr = bpf_htonl(client);
	ip->daddr = settings.vip;
	udp->source = bpf_htons(cport);
	udp->dest = settings.vport;
	udp->len = bpf_htons(settings.packet_bytes - sizeof(*ip));
	udp->check = bpf_htons(udp_check ? udp_check : 0xffff);
}

/* Frames come again with whatever the forwarder left in them, so all headers are written each time. */
SEC("xdp")
int generate(struct xdp_md *context)
{
	void *end = (void *)(long)context->data_end;
	struct ethhdr *ethernet = (void *)(long)context->data;
	__u32 zero = 0;
	struct generated *state = bpf_map_lookup_elem(&generated, &zero);
	const __u32 *stop = bpf_map_lookup_elem(&stopped, &zero);

	if (stop && *stop)
		return XDP_DROP;
	if (!state || (void *)ethernet + sizeof(*ethernet) + sizeof(struct iphdr) + sizeof(struct udphdr) > end)
		return XDP_ABORTED;
	write_headers(ethernet, state->next);
	state->packets++;
	if (++state->next >= settings.connections)
		state->next = 0;
	return XDP_TX;
}

/* The IP header if this is a packet that the forwarder was to send, else null. */
static __always_inline const struct iphdr *expected(const struct ethhdr *ethernet, const void *end)
{
	const struct iphdr *ip = (const void *)(ethernet + 1);
	const struct udphdr *udp = (const void *)(ip + 1);

	if ((const void *)(udp + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5
	    || ip->protocol != settings.end_protocol || ip->daddr != settings.end_address)
		return 0;
	return settings.end_port == 0 || udp->dest == settings.end_port ? ip : 0;
}

static __always_inline const struct iphdr *counted(const struct xdp_md *context)
{
	const void *end = (const void *)(long)context->data_end;
	__u32 zero = 0;
	struct received *counter = bpf_map_lookup_elem(&received, &zero);
	const struct iphdr *ip = expected((const void *)(long)context->data, end);

	if (counter) {
		if (ip)
			counter->expected++;
		else
			counter->others++;
	}
	return ip;
}

SEC("xdp")
int count(struct xdp_md *context)
{
	counted(context);
	return XDP_DROP;
}

/* The UDP payload of a timed packet, packed: its number, and when it was to be sent by bpf_ktime_get_ns's clock. */
struct stamp {
	__u32 number;
	__u32 due_low;
	__u32 due_high;
};

SEC("xdp")
int arrive(struct xdp_md *context)
{
	const void *end = (const void *)(long)context->data_end;
	__u64 now = bpf_ktime_get_ns();
	const struct iphdr *ip = counted(context);
	const struct stamp *stamp;
	__u64 *arrival;
	__u32 number;

	if (!ip)
		return XDP_DROP;
	if (ip->protocol == IPPROTO_IPIP)
		ip++;
	stamp = (const void *)(ip + 1) + sizeof(struct udphdr);
	if ((const void *)(stamp + 1) > end)
		return XDP_DROP;
	number = stamp->number;
	arrival = bpf_map_lookup_elem(&arrivals, &number);
	if (arrival)
		*arrival = now - ((__u64)stamp->due_high << 32 | stamp->due_low);
	return XDP_DROP;
}

char program_license[] SEC("license") = "Dual BSD/GPL";
