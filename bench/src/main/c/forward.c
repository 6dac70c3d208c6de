/*
 * The peer of "bench forward" and "bench latency": a forwarder over AF_XDP that does nothing but rewrite MACs, as fast
 * as it can in copy mode. One thread on one core, which spins; one UMEM over both interfaces, so that a packet is not
 * copied between them; batches of 64; frames from a stack, the one used last first, so that few of them are warm; the
 * kernel is called only while it says that it sleeps.
 *
 *   forward FRONT BACK CPU TO-MAC FROM-MAC     (MACs as 12 hexadecimal digits, those of packets sent by BACK)
 *
 * It takes everything that comes in by FRONT's queue 0. It prints "ready", then for each line that it reads one with
 * the packets taken so far, and ends with its input.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BATCH 64
#define FRAME_BYTES 2048
#define RX_RING 2048
#define TX_RING 1024
#define FRAMES (RX_RING + TX_RING)
#define KICKS_PER_BATCH 4
#define MAC_BYTES 6
#ifndef XDP_MAX_TX_SKB_BUDGET
#define XDP_MAX_TX_SKB_BUDGET 9 /* kernel 6.17 */
#endif

struct ring {
	uint32_t *producer;
	uint32_t *consumer;
	uint32_t *flags;
	void *entries;
	uint32_t mask;
	uint32_t own;   /* our side's index */
	uint32_t other; /* the kernel's side as last seen */
};

struct xsk {
	int fd;
	struct ring rx, tx, fill, completion;
};

static volatile uint64_t taken;

static void fail(const char *what)
{
	fprintf(stderr, "The C forwarder could not %s: %s.\n", what, strerror(errno));
	exit(1);
}

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* return bpf_redirect_map(&sockets, context->rx_queue_index, XDP_PASS) */
static int load_program(int map)
{
	struct bpf_insn code[] = {
		{.code = BPF_LDX | BPF_W | BPF_MEM, .dst_reg = 2, .src_reg = 1,
		 .off = offsetof(struct xdp_md, rx_queue_index)},
		{.code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map},
		{0},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_XDP, .insns = (uintptr_t)code,
			       .insn_cnt = sizeof(code) / sizeof(*code), .license = (uintptr_t)"Dual BSD/GPL",
			       .prog_name = "forward"};

	return bpf(BPF_PROG_LOAD, &attr);
}

static void redirect(int interface, int socket)
{
	union bpf_attr attr = {.map_type = BPF_MAP_TYPE_XSKMAP, .key_size = 4, .value_size = 4, .max_entries = 1};
	uint32_t zero = 0;
	int map = bpf(BPF_MAP_CREATE, &attr);
	int program = load_program(map);

	if (map < 0 || program < 0)
		fail("load its XDP program");
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uintptr_t)&zero;
	attr.value = (uintptr_t)&socket;
	if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
		fail("enter its socket into the XDP program's map");
	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = program;
	attr.link_create.target_ifindex = interface;
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = XDP_FLAGS_DRV_MODE;
	if (bpf(BPF_LINK_CREATE, &attr) < 0)
		fail("attach its XDP program");
}

static struct ring map_ring(int fd, uint64_t page, const struct xdp_ring_offset *at, uint32_t entries, size_t bytes)
{
	char *memory = mmap(0, at->desc + entries * bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, page);

	if (memory == MAP_FAILED)
		fail("map a ring");
	return (struct ring){.producer = (void *)(memory + at->producer), .consumer = (void *)(memory + at->consumer),
			     .flags = (void *)(memory + at->flags), .entries = memory + at->desc, .mask = entries - 1};
}

static void ring_size(int fd, int option, uint32_t entries)
{
	if (setsockopt(fd, SOL_XDP, option, &entries, sizeof(entries)))
		fail("size a ring");
}

static void open_socket(struct xsk *xsk, const char *interface, void *umem, int shared)
{
	struct xdp_umem_reg area = {.addr = (uintptr_t)umem, .len = (uint64_t)FRAMES * FRAME_BYTES,
				    .chunk_size = FRAME_BYTES};
	struct sockaddr_xdp address = {.sxdp_family = AF_XDP, .sxdp_ifindex = if_nametoindex(interface)};
	struct xdp_mmap_offsets at;
	socklen_t length = sizeof(at);
	int budget = BATCH;

	xsk->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (xsk->fd < 0)
		fail("open a socket");
	if (shared < 0 && setsockopt(xsk->fd, SOL_XDP, XDP_UMEM_REG, &area, sizeof(area)))
		fail("register its memory");
	ring_size(xsk->fd, XDP_RX_RING, RX_RING);
	ring_size(xsk->fd, XDP_TX_RING, TX_RING);
	ring_size(xsk->fd, XDP_UMEM_FILL_RING, RX_RING);
	ring_size(xsk->fd, XDP_UMEM_COMPLETION_RING, TX_RING);
	if (getsockopt(xsk->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &length))
		fail("ask for the offsets of its rings");
	xsk->rx = map_ring(xsk->fd, XDP_PGOFF_RX_RING, &at.rx, RX_RING, sizeof(struct xdp_desc));
	xsk->tx = map_ring(xsk->fd, XDP_PGOFF_TX_RING, &at.tx, TX_RING, sizeof(struct xdp_desc));
	xsk->fill = map_ring(xsk->fd, XDP_UMEM_PGOFF_FILL_RING, &at.fr, RX_RING, sizeof(uint64_t));
	xsk->completion = map_ring(xsk->fd, XDP_UMEM_PGOFF_COMPLETION_RING, &at.cr, TX_RING, sizeof(uint64_t));
	address.sxdp_flags = shared < 0 ? XDP_COPY | XDP_USE_NEED_WAKEUP : XDP_SHARED_UMEM;
	address.sxdp_shared_umem_fd = shared < 0 ? 0 : shared;
	if (bind(xsk->fd, (struct sockaddr *)&address, sizeof(address)))
		fail("bind a socket");
	setsockopt(xsk->fd, SOL_XDP, XDP_MAX_TX_SKB_BUDGET, &budget, sizeof(budget)); /* older kernels send 32 */
}

