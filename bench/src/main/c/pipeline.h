/* Shapes, byte access, rings and the traffic of the C peer; see pipeline.c. */
#ifndef PIPELINE_H
#define PIPELINE_H

enum { BATCH = 64, FRAME_BYTES = 2048, HEADROOM_BYTES = 256, ETHERNET_BYTES = 14, IPV4_BYTES = 20, PACKET_BYTES = 60 };
enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };
enum { DONT_FRAGMENT = 0x4000, MORE_FRAGMENTS = 0x2000, FRAGMENT_OFFSET = 0x1fff };
enum { STATE_CLOSE = 6, STATE_UDP = 11, STATE_NEW = 12, ACTIVE_STATES = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 10 };
enum { MASQUERADING = 0, TUNNELING = 2, DIRECT_ROUTING = 3 };
enum { SERVICES = 8, SERVERS_PER_SERVICE = 8, SERVICE_SLOTS = 32, CYCLE_NS = 4096 };
enum { HOPS = 1024 };
enum { RECEIVED, SENT, DROPS, CREATED, ENDED, MARKS, UNFINISHED, COUNTERS = 64 };
enum way { TO_REAL_SERVER, DROPPED };

/* The table: entries of two words, four to a line; the value's fields as in ConnectionValue. */
enum { SLOTS_PER_LINE = 4, LINE_BYTES = 64, PROBES = 64 };
enum { STATE_SHIFT = 4, DEADLINE_SHIFT = 8, SCALE_SHIFT = 24, SERVER_SHIFT = 26, HOP_SHIFT = 42, PACKETS_SHIFT = 52,
    METHOD_SHIFT = 61, CYCLE_SHIFT = 4 };
#define PHASE_MASK 3ull
#define FREE 0ull
#define PENDING 1ull
#define LIVE 2ull
#define DYING 3ull
#define EVICTED (1ull << 63)
#define MARK_MASK (3ull << 2)
#define MARK_SET (1ull << 2)
#define STATE_MASK (0xfull << STATE_SHIFT)
#define TIME_MASK (0x3ffffull << DEADLINE_SHIFT)
#define HOP_MASK (0x3ffull << HOP_SHIFT)
#define PACKETS_MASK (0xfull << PACKETS_SHIFT)
#define TEMPLATE (1ull << 56)
#define OUTPUT_SEEN (1ull << 58)
#define WAY_USED (1ull << 63)

struct slot { uint64_t key; uint64_t value; };
struct packet {
    uint64_t frame;
    uint32_t length, header, total, source, destination;
    uint16_t source_port, destination_port;
    uint8_t protocol, flags;
};
struct server {
    int number, method, port_out, weight, upper;
    bool available;
    uint32_t rip, source, mtu;
    uint16_t rport;
    uint64_t destination_mac, source_mac;
};
struct service {
    uint32_t vip;
    uint16_t vport;
    uint8_t protocol;
    int endpoint, turn, server_count, persist_sec;
    struct server *servers[SERVERS_PER_SERVICE];
};
struct descriptor { uint64_t address; uint32_t length, options; };
struct ring { /* indices that the kernel shares on lines of their own, as in an AF_XDP mapping */
    uint32_t shared_producer __attribute__((aligned(64)));
    uint32_t shared_consumer __attribute__((aligned(64)));
    uint32_t shared_flags __attribute__((aligned(64)));
    uint32_t producer __attribute__((aligned(64)));
    uint32_t consumer, cached, size, mask;
    struct descriptor *descriptors;
    uint64_t *addresses;
};
enum { MAX_WORKERS = 2 };
#define ABSENT UINT64_MAX
struct line { uint64_t word __attribute__((aligned(128))); }; /* CPUs fetch lines in pairs */
struct shared { /* by the workers: the table, the ways back, and the cycle of the table and of each worker */
    struct slot *table;
    uint64_t lines, secret[4];
    uint64_t hops[HOPS];
    struct line epoch, own_epochs[MAX_WORKERS];
    int workers;
};
struct director { /* one worker with its rings and frames */
    struct shared *shared;
    int worker;
    uint8_t *umem;
    struct slot *table;
    uint64_t lines, secret[4], size, connections, pass_ms, due, due_ms, first_line, line_limit, sweep_line;
    uint64_t now_ns, now_ms, epoch_ms, oldest_epoch, folded, opened;
    struct ring rx, tx, fill, completion;
    uint32_t frames, pending, pool_size, tunnel_id, new_per_mille;
    uint32_t *pool;
    struct service *services[SERVICE_SLOTS];
    struct service all_services[SERVICES];
    struct server all_servers[SERVICES * SERVERS_PER_SERVICE];
    struct server *servers[65536];
    bool overloaded[65536];
    uint8_t next_state[12][16];
    uint64_t counters[COUNTERS];
    uint64_t (*server_counters)[8];
    uint64_t (*service_counters)[8];
    bool huge;
};

