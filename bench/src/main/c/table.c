/*
 * The connection table by itself, as a peer of "ringmaster bench table": entries of two words, four to a line, or of
 * four words, two to a line; the same hash, probing, marks, compare-and-set, staging and keys as the director's.
 * Commands on stdin, one a line: insert FIRST, hit ROUND, miss ROUND, refresh ROUND. Answer: nanoseconds of CPU,
 * operations, and how many of them had the outcome they should.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { ROUND = 65536, BATCH = 64, PROBES = 64, LINE_WORDS = 8, LINE_BYTES = 64, SERVERS = 60000, ENDPOINT = 1 };
enum { STATE_SHIFT = 4, DEADLINE_SHIFT = 8, SCALE_SHIFT = 24, SERVER_SHIFT = 26, ESTABLISHED = 1 };
enum { TIMEOUT_SEC = 900, FINE_MS = 125, MIDDLE_MS = 2000, COARSE_MS = 128000 };
#define PHASE_MASK 3ull
#define FREE 0ull
#define PENDING 1ull
#define LIVE 2ull
#define MARK_MASK (3ull << 2)
#define MARK_SET (1ull << 2)
#define TEMPLATE (1ull << 56)
#define TIME_MASK (0x3ffffull << DEADLINE_SHIFT)
#define SPREAD 0x9E3779B97F4A7C15ull

struct key { uint64_t word, high, low, client; uint32_t server; };

static uint64_t *table, lines, connections, secret[4], now_ms = 1000000;
static struct key keys[ROUND];

static inline uint64_t high_half(uint64_t a, uint64_t b) { return (uint64_t)((unsigned __int128)a * b >> 64); }

static inline uint64_t folded(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_of(const struct key *k, bool wide) {
    if (wide) {
        uint64_t address = folded(k->high ^ secret[0], k->low ^ secret[1]);
        return folded(address ^ (k->client & 0xffff) ^ secret[2], secret[3]);
    }
    return folded(folded(k->client ^ secret[0], secret[1]) ^ secret[2], secret[3]);
}

static uint64_t mix(uint64_t z) { /* SplitMix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static void make_key(struct key *k, uint64_t number, bool wide) {
    uint64_t client = (number + 1) * SPREAD & ((1ull << 48) - 1);
    uint64_t port = client & 0xffff;
    *k = (struct key){.client = client, .server = 1 + (uint32_t)(number % SERVERS)};
    k->word = wide ? port << 48 | (uint64_t)ENDPOINT << 32 : client << 16 | ENDPOINT;
    k->high = 0x20010db800000000ull | port;
    k->low = (number + 1) * SPREAD;
}

static inline bool expired(uint64_t value) {
    int scale = (int)(value >> SCALE_SHIFT) & 3;
    uint64_t now = scale == 0 ? now_ms / FINE_MS : scale == 1 ? now_ms / MIDDLE_MS : now_ms / COARSE_MS;
    return (int16_t)((uint32_t)(value >> DEADLINE_SHIFT) - (uint32_t)now) < 0;
}

static inline uint64_t with_deadline(uint64_t value) {
    uint64_t deadline = (now_ms / FINE_MS + TIMEOUT_SEC * 8) & 0xffff;
    return (value & ~TIME_MASK) | deadline << DEADLINE_SHIFT;
}

/* Replaces a value that still is as expected, keeping the mark in it whatever it became. */
static inline bool replace(uint64_t *at, uint64_t expected, uint64_t update) {
    uint64_t seen = expected;
    for (;;) {
        uint64_t wanted = (update & ~MARK_MASK) | (seen & MARK_MASK);
        if (__atomic_compare_exchange_n(at, &seen, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) {
            return true;
        }
        if ((seen ^ expected) & ~MARK_MASK) {
            return false;
        }
    }
}

static inline uint64_t *next(uint64_t *at) { /* the line after a line */
    return at + LINE_WORDS == table + lines * LINE_WORDS ? table : at + LINE_WORDS;
}

/* The word of a line that tells whether something passed it at this step of its way: 0, 1-2, 3-6, beyond. */
static inline int mark_of(int step, bool wide) {
    int slot = 31 - __builtin_clz((unsigned)step + 1);
    slot = slot < 3 ? slot : 3;
    return (wide ? slot & ~1 : slot) * 2 + 1;
}

static inline bool holds(const uint64_t *entry, const struct key *k, bool wide) {
    return __atomic_load_n(entry, __ATOMIC_ACQUIRE) == k->word
        && (!wide || ((entry[2] ^ k->high) | (entry[3] ^ k->low)) == 0);
}

static inline uint64_t *find(const struct key *k, uint64_t hash, uint64_t *value, bool wide) {
    const int step = wide ? 4 : 2;
    uint64_t *at = table + high_half(hash, lines) * LINE_WORDS;
    for (int i = 0; i < PROBES; i++) {
        for (int w = 0; w < LINE_WORDS; w += step) {
            if (holds(at + w, k, wide)) {
                uint64_t seen = __atomic_load_n(at + w + 1, __ATOMIC_ACQUIRE);
                if ((seen & (PHASE_MASK | TEMPLATE)) == LIVE && !expired(seen)) {
                    *value = seen;
                    return at + w;
                }
            }
        }
        if ((__atomic_load_n(at + mark_of(i, wide), __ATOMIC_ACQUIRE) & MARK_MASK) == 0) {
            return NULL;
        }
        at = next(at);
    }
    return NULL;
}

static inline bool has_twin(const struct key *k, uint64_t *home, const uint64_t *own, int last, bool wide) {
    uint64_t *at = home;
    for (int i = 0; i < PROBES; i++) {
        for (int w = 0; w < LINE_WORDS; w += wide ? 4 : 2) {
            if (at + w != own && holds(at + w, k, wide)) {
                return true;
            }
        }
        if (i >= last && (__atomic_load_n(at + mark_of(i, wide), __ATOMIC_ACQUIRE) & MARK_MASK) == 0) {
            return false;
        }
        at = next(at);
    }
    return false;
}

static inline bool insert(const struct key *k, uint64_t hash, uint64_t fresh, bool wide) {
    uint64_t *home = table + high_half(hash, lines) * LINE_WORDS, *at = home;
    uint64_t pending = (fresh & ~(PHASE_MASK | MARK_MASK)) | PENDING;
    for (int i = 0; i < PROBES; i++) {
        for (int w = 0; w < LINE_WORDS; w += wide ? 4 : 2) {
            uint64_t seen = __atomic_load_n(at + w + 1, __ATOMIC_ACQUIRE);
            if ((seen & PHASE_MASK) == FREE && replace(at + w + 1, seen, pending)) {
                if (wide) {
                    __atomic_store_n(at + w + 2, k->high, __ATOMIC_RELAXED);
                    __atomic_store_n(at + w + 3, k->low, __ATOMIC_RELAXED);
                }
                __atomic_store_n(at + w, k->word, __ATOMIC_RELEASE);
                __atomic_thread_fence(__ATOMIC_SEQ_CST);
                return !has_twin(k, home, at + w, i, wide)
                    && replace(at + w + 1, pending, (pending & ~PHASE_MASK) | LIVE);
            }
        }
        uint64_t *mark = at + mark_of(i, wide), seen = __atomic_load_n(mark, __ATOMIC_ACQUIRE);
        while ((seen & MARK_MASK) != MARK_SET && !__atomic_compare_exchange_n(mark, &seen,
            (seen & ~MARK_MASK) | MARK_SET, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) { }
        at = next(at);
    }
    return false;
}

static inline int one(char kind, const struct key *k, uint64_t hash, bool wide) {
    uint64_t value;
    if (kind == 'i') {
        uint64_t fresh = (uint64_t)k->server << SERVER_SHIFT | ESTABLISHED << STATE_SHIFT;
        return insert(k, hash, with_deadline(fresh), wide);
    }
    uint64_t *entry = find(k, hash, &value, wide);
    if (!entry) {
        return kind == 'm';
    }
    if (kind == 'm' || (value >> SERVER_SHIFT & 0xffff) != k->server) {
        return 0;
    }
    return kind != 'r' || replace(entry + 1, value, with_deadline(value));
}

static inline uint64_t run(char kind, int count, bool wide) {
    uint64_t done = 0, hashes[BATCH];
    for (int first = 0; first < count; first += BATCH) {
        int batch = count - first < BATCH ? count - first : BATCH;
        for (int i = 0; i < batch; i++) {
            hashes[i] = hash_of(&keys[first + i], wide);
            __builtin_prefetch(table + high_half(hashes[i], lines) * LINE_WORDS, 1);
        }
        for (int i = 0; i < batch; i++) {
            done += (uint64_t)one(kind, &keys[first + i], hashes[i], wide);
        }
    }
    return done;
}

static uint64_t cpu_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "table: connections, form and core are needed\n");
        return 2;
    }
    const uint64_t huge = 2 << 20;
    const bool wide = !strcmp(argv[2], "wide");
    const int cpu = atoi(argv[3]), entries = wide ? 2 : 4;
    connections = strtoull(argv[1], NULL, 10);
    lines = (connections * 10 / 7 + 1 + (uint64_t)entries - 1) / (uint64_t)entries;
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    for (int i = 0; i < 4; i++) {
        secret[i] = mix((uint64_t)time(NULL) + (uint64_t)i) | (i & 1);
    }
    uint64_t bytes = (lines * LINE_BYTES + huge - 1) / huge * huge;
    uint8_t *start = mmap(NULL, bytes + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
        perror("table: memory");
        return 1;
    }
    start += (huge - (uintptr_t)start % huge) % huge;
    madvise(start, bytes, MADV_HUGEPAGE);
    memset(start, 0, bytes);
    table = (uint64_t *)start;
    printf("ready\n");
    fflush(stdout);
    char kind[16];
    uint64_t argument;
    while (scanf("%15s %lu", kind, &argument) == 2) {
        int count = ROUND;
        if (kind[0] == 'i' && connections - argument < ROUND) {
            count = (int)(connections - argument);
        }
        for (int i = 0; i < count; i++) {
            uint64_t number = kind[0] == 'i' ? argument + (uint64_t)i
                : high_half(mix((argument << 32) + (uint64_t)i + 1), connections)
                    + (kind[0] == 'm' ? connections : 0);
            make_key(&keys[i], number, wide);
        }
        now_ms += kind[0] == 'r' ? FINE_MS : 0;
        uint64_t start_ns = cpu_ns();
        uint64_t done = wide ? run(kind[0], count, true) : run(kind[0], count, false);
        printf("%lu %d %lu\n", cpu_ns() - start_ns, count, done);
        fflush(stdout);
    }
    return 0;
}
