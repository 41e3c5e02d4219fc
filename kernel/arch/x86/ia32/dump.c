/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame's registers, and where we are. */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "core/cpu.h"
#include "debug/backtrace.h"
#include "debug/panic.h"

struct cpu *this_cpu_safe(void)
{
    struct {
        u16 limit;
        u32 base;
    } __attribute__((packed)) gdt;

    asm volatile("sgdt %0" : "=m"(gdt));
    if (gdt.base < CPU_AREAS || gdt.base >= CPU_AREAS + CPU_MAX * AREA_SIZE)
        return NULL;
    return (struct cpu *)((gdt.base & -AREA_SIZE) + AREA_CPU);
}

void arch_dump_frame(const struct arch_frame *f)
{
    kprintf("  eip %08lx ", f->ip);
    print_symbol(f->ip);
    kprintf("\n  cs %lx  eflags %lx  cr2 %lx  cr3 %lx\n", f->cs, f->flags, read_cr2(), read_cr3());
    arch_dump_registers(f);
}

void arch_dump_registers(const struct arch_frame *f)
{
    /* The processor pushes the kernel's stack pointer only when it switches tasks. */
    word_t sp = f->cs & 3 || f->vector == VEC_DF ? f->sp : (word_t)&f->sp;

    kprintf("  eax %08lx  ebx %08lx  ecx %08lx  edx %08lx\n", f->ax, f->bx, f->cx, f->dx);
    kprintf("  esi %08lx  edi %08lx  ebp %08lx  esp %08lx\n", f->si, f->di, f->bp, sp);
}
