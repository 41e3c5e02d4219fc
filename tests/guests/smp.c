/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smp [ROUNDS [TEST]]: makes the processors of a guest need each other, and checks what comes of it.
 * One thread is pinned to each.  A line for each test; the exit status is 0 if all are right.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64, PAGES = 32, PAGE = 4096 };

static unsigned cpus, rounds;
static const char *only; /* one of the tests, or NULL: all */
static atomic_uint faults;
static pthread_barrier_t barrier;
static uint8_t *region;
static int pipes[MOST][2];

static void pin(unsigned cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set) || (unsigned)sched_getcpu() != cpu)
        faults++;
}

static void expect(int right)
{
    if (!right)
        faults++;
}

/* One after the other throws the pages away; all must see zeros then, and what each has written. */
static void shootdown(unsigned self)
{
    for (unsigned round = 0; round < rounds; round++) {
        if (round % cpus == self) {
            if (round % 2)
                expect(!madvise(region, PAGES * PAGE, MADV_DONTNEED));
            else
                expect(mmap(region, PAGES * PAGE, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == region);
        }
        pthread_barrier_wait(&barrier);
        for (unsigned i = 0; i < PAGES; i++)
            expect(region[i * PAGE + self] == 0);
        pthread_barrier_wait(&barrier);
        for (unsigned i = 0; i < PAGES; i++)
            region[i * PAGE + self] = (uint8_t)(round | 1);
        pthread_barrier_wait(&barrier);
        for (unsigned i = 0; i < PAGES; i++)
            expect(region[i * PAGE + (self + 1) % cpus] == (uint8_t)(round | 1));
        pthread_barrier_wait(&barrier);
    }
}

static void processes(unsigned self)
{
    for (unsigned round = 0; round < rounds; round++) {
        int status = -1;
        pid_t pid = fork();

        if (!pid)
            _exit((int)(self + 1));
        expect(pid > 0 && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == (int)self + 1);
    }
}

/* Wherever it is asked, the clock goes forward only. */
static void clocks(unsigned self)
{
    static _Atomic uint64_t last;

    for (unsigned round = 0; round < 20 * rounds; round++) {
        uint64_t before = atomic_load(&last), now;
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        now = (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
        expect(now >= before);
        while (before < now && !atomic_compare_exchange_weak(&last, &before, now))
            ;
    }
}

/* Each goes round all processors. */
static void migration(unsigned self)
{
    for (unsigned round = 0; round < rounds; round++)
        pin((self + round) % cpus);
    pin(self);
}

/* A number goes round through pipes, each processor waking the next one. */
static void ring(unsigned self)
{
    uint32_t number = 0;

    for (unsigned round = 0; round < rounds; round++) {
        if (self > 0 || round > 0)
            expect(read(pipes[self][0], &number, sizeof(number)) == sizeof(number));
        expect(number == round * cpus + self);
        number++;
        expect(write(pipes[(self + 1) % cpus][1], &number, sizeof(number)) == sizeof(number));
    }
    if (self == 0)
        expect(read(pipes[0][0], &number, sizeof(number)) == sizeof(number));
}

/* A lock that all want, taken by spinning: its holder may not run while it is wanted. */
static void spinning(unsigned self)
{
    static pthread_spinlock_t lock;
    static volatile unsigned inside;

    if (self == 0)
        pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
    pthread_barrier_wait(&barrier);
    for (unsigned round = 0; round < 10 * rounds; round++) {
        pthread_spin_lock(&lock);
        expect(++inside == 1);
        for (volatile unsigned i = 0; i < 100; i++)
            ;
        inside--;
        pthread_spin_unlock(&lock);
    }
}

static const struct {
    const char *name;
    void (*run)(unsigned self);
} tests[] = {
    {"shootdown", shootdown}, {"processes", processes}, {"clocks", clocks},
    {"migration", migration}, {"ring", ring},           {"spinning", spinning},
};

static void *worker(void *arg)
{
    unsigned self = (unsigned)(uintptr_t)arg;

    pin(self);
    for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (only && strcmp(only, tests[i].name) != 0)
            continue;
        pthread_barrier_wait(&barrier);
        tests[i].run(self);
        pthread_barrier_wait(&barrier);
        if (self == 0)
            printf("smp: %s on %u: %u faults\n", tests[i].name, cpus, faults);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[MOST];

    setvbuf(stdout, NULL, _IOLBF, 0);
    cpus = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 100;
    only = argc > 2 ? argv[2] : NULL;
    if (cpus > MOST)
        return 2;
    region = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_barrier_init(&barrier, NULL, cpus);
    for (unsigned i = 0; i < cpus; i++)
        if (pipe(pipes[i]))
            return 2;
    for (uintptr_t i = 0; i < cpus; i++)
        if (pthread_create(&threads[i], NULL, worker, (void *)i))
            return 2;
    for (unsigned i = 0; i < cpus; i++)
        pthread_join(threads[i], NULL);
    printf("smp: done, %u faults\n", faults);
    return faults != 0;
}
