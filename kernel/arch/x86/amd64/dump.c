/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame's registers, and where we are. */
#include "arch/area.h"
#include "arch/frame.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "core/cpu.h"
#include "debug/backtrace.h"
#include "debug/panic.h"

struct cpu *this_cpu_safe(void)
{
    struct {
        u16 limit;
        u64 base;
    } __attribute__((packed)) gdt;

    asm volatile("sgdt %0" : "=m"(gdt));
    if (gdt.base < CPU_AREAS || gdt.base >= CPU_AREAS + CPU_MAX * AREA_SIZE)
        return NULL;
    return (struct cpu *)(ALIGN_DOWN(gdt.base, AREA_SIZE) + AREA_CPU);
}

void arch_dump_frame(const struct arch_frame *f)
{
    kprintf("  rip %016lx ", f->ip);
    print_symbol(f->ip);
    kprintf("\n  cs %lx  ss %lx  rflags %lx  cr2 %lx  cr3 %lx\n", f->cs, f->ss, f->flags,
            read_cr2(), read_cr3());
    arch_dump_registers(f);
}

void arch_dump_registers(const struct arch_frame *f)
{
    kprintf("  rax %016lx  rbx %016lx  rcx %016lx  rdx %016lx\n", f->ax, f->bx, f->cx, f->dx);
    kprintf("  rsi %016lx  rdi %016lx  rbp %016lx  rsp %016lx\n", f->si, f->di, f->bp, f->sp);
    kprintf("  r8  %016lx  r9  %016lx  r10 %016lx  r11 %016lx\n", f->r8, f->r9, f->r10, f->r11);
    kprintf("  r12 %016lx  r13 %016lx  r14 %016lx  r15 %016lx\n", f->r12, f->r13, f->r14, f->r15);
}
