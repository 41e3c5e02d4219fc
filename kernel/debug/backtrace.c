/* SPDX-License-Identifier: BSD-2-Clause */
/* The last words of the kernel: where it was and how it got there. */
#include "debug/backtrace.h"

#include "arch/area.h"
#include "arch/boot.h"
#include "core/cpu.h"
#include "debug/kdb.h"
#include "debug/panic.h"

#define CALLS_MAX 24

/* The table that symbols.py makes: sorted, closed by an address above all. */
struct symbol {
    u32 address; /* low half */
    u32 name;    /* offset behind the table */
};

extern const struct symbol symbols_start[], symbols_end[];

void print_symbol(word_t ip)
{
    const struct symbol *s = symbols_start, *names = s;

    if (s == symbols_end || (u32)ip < s->address) {
        kprintf("?");
        return;
    }
    while (names->address != 0xffffffff)
        names++;
    while ((u32)ip >= s[1].address)
        s++;
    kprintf("%s+0x%x", (const char *)(names + 1) + s->name, (u32)ip - s->address);
}

static bool in_image(word_t p, const char *from, const char *to)
{
    return p >= (word_t)from && p < (word_t)to;
}

static bool in_areas(word_t p)
{
    return p >= CPU_AREAS && p < CPU_AREAS + CPU_MAX * AREA_SIZE;
}

/* A frame pointer is believed if it lies where stacks do, and goes upwards. */
void backtrace(word_t fp)
{
    for (unsigned i = 0; i < CALLS_MAX && in_areas(fp) && fp % sizeof(word_t) == 0; i++) {
        const word_t *frame = (const word_t *)fp;

        if (!in_image(frame[1], _text_start, _init_end))
            return;
        kprintf("  %lx ", frame[1]);
        print_symbol(frame[1] - 1);
        kprintf("\n");
        if (frame[0] <= fp)
            return;
        fp = frame[0];
    }
}

void panic_stop(const struct arch_frame *f, word_t fp)
{
    static bool again;
    const struct cpu *cpu = this_cpu_safe();

    if (again) {
        kdb_fault();
        arch_halt();
    }
    again = print_alone = true;
    arch_halt_others();
    if (cpu && cpu->current)
        kprintf("  in thread %lx, on processor %u\n", cpu->current->id, cpu->number);
    if (f)
        arch_dump_frame(f);
    backtrace(fp);
    kdb_panic(f, fp);
    arch_halt();
}
