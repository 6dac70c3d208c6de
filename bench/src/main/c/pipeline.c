/*
 * The C peer of `ringmaster bench pipeline`: the same job as the director's packet path, on the same table form, as one
 * would write it in C. Everything the Java side does for a packet or for a batch is done here, too: rings with their
 * memory order, every check of the parser, state, deadline, counters, checksums, the slice of expiry.
 *
 *   pipeline CONNECTIONS CAPACITY METHOD(nat|dr|tun) FRAMES NEW_PER_MILLE CPU...
 *
 * Each CPU gets a worker: a thread with rings and frames of its own; the table is shared. Reads commands, a line each;
 * WHO has a bit for each worker that takes part, all at the same time, and each of these answers with a line
 * "CPU_NS WALL_NS PACKETS CHECKSUM":
 *   open FIRST WHO    one pass over the frames: SYNs of connections FIRST, FIRST + 1, ...
 *   first FIRST WHO   the same connections, the first ACK of each
 *   known ROUND WHO   ACKs of connections drawn at random; with NEW_PER_MILLE, SYNs of new ones among them
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "pipeline.h"
#include "states.h"

static struct shared shared;
static _Thread_local struct director d; /* a worker's own */

/* ---- parse ---- */

static enum way parse(struct packet *p) {
    const uint8_t *frame = d.umem + p->frame;
    int room = (int)p->length - ETHERNET_BYTES;
    if (room < IPV4_BYTES || load16(frame + 12) != 0x0800) {
        return DROPPED;
    }
    const uint8_t *ip = frame + ETHERNET_BYTES;
    int header = (ip[0] & 0xf) << 2;
    if (ip[0] >> 4 != 4 || header < IPV4_BYTES || room < header || checksum(ip, header) != 0) {
        return DROPPED;
    }
    int total = load16(ip + 2);
    uint32_t source = load32(ip + 12);
    if (room < total || total < header) {
        return DROPPED;
    }
    if (source == 0 || source >> 24 == 127 || source >> 28 == 0xe || source == UINT32_MAX) {
        return DROPPED;
    }
    if (load16(ip + 6) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) {
        return DROPPED;
    }
    p->header = (uint32_t)header;
    p->total = (uint32_t)total;
    p->protocol = ip[9];
    p->source = source;
    p->destination = load32(ip + 16);
    const uint8_t *transport = ip + header;
    if (p->protocol == PROTOCOL_TCP ? total - header < 20 : p->protocol != PROTOCOL_UDP || total - header < 8) {
        return DROPPED;
    }
    p->source_port = load16(transport);
    p->destination_port = load16(transport + 2);
    p->flags = p->protocol == PROTOCOL_TCP ? transport[13] : 0;
    return TO_REAL_SERVER;
}

static const struct service *service_of(const struct packet *p) {
    uint32_t i = service_hash(p->protocol, p->destination, p->destination_port);
    for (const struct service *s; (s = d.services[i]); i = (i + 1) % SERVICE_SLOTS) {
        if (s->vip == p->destination && s->vport == p->destination_port && s->protocol == p->protocol) {
            return s;
        }
    }
    return NULL;
}

#include "connections.h"

/* ---- counters ---- */

static void add(uint64_t counters[][8], int number, int field, uint64_t delta) {
    uint64_t *word = &counters[number][field];
    __atomic_store_n(word, *word + delta, __ATOMIC_RELAXED);
}

static int population(uint64_t value) {
    return value & TEMPLATE ? 2 : (1 << ((value >> STATE_SHIFT) & 0xf) & ACTIVE_STATES) ? 0 : 1;
}

/* ---- the way of a packet ---- */

/* The number of a way back to a client, taken now if it is new; 0 if there is no room. */
static uint64_t hop_number(uint64_t way) {
    uint64_t hop = way * 0x9E3779B97F4A7C15ull >> 54;
    for (int i = 0; i < HOPS; i++, hop = (hop + 1) & (HOPS - 1)) {
        uint64_t seen = hop == 0 ? 1 : __atomic_load_n(&shared.hops[hop], __ATOMIC_ACQUIRE);
        if (seen == way || (seen == 0 && (__atomic_compare_exchange_n(&shared.hops[hop], &seen, way, false,
            __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE) || seen == way))) {
            return hop;
        }
    }
    return 0;
}

static uint64_t with_way_back(const struct packet *p, uint64_t value) {
    if (value >> METHOD_SHIFT == DIRECT_ROUTING) {
        return value;
    }
    uint64_t way = WAY_USED | load48(d.umem + p->frame + 6);
    uint64_t hop = (value >> HOP_SHIFT) & 0x3ff;
    if (__atomic_load_n(&shared.hops[hop], __ATOMIC_ACQUIRE) == way) {
        return value;
    }
    return (value & ~HOP_MASK) | hop_number(way) << HOP_SHIFT;
}

