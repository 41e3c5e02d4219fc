/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "core/arch.h"
#include "core/cpu.h"
#include "core/kmem.h"
#include "core/mapdb.h"
#include "debug/panic.h"
#include "virt/virt.h"

u32 fake_cpuid_d;
u64 fake_now, fake_timer;
char fake_ports[65536];
word_t *arch_kernel_root;
u64 tsc_khz = 1000;

static word_t root[1024];

void fake_init(u64 pool_bytes)
{
    static u64 mapped;
    void *want = (void *)POOL_BASE;

    if (mapped)
        munmap(want, mapped);
    mapped = pool_bytes;
    if (mmap(want, pool_bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0) != want) {
        perror("mmap");
        exit(1);
    }
    arch_kernel_root = root;
    fake_now = fake_timer = 0;
    memset(accounts, 0, sizeof(accounts));
    kmem_init(paddr(0), pool_bytes);
}

void kprintf(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
}

void panic(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    abort();
}

u64 arch_tsc(void)
{
    return fake_now;
}

void arch_timer_set(u64 when)
{
    fake_timer = when;
}

void arch_switch(struct thread *next)
{
    (void)next;
}

bool arch_io_set(struct space *s, u16 port, bool allow)
{
    (void)s;
    fake_ports[port] = allow;
    return true;
}

void arch_io_free(struct space *s)
{
    (void)s;
}

void vcpu_space_gone(struct space *vm)
{
    (void)vm;
}
