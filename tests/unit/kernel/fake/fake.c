/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch/boot.h"
#include "arch/insn.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/kmem.h"
#include "core/mapdb.h"
#include "debug/panic.h"

u32 fake_cpuid_d;
u64 fake_now, fake_timer;
unsigned fake_flushes;
unsigned fake_interrupt_in, fake_interrupt_again;
void (*fake_invalidated)(unsigned cpu, word_t va, bool all);

struct cpu *fake_this_cpu;
word_t *arch_kernel_root;
u64 tsc_khz = 1000;

static struct cpu fake_cpus[FAKE_CPUS];
static word_t root[1024];
static int pool_file = -1;
static const void *nobodies; /* the page of the threads' table that all groups share */

/* ---- memory ---- */

static void map_pool(u64 bytes)
{
    static u64 mapped;
    void *want = (void *)POOL_BASE;

    if (mapped) {
        munmap(want, mapped);
        close(pool_file);
    }
    mapped = bytes;
    pool_file = memfd_create("pool", 0);
    if (pool_file < 0 || ftruncate(pool_file, (off_t)bytes) != 0 ||
        mmap(want, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, pool_file, 0) !=
            want) {
        perror("the pool");
        exit(1);
    }
}

void fake_init(u64 pool_bytes)
{
    map_pool(pool_bytes);
    arch_kernel_root = root;
    nobodies = NULL;
    fake_now = fake_timer = 0;
    fake_interrupt_in = fake_interrupt_again = 0;
    fake_invalidated = NULL;
    memset(fake_cpus, 0, sizeof(fake_cpus));
    for (unsigned n = 0; n < FAKE_CPUS; n++) {
        cpus[n] = fake_cpus[n].self = &fake_cpus[n];
        fake_cpus[n].number = n;
        fake_cpus[n].flushed = 1;
        fake_cpus[n].idle = &fake_cpus[n].idle_thread;
    }
    cpu_count = 1;
    fake_enter_cpu(0);
    memset(accounts, 0, sizeof(accounts));
    kmem_init(paddr(0), pool_bytes);
}

/* The page itself, as the hardware would show it; nobodies are not for writing. */
void arch_table_page(void *va, const void *page)
{
    nobodies = nobodies ? nobodies : page;
    if (mmap(va, PAGE_SIZE, PROT_READ | (page == nobodies ? 0 : PROT_WRITE), MAP_SHARED | MAP_FIXED,
             pool_file, (off_t)virt_to_phys(page).v) != va) {
        perror("the table of threads");
        exit(1);
    }
}

word_t arch_kernel_table(void)
{
    return 1; /* no space's */
}

/* ---- console ---- */

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
    printf("\n");
    abort();
}

/* ---- time and interrupts ---- */

u64 arch_tsc(void)
{
    return fake_now;
}

u64 arch_us_to_tsc(u64 us)
{
    return us;
}

u64 arch_tsc_to_us(u64 tsc)
{
    return tsc;
}

void arch_timer_set(u64 when)
{
    fake_timer = when;
}

bool fake_interrupt(void)
{
    if (!fake_interrupt_in || --fake_interrupt_in)
        return false;
    fake_interrupt_in = fake_interrupt_again;
    return true;
}

/* Programs with the kernel's exit have that one's. */
__attribute__((weak)) bool cpu_interrupted(void)
{
    return fake_interrupt();
}

void arch_interrupt_window(void)
{
    if (fake_interrupt())
        this_cpu()->todo |= TODO_TIMER;
}

/* ---- processors ---- */

void fake_enter_cpu(unsigned n)
{
    fake_this_cpu = &fake_cpus[n];
}

void arch_switch(struct thread *next)
{
    struct cpu *cpu = this_cpu();

    cpu->loaded = next;
    cpu->table = next->space ? next->table : arch_kernel_table();
}

void invlpg(word_t va)
{
    if (fake_invalidated)
        fake_invalidated(this_cpu()->number, va, false);
}

void arch_flush(void)
{
    fake_flushes++;
    if (fake_invalidated)
        fake_invalidated(this_cpu()->number, 0, true);
}