static uint64_t counted(uint64_t value) {
    return (value & PACKETS_MASK) == PACKETS_MASK ? value : value + (1ull << PACKETS_SHIFT);
}

/* Looks at a real server's upper threshold, which none has in this traffic. */
static void connections_changed(const struct server *server) {
    if (server->upper == 0) {
        d.overloaded[server->number] = false;
        return;
    }
    int64_t connections = 0;
    for (int field = 0; field < 3; field++) {
        connections += (int64_t)d.server_counters[server->number][field];
    }
    d.overloaded[server->number] = connections >= server->upper
        || (d.overloaded[server->number] && 4 * connections >= 3 * server->upper);
}

/* Round robin over those that have a weight and are not overloaded. */
static const struct server *choose(struct service *service) {
    int turn = service->turn;
    for (int i = 0; i < service->server_count; i++) {
        turn = turn + 1 < service->server_count ? turn + 1 : 0;
        const struct server *server = service->servers[turn];
        if (server->weight > 0) {
            connections_changed(server);
            if (!d.overloaded[server->number]) {
                service->turn = turn;
                return server;
            }
        }
    }
    return NULL;
}

/* Whether the transport checksum is the bare sum of the pseudo header, left for hardware to finish. */
static bool unfinished(const struct packet *p) {
    const uint8_t *transport = d.umem + p->frame + ETHERNET_BYTES + p->header;
    uint32_t sum = (p->source >> 16) + (p->source & 0xffff) + (p->destination >> 16) + (p->destination & 0xffff)
        + p->protocol + p->total - p->header;
    sum = (sum & 0xffff) + (sum >> 16);
    return load16(transport + (p->protocol == PROTOCOL_TCP ? 16 : 6)) == (sum & 0xffff) + (sum >> 16);
}

static struct slot *open_connection(const struct packet *p, struct service *service, uint64_t hash, uint64_t *value) {
    const struct server *server = service->persist_sec == 0 ? choose(service) : NULL; /* none is persistent */
    if (!server) {
        return NULL;
    }
    int direction = server->method == MASQUERADING ? 0 : 2;
    int state = p->protocol == PROTOCOL_TCP ? next_state(&d, direction, 0, p->flags) : STATE_UDP;
    *value = with_deadline((uint64_t)server->number << SERVER_SHIFT | (uint64_t)state << STATE_SHIFT,
        p->protocol == PROTOCOL_TCP ? TIMEOUT_SEC[state] : TIMEOUT_SEC[STATE_UDP]);
    *value = with_way_back(p, counted(*value | (uint64_t)server->method << METHOD_SHIFT));
    struct slot *slot = insert(key_of(p, service), hash, value);
    if (slot) {
        add(d.server_counters, server->number, population(*value), 1);
        add(d.server_counters, server->number, 3, 1);
        add(d.service_counters, service->endpoint, 3, 1);
        connections_changed(server);
        d.counters[CREATED]++;
        d.counters[UNFINISHED] += unfinished(p);
    }
    return slot;
}

static void advance(const struct packet *p, struct slot *slot, uint64_t *value) {
    for (int i = 0; i < 8 && (*value & PHASE_MASK) == LIVE; i++) {
        int state = (int)(*value >> STATE_SHIFT) & 0xf;
        int direction = *value >> METHOD_SHIFT == MASQUERADING || *value & OUTPUT_SEEN ? 0 : 2;
        int next = p->protocol == PROTOCOL_TCP ? next_state(&d, direction, state, p->flags) : state;
        int sec = p->protocol == PROTOCOL_TCP ? TIMEOUT_SEC[next] : TIMEOUT_SEC[STATE_UDP];
        uint64_t after = with_deadline((*value & ~STATE_MASK) | (uint64_t)next << STATE_SHIFT, sec);
        after = with_way_back(p, counted(after));
        if (after == *value || replace(slot, *value, after)) {
            int from = population(*value);
            int to = population(after);
            if (from != to) {
                add(d.server_counters, (int)(after >> SERVER_SHIFT) & 0xffff, from, (uint64_t)-1);
                add(d.server_counters, (int)(after >> SERVER_SHIFT) & 0xffff, to, 1);
            }
            *value = after;
            return;
        }
        *value = __atomic_load_n(&slot->value, __ATOMIC_ACQUIRE);
    }
}