/* ---- bytes in network order ---- */
static inline uint16_t load16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return __builtin_bswap16(v); }
static inline uint32_t load32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return __builtin_bswap32(v); }
static inline uint64_t load64(const uint8_t *p) { uint64_t v; memcpy(&v, p, 8); return __builtin_bswap64(v); }
static inline uint64_t load48(const uint8_t *p) { return (uint64_t)load16(p) << 32 | load32(p + 2); }
static inline void store16(uint8_t *p, uint16_t v) { v = __builtin_bswap16(v); memcpy(p, &v, 2); }
static inline void store32(uint8_t *p, uint32_t v) { v = __builtin_bswap32(v); memcpy(p, &v, 4); }
static inline void store48(uint8_t *p, uint64_t v) { store16(p, (uint16_t)(v >> 32)); store32(p + 2, (uint32_t)v); }

/* ---- checksums (RFC 1071, RFC 1624) ---- */
static inline uint16_t fold(uint64_t sum) {
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)((sum >> 16) + (sum & 0xffff));
}
static inline uint16_t checksum(const uint8_t *p, int bytes) {
    if (bytes == IPV4_BYTES) {
        uint64_t a = load64(p), b = load64(p + 8);
        return (uint16_t)~fold((a >> 32) + (a & 0xffffffff) + (b >> 32) + (b & 0xffffffff) + load32(p + 16));
    }
    uint64_t sum = 0;
    for (int i = 0; i < bytes; i += 4) {
        sum += load32(p + i);
    }
    return (uint16_t)~fold(sum);
}
static inline uint16_t update16(uint16_t sum, uint16_t old, uint16_t new) {
    return (uint16_t)~fold((uint64_t)(uint16_t)~sum + (uint16_t)~old + new);
}
static inline uint16_t update32(uint16_t sum, uint32_t old, uint32_t new) {
    return (uint16_t)~fold((uint64_t)(uint16_t)~sum + (uint32_t)~old + new);
}

/* ---- hashes and keys ---- */
static inline uint64_t mix(uint64_t z) { /* SplitMix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}
static inline uint64_t high(uint64_t a, uint64_t b) { return (uint64_t)((unsigned __int128)a * b >> 64); }
static inline uint64_t folded(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}
static inline uint64_t hash_of(const struct director *d, int protocol, uint32_t address, uint16_t port) {
    uint64_t client = (uint64_t)address << 16 | port | (protocol == 6 ? 0 : 1ull << 48);
    return folded(folded(client ^ d->secret[0], d->secret[1]) ^ d->secret[2], d->secret[3]);
}
static inline uint64_t line_of(const struct director *d, uint64_t hash) { return high(hash, d->lines); }
static inline uint64_t key_of(const struct packet *p, const struct service *s) {
    return (uint64_t)p->source << 32 | (uint64_t)p->source_port << 16 | (uint64_t)s->endpoint;
}
static inline uint32_t service_hash(int protocol, uint32_t vip, uint16_t port) {
    uint64_t h = vip * 0x9E3779B97F4A7C15ull + ((uint64_t)port << 8 | (uint64_t)protocol) * 0xC2B2AE3D27D4EB4Full;
    return (uint32_t)(h >> 40) % SERVICE_SLOTS;
}

/* ---- rings, our side ---- */
static inline uint32_t peek(struct ring *r, uint32_t max) {
    if (r->cached - r->consumer < max) {
        r->cached = __atomic_load_n(&r->shared_producer, __ATOMIC_ACQUIRE);
    }
    return r->cached - r->consumer < max ? r->cached - r->consumer : max;
}
static inline void release(struct ring *r, uint32_t n) {
    if (n > 0) {
        r->consumer += n;
        __atomic_store_n(&r->shared_consumer, r->consumer, __ATOMIC_RELEASE);
    }
}
static inline uint32_t reserve(struct ring *r, uint32_t n) {
    if (r->size - (r->producer - r->cached) < n) {
        r->cached = __atomic_load_n(&r->shared_consumer, __ATOMIC_ACQUIRE);
    }
    return r->size - (r->producer - r->cached) < n ? r->size - (r->producer - r->cached) : n;
}
static inline void submit(struct ring *r, uint32_t n) {
    if (n > 0) {
        r->producer += n;
        __atomic_store_n(&r->shared_producer, r->producer, __ATOMIC_RELEASE);
    }
}
static inline bool needs_wakeup(struct ring *r) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return __atomic_load_n(&r->shared_flags, __ATOMIC_RELAXED) & 1;
}
static inline void send_packet(struct director *d, uint64_t address, uint32_t length) {
    if (reserve(&d->tx, d->pending + 1) <= d->pending) {
        d->pool[d->pool_size++] = (uint32_t)(address / FRAME_BYTES);
        d->counters[DROPS]++;
        return;
    }
    struct descriptor *to = &d->tx.descriptors[(d->tx.producer + d->pending) & d->tx.mask];
    to->address = address;
    to->length = length;
    to->options = 0;
    d->pending++;
}
static inline void flush(struct director *d) {
    submit(&d->tx, d->pending);
    d->pending = 0;
    d->tx.cached = __atomic_load_n(&d->tx.shared_consumer, __ATOMIC_ACQUIRE);
    if (d->tx.producer != d->tx.cached && needs_wakeup(&d->tx)) {
        abort(); /* the fake kernel never asks for it */
    }
}
static inline void refill(struct director *d) {
    uint32_t n = reserve(&d->fill, d->pool_size < 256 ? d->pool_size : 256);
    for (uint32_t i = 0; i < n; i++) {
        d->fill.addresses[(d->fill.producer + i) & d->fill.mask] = (uint64_t)d->pool[--d->pool_size] * FRAME_BYTES;
    }
    submit(&d->fill, n);
    if (needs_wakeup(&d->fill)) {
        abort();
    }
}

