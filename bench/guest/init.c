/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The /init of the benchmarks: tells the TSC at which it began, then what system calls, page
 * faults, pipes and processes cost in TSC ticks, and switches the machine off.  The same static
 * binary runs in a VM and on a bare machine.  Under QEMU's -icount a tick is an instruction.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GETPID_ROUNDS = 20000, FAULT_PAGES = 4096, PIPE_ROUNDS = 2000, FORK_ROUNDS = 50 };
enum { PAGE = 4096 };

static uint64_t rdtsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void bench_getpid(void)
{
    for (int i = 0; i < GETPID_ROUNDS; i++)
        syscall(SYS_getpid);
}

static void bench_pgfault(void)
{
    char *area = mmap(NULL, (size_t)FAULT_PAGES * PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (area == MAP_FAILED)
        fail("mmap");
    madvise(area, (size_t)FAULT_PAGES * PAGE, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < FAULT_PAGES; i++)
        ((volatile char *)area)[i * PAGE] = 1;
    munmap(area, (size_t)FAULT_PAGES * PAGE);
}

static void pass_on(int from, int to)
{
    char byte;

    for (int i = 0; i < PIPE_ROUNDS; i++)
        if (read(from, &byte, 1) != 1 || write(to, &byte, 1) != 1)
            _exit(1);
}

static void bench_pipe(void)
{
    int there[2], back[2];
    char byte = 0;

    if (pipe(there) || pipe(back))
        fail("pipe");
    pid_t child = fork();
    if (child == 0) {
        pass_on(there[0], back[1]);
        _exit(0);
    }
    for (int i = 0; i < PIPE_ROUNDS; i++)
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
            fail("pipe round");
    waitpid(child, NULL, 0);
}

static void bench_forkexec(void)
{
    for (int i = 0; i < FORK_ROUNDS; i++) {
        pid_t child = fork();
        if (child == 0) {
            execl("/init", "/init", "exit", NULL);
            _exit(1);
        }
        int status;
        waitpid(child, &status, 0);
        if (status)
            fail("exec");
    }
}

static const struct {
    const char *name;
    void (*run)(void);
    uint64_t rounds;
} benches[] = {
    {"getpid", bench_getpid, GETPID_ROUNDS},
    {"pgfault", bench_pgfault, FAULT_PAGES},
    {"pipe", bench_pipe, PIPE_ROUNDS},
    {"forkexec", bench_forkexec, FORK_ROUNDS},
};

static void open_console(void)
{
    for (int fd = open("/dev/console", O_RDWR); fd >= 0 && fd < 2;)
        fd = dup(fd);
}

int main(int argc, char **argv)
{
    uint64_t begin = rdtsc();

    if (argc > 1 && strcmp(argv[1], "exit") == 0)
        return 0;
    open_console();
    printf("init: %lu\n", begin);
    for (size_t i = 0; i < sizeof benches / sizeof benches[0]; i++) {
        benches[i].run(); /* warm up */
        uint64_t start = rdtsc();
        benches[i].run();
        printf("%s: %lu\n", benches[i].name, (rdtsc() - start) / benches[i].rounds);
    }
    fflush(stdout);
    sync();
    reboot(RB_POWER_OFF);
    return 0;
}