static void masquerade(const struct packet *p, uint8_t *ip, uint32_t rip, uint16_t rport) {
    uint8_t *transport = ip + p->header;
    uint32_t old = load32(ip + 16);
    uint16_t old_port = load16(transport + 2);
    store32(ip + 16, rip);
    store16(transport + 2, rport);
    store16(ip + 10, update32(load16(ip + 10), old, rip));
    if (p->protocol == PROTOCOL_TCP) {
        store16(transport + 16, update16(update32(load16(transport + 16), old, rip), old_port, rport));
    } else if (load16(transport + 6) != 0) {
        uint16_t sum = update16(update32(load16(transport + 6), old, rip), old_port, rport);
        store16(transport + 6, sum == 0 ? 0xffff : sum);
    }
}

static uint8_t *encapsulate(struct packet *p, const uint8_t *ip, uint32_t source, uint32_t destination) {
    uint8_t *outer = d.umem + p->frame + ETHERNET_BYTES - IPV4_BYTES;
    bool dont_fragment = load16(ip + 6) & DONT_FRAGMENT;
    uint8_t tos = (ip[1] & 3) == 3 ? (uint8_t)((ip[1] & ~3) | 2) : ip[1];
    p->total += IPV4_BYTES;
    outer[0] = 0x45;
    outer[1] = tos;
    store16(outer + 2, (uint16_t)p->total);
    store16(outer + 4, dont_fragment ? 0 : (uint16_t)d.tunnel_id);
    d.tunnel_id++;
    store16(outer + 6, dont_fragment ? DONT_FRAGMENT : 0);
    outer[8] = ip[8];
    outer[9] = 4;
    store16(outer + 10, 0);
    store32(outer + 12, source);
    store32(outer + 16, destination);
    store16(outer + 10, checksum(outer, IPV4_BYTES));
    p->frame -= IPV4_BYTES;
    store16(d.umem + p->frame + 12, 0x0800);
    return outer;
}

static void drop(const struct packet *p) {
    d.pool[d.pool_size++] = (uint32_t)(p->frame / FRAME_BYTES);
    d.counters[DROPS]++;
}

static void to_real_server(struct packet *p, struct service *service, uint64_t hash) {
    uint64_t value;
    bool fresh = false;
    struct slot *slot = find(key_of(p, service), hash, &value);
    if (slot && p->flags & TCP_SYN && (1 << ((value >> STATE_SHIFT) & 0xf) & (1 << STATE_CLOSE | 1 << 5))) {
        drop(p); /* conn_reuse: not in this traffic */
        return;
    }
    if (!slot) {
        if (p->protocol == PROTOCOL_TCP && (p->flags & (TCP_SYN | TCP_RST)) != TCP_SYN) {
            drop(p);
            return;
        }
        slot = open_connection(p, service, hash, &value);
        fresh = true;
        if (!slot) {
            drop(p);
            return;
        }
    }
    const struct server *server = d.servers[(value >> SERVER_SHIFT) & 0xffff];
    if (!server || !server->available) {
        drop(p);
        return;
    }
    if (!fresh) {
        advance(p, slot, &value);
    }
    add(d.server_counters, server->number, 4, 1);
    add(d.server_counters, server->number, 6, p->total);
    add(d.service_counters, service->endpoint, 4, 1);
    add(d.service_counters, service->endpoint, 6, p->total);
    uint8_t *ip = d.umem + p->frame + ETHERNET_BYTES;
    uint64_t method = value >> METHOD_SHIFT;
    if (server->port_out < 0 || ip[8] <= 1 || server->destination_mac == 0
        || p->total > server->mtu - (method == TUNNELING ? IPV4_BYTES : 0) || p->header != IPV4_BYTES) {
        drop(p); /* errors and options: not in this traffic */
        return;
    }
    uint16_t old = load16(ip + 8); /* not read again: it would wait for the byte stored between */
    ip[8]--;
    store16(ip + 10, update16(load16(ip + 10), old, (uint16_t)(old - 0x100)));
    if (method == MASQUERADING) {
        masquerade(p, ip, server->rip, server->rport);
    } else if (method == TUNNELING) {
        encapsulate(p, ip, server->source, server->rip);
    }
    store48(d.umem + p->frame, server->destination_mac);
    store48(d.umem + p->frame + 6, server->source_mac);
    send_packet(&d, p->frame, ETHERNET_BYTES + p->total);
    d.counters[SENT]++;
}