/* ---- the fake kernel: it only moves indices ---- */
static inline void kernel_feeds(struct director *d, uint32_t packets) {
    __atomic_store_n(&d->rx.shared_producer, d->rx.shared_producer + packets, __ATOMIC_RELEASE);
}
static inline void kernel_takes(struct director *d) {
    uint32_t sent = __atomic_load_n(&d->tx.shared_producer, __ATOMIC_ACQUIRE);
    uint32_t packets = sent - d->tx.shared_consumer;
    __atomic_store_n(&d->tx.shared_consumer, sent, __ATOMIC_RELEASE);
    __atomic_store_n(&d->completion.shared_producer, d->completion.shared_producer + packets, __ATOMIC_RELEASE);
    __atomic_store_n(&d->fill.shared_consumer, d->fill.shared_producer, __ATOMIC_RELEASE);
}

/* ---- traffic: the same bytes as Traffic.java makes ---- */
static inline void make_frame(struct director *d, uint32_t i, uint64_t connection, uint8_t flags, uint64_t random) {
    uint8_t *f = d->umem + (uint64_t)i * FRAME_BYTES + HEADROOM_BYTES;
    memset(f, 0, PACKET_BYTES);
    store48(f, 0x020000000001);
    store48(f + 6, 0x020000000100 + (connection & 15));
    store16(f + 12, 0x0800);
    uint8_t *ip = f + ETHERNET_BYTES;
    ip[0] = 0x45;
    store16(ip + 2, PACKET_BYTES - ETHERNET_BYTES);
    store16(ip + 4, (uint16_t)random);
    store16(ip + 6, DONT_FRAGMENT);
    ip[8] = 64;
    ip[9] = PROTOCOL_TCP;
    store32(ip + 12, 0x10000000 + (uint32_t)(connection >> 4));
    store32(ip + 16, 0x0a010064 + (uint32_t)(connection & (SERVICES - 1)));
    store16(ip + 10, checksum(ip, IPV4_BYTES));
    uint8_t *tcp = ip + IPV4_BYTES;
    store16(tcp, (uint16_t)(1024 + (connection & 15) * 4001));
    store16(tcp + 2, 80);
    store32(tcp + 4, (uint32_t)(random >> 32));
    tcp[12] = 5 << 4;
    tcp[13] = flags;
    store16(tcp + 16, (uint16_t)(random >> 16));
}
static inline void make_frames(struct director *d, char kind, uint64_t argument) {
    for (uint32_t i = 0; i < d->frames; i++) {
        uint64_t random = mix((argument << 32) + ((uint64_t)d->worker << 24) + i + 1);
        if (kind != 'k') {
            make_frame(d, i, (argument + i) % d->connections, kind == 'o' ? TCP_SYN : TCP_ACK, random);
        } else if (mix(random) % 1000 < d->new_per_mille) {
            make_frame(d, i, d->connections + ((uint64_t)d->worker << 28) + d->opened++, TCP_SYN, random);
        } else {
            make_frame(d, i, high(random, d->connections), TCP_ACK, random);
        }
    }
}
static inline uint64_t output_checksum(struct director *d) {
    uint64_t sum = 0;
    for (uint32_t n = d->tx.producer - d->frames; n != d->tx.producer; n++) {
        const struct descriptor *from = &d->tx.descriptors[n & d->tx.mask];
        sum = (sum ^ from->length) * 0x100000001b3ull;
        for (uint32_t at = 0; at < from->length; at += 4) {
            sum = (sum ^ load32(d->umem + from->address + at)) * 0x100000001b3ull;
        }
    }
    return sum;
}

