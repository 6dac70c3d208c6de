/*
 * The sender of "bench latency": packets at a steady rate, each with its number and the time that it was to be sent at,
 * not that at which it was sent: what holds the sender up counts as latency of the packets that waited meanwhile. One
 * thread on one core, which spins until the next packet is due.
 *
 *   send INTERFACE CPU RATE TO-MAC FROM-MAC VIP VPORT FIRST-CLIENT CONNECTIONS FRAME-BYTES
 *
 * MACs are 12 hexadecimal digits, addresses 8; RATE is packets a second. It prints "ready", then for each line that it
 * reads, with a number of packets, sends these and prints one with the number that the kernel took, the longest time
 * that one was late, in nanoseconds, and the number of those that were late because the sender had no core. It ends with
 * its input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAC_BYTES 6
#define MOST_BYTES 1514
#define IP_BYTES 20
#define UDP_BYTES 8
#define FIRST_PORT 1024
#define PORT_BITS 10 /* as the generator's: 1,024 connections of each client */
#define NS_PER_SEC 1000000000ull
#define LEAD_NS 1000000 /* from the command to the first packet */
#define GAP_NS 20000 /* between two looks at the clock: something else ran, or many interrupts did */

struct __attribute__((packed)) packet {
	uint8_t to_mac[MAC_BYTES];
	uint8_t from_mac[MAC_BYTES];
	uint16_t type;
	uint8_t version, tos;
	uint16_t ip_bytes, id, fragment;
	uint8_t ttl, protocol;
	uint16_t ip_check;
	uint32_t client, vip;
	uint16_t cport, vport, udp_bytes, udp_check;
	uint32_t number;
	uint64_t due_ns;
	uint8_t rest[MOST_BYTES - 54];
};

static struct packet packet;
static size_t frame_bytes;

static void fail(const char *what)
{
	fprintf(stderr, "The sender could not %s: %s.\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_SEC + now.tv_nsec;
}

/* RFC 1071, over a number of whole 16-bit words and perhaps a last byte. */
static uint32_t sum(const void *start, size_t bytes)
{
	const uint8_t *at = start;
	uint32_t all = 0;

	for (; bytes > 1; bytes -= 2, at += 2)
		all += at[0] << 8 | at[1];
	return bytes ? all + (at[0] << 8) : all;
}

static uint16_t checksum(uint32_t all)
{
	while (all >> 16)
		all = (all & 0xffff) + (all >> 16);
	return htons(~all);
}

static void prepare(uint32_t number, uint32_t connection, uint64_t due_ns, uint32_t first_client)
{
	size_t udp_bytes = frame_bytes - ETH_HLEN - IP_BYTES;

	packet.client = htonl(first_client + (connection >> PORT_BITS));
	packet.cport = htons(FIRST_PORT + (connection & ((1 << PORT_BITS) - 1)));
	packet.number = number;
	packet.due_ns = due_ns;
	packet.ip_check = 0;
	packet.ip_check = checksum(sum(&packet.version, IP_BYTES));
	packet.udp_check = 0;
	packet.udp_check = checksum(sum(&packet.client, 8) + packet.protocol + udp_bytes + sum(&packet.cport, udp_bytes));
	if (packet.udp_check == 0)
		packet.udp_check = 0xffff;
}

static void parse_mac(const char *text, uint8_t *mac)
{
	for (int i = 0; i < MAC_BYTES; i++) {
		unsigned byte = 0;

		sscanf(text + 2 * i, "%2x", &byte);
		mac[i] = byte;
	}
}

static int open_socket(const char *interface)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(interface)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	int one = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("open a socket");
	if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)))
		fail("pass the queueing discipline by");
	return fd;
}

struct result {
	long taken;
	uint64_t latest_ns;
	long without_core;
};

static struct result send_all(int fd, long count, double rate, uint32_t first_client, uint32_t connections)
{
	uint64_t start_ns = now_ns() + LEAD_NS;
	uint64_t back_ns = start_ns - LEAD_NS; /* when the core was last seen to come back after a gap */
	uint64_t last_ns = back_ns;
	struct result result = {0};

	for (long i = 0; i < count; i++) {
		uint64_t due_ns = start_ns + (uint64_t)(i * (NS_PER_SEC / rate));
		uint64_t now;

		prepare(i, i % connections, due_ns, first_client);
		do {
			now = now_ns();
			if (now - last_ns > GAP_NS)
				back_ns = now;
			last_ns = now;
		} while (now < due_ns);
		if (now - due_ns > result.latest_ns)
			result.latest_ns = now - due_ns;
		result.without_core += due_ns < back_ns;
		result.taken += send(fd, &packet, frame_bytes, MSG_DONTWAIT) == (ssize_t)frame_bytes;
	}
	return result;
}

int main(int argc, char **argv)
{
	char line[32];
	cpu_set_t one;
	int fd;

	if (argc != 11)
		return 2;
	fd = open_socket(argv[1]);
	CPU_ZERO(&one);
	CPU_SET(atoi(argv[2]), &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		fail("stay on its core");
	parse_mac(argv[4], packet.to_mac);
	parse_mac(argv[5], packet.from_mac);
	frame_bytes = atoi(argv[10]);
	packet.type = htons(ETH_P_IP);
	packet.version = 0x45;
	packet.ip_bytes = htons(frame_bytes - ETH_HLEN);
	packet.ttl = 64;
	packet.protocol = IPPROTO_UDP;
	packet.vip = htonl(strtoul(argv[6], 0, 16));
	packet.vport = htons(atoi(argv[7]));
	packet.udp_bytes = htons(frame_bytes - ETH_HLEN - IP_BYTES);
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		struct result result =
			send_all(fd, atol(line), atof(argv[3]), strtoul(argv[8], 0, 16), atol(argv[9]));

		printf("%ld %llu %ld\n", result.taken, (unsigned long long)result.latest_ns, result.without_core);
		fflush(stdout);
	}
	return 0;
}