static uint32_t receive(void) {
    struct packet packets[BATCH];
    struct service *services[BATCH];
    uint64_t hashes[BATCH];
    enum way ways[BATCH];
    uint32_t count = peek(&d.rx, BATCH);
    for (uint32_t i = 0; i < count; i++) {
        const struct descriptor *from = &d.rx.descriptors[(d.rx.consumer + i) & d.rx.mask];
        packets[i].frame = from->address;
        packets[i].length = from->length;
        __builtin_prefetch(d.umem + from->address, 1);
    }
    release(&d.rx, count);
    for (uint32_t i = 0; i < count; i++) {
        ways[i] = parse(&packets[i]);
        services[i] = ways[i] == TO_REAL_SERVER ? (struct service *)service_of(&packets[i]) : NULL;
        if (services[i]) {
            hashes[i] = hash_of(&d, packets[i].protocol, packets[i].source, packets[i].source_port);
            __builtin_prefetch(d.table + line_of(&d, hashes[i]) * SLOTS_PER_LINE, 1);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (services[i]) {
            to_real_server(&packets[i], services[i], hashes[i]);
        } else {
            drop(&packets[i]);
        }
    }
    d.counters[RECEIVED] += count;
    return count;
}

/* A slice of expiry: as many lines as are due for a pass over the table in a second, 32 at most. */
static void expire(void) {
    if (d.due_ms != 0) {
        d.due += (d.now_ms - d.due_ms) * (d.line_limit - d.first_line);
    }
    d.due_ms = d.now_ms;
    uint64_t lines = d.due / d.pass_ms < 32 ? d.due / d.pass_ms : 32;
    d.due -= lines * d.pass_ms;
    uint64_t most = 1000 * (d.line_limit - d.first_line);
    d.due = d.due < most ? d.due : most;
    for (; lines > 0; lines--) {
        struct slot *at = d.table + d.sweep_line * SLOTS_PER_LINE;
        uint64_t marks = 0;
        bool full = true;
        for (int s = 0; s < SLOTS_PER_LINE; s++) {
            uint64_t seen = __atomic_load_n(&at[s].value, __ATOMIC_ACQUIRE);
            marks |= seen & MARK_MASK;
            if ((seen & PHASE_MASK) == LIVE && expired(seen)) {
                d.counters[ENDED]++; /* time-outs are longer than a run: the bench fails if this counts */
            }
            full &= (seen & PHASE_MASK) != FREE;
        }
        if (marks != 0 && !full) {
            d.counters[MARKS]++;
        }
        d.sweep_line = d.sweep_line + 1 == d.line_limit ? d.first_line : d.sweep_line + 1;
    }
}

/* The worker takes the table's cycle as its own; once a millisecond the table's goes on if all workers have it. */
static void begin_epoch(void) {
    uint64_t *own = &shared.own_epochs[d.worker].word;
    uint64_t epoch = __atomic_load_n(&shared.epoch.word, __ATOMIC_SEQ_CST);
    if (*own != epoch) {
        __atomic_store_n(own, epoch, __ATOMIC_SEQ_CST);
    }
    if (d.epoch_ms == d.now_ms) {
        return;
    }
    d.epoch_ms = d.now_ms;
    uint64_t oldest = ABSENT;
    for (int i = 0; i < shared.workers; i++) {
        uint64_t other = __atomic_load_n(&shared.own_epochs[i].word, __ATOMIC_SEQ_CST);
        oldest = other < oldest ? other : oldest;
    }
    if (oldest >= epoch) {
        __atomic_compare_exchange_n(&shared.epoch.word, &epoch, epoch + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
    }
    d.oldest_epoch = oldest;
}

static void cycle(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    d.folded ^= (uint64_t)now.tv_nsec;
    d.now_ms = d.now_ns / 1000000;
    begin_epoch();
    uint32_t done = peek(&d.completion, 256);
    for (uint32_t i = 0; i < done; i++) {
        d.pool[d.pool_size++] = (uint32_t)(d.completion.addresses[(d.completion.consumer + i) & d.completion.mask]
            / FRAME_BYTES);
    }
    release(&d.completion, done);
    receive();
    flush(&d);
    expire();
    refill(&d);
}

#include "workers.h"

int main(int argc, char **argv) {
    if (argc < 7 || argc > 6 + MAX_WORKERS) {
        fprintf(stderr, "usage: pipeline CONNECTIONS CAPACITY METHOD FRAMES NEW_PER_MILLE CPU...\n");
        return 2;
    }
    words = argv;
    set_up_shared(&shared, strtoull(argv[2], NULL, 10), argc - 6);
    begin_worker(0);
    for (int i = 1; i < shared.workers; i++) {
        pthread_t thread;
        sem_init(&begin[i], 0, 0);
        sem_init(&end[i], 0, 0);
        if (pthread_create(&thread, NULL, run_worker, (void *)(intptr_t)i) != 0) {
            fprintf(stderr, "no thread for worker %d\n", i);
            return 1;
        }
        sem_wait(&end[i]);
    }
    printf("ready %s\n", d.huge ? "huge" : "small");
    fflush(stdout);
    pass.start_ns = 1000000000000u;
    while (scanf("%15s %lu %d", pass.kind, &pass.argument, &pass.who) == 3) {
        run_passes();
    }
    return 0;
}
