/*
 * The threads of the C peer and their passes; see pipeline.c, which includes this once. The first worker is the thread
 * that reads commands, the others wait for it.
 */
#pragma once

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct pass { char kind[16]; uint64_t argument, start_ns, cpu, wall, packets, checksum; int who; } pass;
static struct pass done[MAX_WORKERS];
static sem_t begin[MAX_WORKERS], end[MAX_WORKERS];
static int not_ready;

static void run_pass(void) {
    struct pass *to = &done[d.worker];
    make_frames(&d, pass.kind[0], pass.argument);
    __atomic_sub_fetch(&not_ready, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&not_ready, __ATOMIC_ACQUIRE) > 0) { }
    d.now_ns = pass.start_ns;
    uint64_t wall = nanoseconds(CLOCK_MONOTONIC);
    uint64_t cpu = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    uint64_t before = d.counters[SENT];
    for (uint32_t fed = 0; fed < d.frames; fed += BATCH) {
        kernel_feeds(&d, BATCH);
        d.now_ns += CYCLE_NS;
        cycle();
        kernel_takes(&d);
    }
    cycle();
    kernel_takes(&d);
    to->cpu = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    to->wall = nanoseconds(CLOCK_MONOTONIC) - wall;
    to->packets = d.counters[SENT] - before;
    to->checksum = output_checksum(&d);
    __atomic_store_n(&shared.own_epochs[d.worker].word, ABSENT, __ATOMIC_SEQ_CST);
    if (d.pool_size != 0 || d.counters[ENDED] != 0 || d.counters[MARKS] != 0) {
        fprintf(stderr, "not as planned: %u frames idle, %lu ended, %lu marks\n", d.pool_size, d.counters[ENDED],
            d.counters[MARKS]);
        exit(1);
    }
}

static char **words;

static void begin_worker(int worker) {
    cpu_set_t cpus;
    int cpu = atoi(words[6 + worker]);
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    if (cpu >= 0 && sched_setaffinity(0, sizeof cpus, &cpus) != 0) {
        perror("sched_setaffinity");
        exit(1);
    }
    make_states(&d);
    set_up(&d, &shared, worker, strtoull(words[1], NULL, 10), words[3], (uint32_t)strtoul(words[4], NULL, 10),
        (uint32_t)strtoul(words[5], NULL, 10));
}

static void *run_worker(void *number) {
    int worker = (int)(intptr_t)number;
    begin_worker(worker);
    for (;;) {
        sem_post(&end[worker]);
        sem_wait(&begin[worker]);
        run_pass();
    }
    return NULL;
}

static void run_passes(void) {
    not_ready = __builtin_popcount((unsigned)pass.who);
    for (int i = 1; i < shared.workers; i++) {
        if (pass.who >> i & 1) {
            sem_post(&begin[i]);
        }
    }
    if (pass.who & 1) {
        run_pass();
    }
    for (int i = 0; i < shared.workers; i++) {
        if (pass.who >> i & 1) {
            if (i > 0) {
                sem_wait(&end[i]);
            }
            printf("%lu %lu %lu %016lx\n", done[i].cpu, done[i].wall, done[i].packets, done[i].checksum);
        }
    }
    pass.start_ns += (d.frames / BATCH) * CYCLE_NS;
    fflush(stdout);
}