/* ---- set-up ---- */
static void *map(struct director *d, uint64_t bytes) {
    const uint64_t huge = 2 << 20;
    uint64_t rounded = (bytes + huge - 1) / huge * huge;
    uint8_t *start = mmap(NULL, rounded + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
        perror("memory");
        exit(1);
    }
    uint8_t *at = start + (huge - (uintptr_t)start % huge) % huge;
    d->huge = madvise(at, rounded, MADV_HUGEPAGE) == 0;
    memset(at, 0, rounded);
    return at;
}
static inline void make_ring(struct director *d, struct ring *r, bool descriptors) {
    r->size = d->frames;
    r->mask = d->frames - 1;
    r->descriptors = descriptors ? map(d, (uint64_t)d->frames * sizeof *r->descriptors) : NULL;
    r->addresses = descriptors ? NULL : map(d, (uint64_t)d->frames * sizeof *r->addresses);
}
static inline void set_up_shared(struct shared *shared, uint64_t capacity, int workers) {
    struct director pages = {0};
    shared->workers = workers;
    shared->lines = (capacity * 10 / 7 + 1 + SLOTS_PER_LINE - 1) / SLOTS_PER_LINE;
    shared->lines = shared->lines < PROBES ? PROBES : shared->lines;
    for (int i = 0; i < 4; i++) {
        shared->secret[i] = mix((uint64_t)time(NULL) + (uint64_t)i) | (i & 1);
    }
    shared->table = map(&pages, shared->lines * LINE_BYTES);
    for (int i = 0; i < MAX_WORKERS; i++) {
        shared->own_epochs[i].word = ABSENT;
    }
}
static inline void set_up(struct director *d, struct shared *shared, int worker, uint64_t connections,
                          const char *method, uint32_t frames, uint32_t new_per_mille) {
    d->shared = shared;
    d->worker = worker;
    d->connections = connections;
    d->frames = frames;
    d->new_per_mille = new_per_mille;
    d->table = shared->table;
    d->lines = shared->lines;
    memcpy(d->secret, shared->secret, sizeof d->secret);
    d->first_line = d->sweep_line = d->lines * (uint64_t)worker / (uint64_t)shared->workers;
    d->line_limit = d->lines * (uint64_t)(worker + 1) / (uint64_t)shared->workers;
    d->pass_ms = d->lines * SLOTS_PER_LINE * 1000 / 16000000;
    d->pass_ms = d->pass_ms < 1000 ? 1000 : d->pass_ms;
    d->umem = map(d, (uint64_t)frames * FRAME_BYTES);
    d->server_counters = map(d, 65536 * 64);
    d->service_counters = map(d, 65536 * 64);
    d->pool = map(d, frames * sizeof *d->pool);
    make_ring(d, &d->rx, true);
    make_ring(d, &d->tx, true);
    make_ring(d, &d->fill, false);
    make_ring(d, &d->completion, false);
    for (uint32_t i = 0; i < frames; i++) {
        d->rx.descriptors[i] = (struct descriptor){(uint64_t)i * FRAME_BYTES + HEADROOM_BYTES, PACKET_BYTES, 0};
        d->completion.addresses[i] = (uint64_t)i * FRAME_BYTES + HEADROOM_BYTES;
    }
    for (int s = 0; s < SERVICES; s++) {
        struct service *service = &d->all_services[s];
        *service = (struct service){.vip = 0x0a010064 + (uint32_t)s, .vport = 80, .protocol = PROTOCOL_TCP,
            .endpoint = s + 1, .turn = -1, .server_count = SERVERS_PER_SERVICE};
        uint32_t at = service_hash(PROTOCOL_TCP, service->vip, 80);
        while (d->services[at]) {
            at = (at + 1) % SERVICE_SLOTS;
        }
        d->services[at] = service;
        for (int i = 0; i < SERVERS_PER_SERVICE; i++) {
            int number = s * SERVERS_PER_SERVICE + i + 1;
            struct server *server = &d->all_servers[number - 1];
            *server = (struct server){.number = number, .available = true, .weight = 1,
                .rip = 0x0a020000 + (uint32_t)number, .source = 0x0a020001, .mtu = 1500,
                .rport = strcmp(method, "nat") ? 80 : 8080,
                .destination_mac = 0x020000001000 + (uint64_t)number, .source_mac = 0x020000000001,
                .method = !strcmp(method, "nat") ? MASQUERADING : !strcmp(method, "tun") ? TUNNELING : DIRECT_ROUTING};
            d->servers[number] = server;
            service->servers[i] = server;
        }
    }
}
#endif
