/*
 * The connection table of pipeline.c: the same form, marks, compare-and-set and order of steps as the director's. Part
 * of that file, on whose director d it works. Included once.
 */
#pragma once

static bool expired(uint64_t value) {
    int scale = (int)(value >> SCALE_SHIFT) & 3;
    uint64_t now = scale == 0 ? d.now_ms / 125 : scale == 1 ? d.now_ms / 2000 : d.now_ms / 128000;
    return (int16_t)((int)(value >> DEADLINE_SHIFT) - (int)now) < 0;
}

static uint64_t with_deadline(uint64_t value, int sec) {
    uint64_t time;
    if (sec <= 4000) {
        time = (d.now_ms / 125 + (uint64_t)sec * 8) & 0xffff;
    } else if (sec <= 64000) {
        time = ((d.now_ms / 2000 + (uint64_t)((sec + 1) >> 1)) & 0xffff) | 1 << 16;
    } else {
        time = ((d.now_ms / 128000 + (uint64_t)((sec + 127) >> 7)) & 0xffff) | 2 << 16;
    }
    return (value & ~TIME_MASK) | time << DEADLINE_SHIFT;
}

/* The slot of a line that tells whether something passed it at this step of its way: 0, 1-2, 3-6, beyond. */
static inline int mark_of(int step) {
    int slot = 31 - __builtin_clz((unsigned)step + 1);
    return slot < SLOTS_PER_LINE - 1 ? slot : SLOTS_PER_LINE - 1;
}

static struct slot *find(uint64_t key, uint64_t hash, uint64_t *value) {
    uint64_t line = line_of(&d, hash);
    for (int i = 0; i < PROBES; i++) {
        struct slot *at = d.table + line * SLOTS_PER_LINE;
        for (int s = 0; s < SLOTS_PER_LINE; s++) {
            if (__atomic_load_n(&at[s].key, __ATOMIC_ACQUIRE) == key) {
                uint64_t seen = __atomic_load_n(&at[s].value, __ATOMIC_ACQUIRE);
                if ((seen & (PHASE_MASK | TEMPLATE)) == LIVE && !expired(seen)) {
                    *value = seen;
                    return at + s;
                }
            }
        }
        if ((__atomic_load_n(&at[mark_of(i)].value, __ATOMIC_ACQUIRE) & MARK_MASK) == 0) {
            return NULL;
        }
        line = line + 1 == d.lines ? 0 : line + 1;
    }
    return NULL;
}

/* Replaces a value; the mark in it stays as it is. */
static bool replace(struct slot *slot, uint64_t expected, uint64_t update) {
    uint64_t seen = expected;
    for (;;) {
        uint64_t wanted = (update & ~MARK_MASK) | (seen & MARK_MASK);
        if (__atomic_compare_exchange_n(&slot->value, &seen, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) {
            return true;
        }
        if ((seen ^ expected) & ~MARK_MASK) {
            return false;
        }
    }
}

/* Whether another entry of this key is on its path, up to the first line that nothing passed. */
static bool has_twin(uint64_t key, uint64_t home, const struct slot *own, int last) {
    uint64_t line = home;
    for (int i = 0; i < PROBES; i++) {
        struct slot *at = d.table + line * SLOTS_PER_LINE;
        for (int s = 0; s < SLOTS_PER_LINE; s++) {
            if (at + s != own && __atomic_load_n(&at[s].key, __ATOMIC_ACQUIRE) == key) {
                return true;
            }
        }
        if (i >= last && (__atomic_load_n(&at[mark_of(i)].value, __ATOMIC_ACQUIRE) & MARK_MASK) == 0) {
            return false;
        }
        line = line + 1 == d.lines ? 0 : line + 1;
    }
    return false;
}

/* Free, or cleared in a cycle that no worker is in any more. */
static bool claimable(uint64_t value) {
    return (value & PHASE_MASK) == FREE
        || ((value & PHASE_MASK) == DYING && (value & ~EVICTED) >> CYCLE_SHIFT < d.oldest_epoch);
}

static struct slot *insert(uint64_t key, uint64_t hash, uint64_t *value) {
    uint64_t pending = (*value & ~(PHASE_MASK | MARK_MASK)) | PENDING;
    uint64_t home = line_of(&d, hash);
    uint64_t line = home;
    for (int i = 0; i < PROBES; i++) {
        struct slot *at = d.table + line * SLOTS_PER_LINE;
        for (int s = 0; s < SLOTS_PER_LINE; s++) {
            uint64_t seen = __atomic_load_n(&at[s].value, __ATOMIC_ACQUIRE);
            if (claimable(seen) && replace(at + s, seen, pending)) {
                __atomic_store_n(&at[s].key, key, __ATOMIC_RELEASE);
                __atomic_thread_fence(__ATOMIC_SEQ_CST);
                *value = (pending & ~PHASE_MASK) | LIVE;
                if (has_twin(key, home, at + s, i) || !replace(at + s, pending, *value)) {
                    return NULL; /* one worker makes no twins */
                }
                d.size++;
                return at + s;
            }
        }
        uint64_t *mark = &at[mark_of(i)].value, seen = __atomic_load_n(mark, __ATOMIC_ACQUIRE);
        while ((seen & MARK_MASK) != MARK_SET && !__atomic_compare_exchange_n(mark, &seen,
            (seen & ~MARK_MASK) | MARK_SET, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE)) { }
        line = line + 1 == d.lines ? 0 : line + 1;
    }
    return NULL;
}