static inline uint64_t *address(struct ring *ring, uint32_t i)
{
	return (uint64_t *)ring->entries + ((ring->own + i) & ring->mask);
}

static inline struct xdp_desc *packet(struct ring *ring, uint32_t i)
{
	return (struct xdp_desc *)ring->entries + ((ring->own + i) & ring->mask);
}

/* Entries that a consumer may read, at most a batch. */
static inline uint32_t peek(struct ring *ring)
{
	uint32_t there = ring->other - ring->own;

	if (there < BATCH) {
		ring->other = __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE);
		there = ring->other - ring->own;
	}
	return there < BATCH ? there : BATCH;
}

static inline void release(struct ring *ring, uint32_t count)
{
	ring->own += count;
	__atomic_store_n(ring->consumer, ring->own, __ATOMIC_RELEASE);
}

/* Entries that a producer may write. */
static inline uint32_t room(struct ring *ring, uint32_t wanted)
{
	uint32_t size = ring->mask + 1;

	if (size - (ring->own - ring->other) < wanted)
		ring->other = __atomic_load_n(ring->consumer, __ATOMIC_ACQUIRE);
	return size - (ring->own - ring->other);
}

static inline void submit(struct ring *ring, uint32_t count)
{
	ring->own += count;
	__atomic_store_n(ring->producer, ring->own, __ATOMIC_RELEASE);
}

static inline int needs_wakeup(const struct ring *ring)
{
	return __atomic_load_n(ring->flags, __ATOMIC_RELAXED) & XDP_RING_NEED_WAKEUP;
}

static uint64_t stack[FRAMES];
static uint32_t height;

static inline void complete(struct xsk *back)
{
	uint32_t count;

	while ((count = peek(&back->completion)) > 0) {
		for (uint32_t i = 0; i < count; i++)
			stack[height++] = *address(&back->completion, i);
		release(&back->completion, count);
	}
}

static inline void refill(struct xsk *front)
{
	uint32_t count = room(&front->fill, BATCH);

	if (count > height)
		count = height;
	for (uint32_t i = 0; i < count; i++)
		*address(&front->fill, i) = stack[--height];
	if (count > 0)
		submit(&front->fill, count);
	if (needs_wakeup(&front->fill))
		recvfrom(front->fd, 0, 0, MSG_DONTWAIT, 0, 0);
}

static inline void kick(struct xsk *back)
{
	for (int i = 0; i < KICKS_PER_BATCH; i++) {
		if (__atomic_load_n(back->tx.consumer, __ATOMIC_ACQUIRE) == back->tx.own || !needs_wakeup(&back->tx))
			return;
		if (sendto(back->fd, 0, 0, MSG_DONTWAIT, 0, 0) < 0 && errno != EAGAIN)
			return;
	}
}

static inline uint32_t forward(struct xsk *front, struct xsk *back, char *umem, const uint8_t macs[2 * MAC_BYTES])
{
	uint32_t count = peek(&front->rx);
	uint32_t fits = room(&back->tx, BATCH);

	if (count > fits)
		count = fits;
	if (count == 0)
		return 0;
	for (uint32_t i = 0; i < count; i++)
		__builtin_prefetch(umem + packet(&front->rx, i)->addr, 1);
	for (uint32_t i = 0; i < count; i++) {
		struct xdp_desc got = *packet(&front->rx, i);

		memcpy(umem + got.addr, macs, 2 * MAC_BYTES);
		*packet(&back->tx, i) = got;
	}
	release(&front->rx, count);
	submit(&back->tx, count);
	return count;
}

static void *answer(void *nothing)
{
	char line[16];

	while (fgets(line, sizeof(line), stdin)) {
		printf("%llu\n", (unsigned long long)taken);
		fflush(stdout);
	}
	exit(0);
	return nothing;
}

static void parse_mac(const char *text, uint8_t *mac)
{
	for (int i = 0; i < MAC_BYTES; i++) {
		unsigned byte = 0;

		sscanf(text + 2 * i, "%2x", &byte);
		mac[i] = byte;
	}
}

static void answer_beside(int cpu)
{
	pthread_t thread;
	cpu_set_t one;

	if (pthread_create(&thread, 0, answer, 0))
		fail("start a thread");
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		fail("stay on its core");
}

int main(int argc, char **argv)
{
	static struct xsk front, back;
	struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
	uint8_t macs[2 * MAC_BYTES];
	char *umem;

	if (argc != 6)
		return 2;
	parse_mac(argv[4], macs);
	parse_mac(argv[5], macs + MAC_BYTES);
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	umem = mmap(0, (size_t)FRAMES * FRAME_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		    -1, 0);
	if (umem == MAP_FAILED)
		fail("get memory");
	open_socket(&front, argv[1], umem, -1);
	open_socket(&back, argv[2], umem, front.fd);
	while (height < FRAMES) {
		stack[height] = (uint64_t)(FRAMES - 1 - height) * FRAME_BYTES;
		height++;
	}
	while (room(&front.fill, BATCH) >= BATCH)
		refill(&front);
	redirect(if_nametoindex(argv[1]), front.fd);
	answer_beside(atoi(argv[3]));
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		complete(&back);
		taken += forward(&front, &back, umem, macs);
		kick(&back);
		refill(&front);
	}
}
