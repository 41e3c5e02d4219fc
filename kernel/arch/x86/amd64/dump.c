/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel faults: registers, and no way back. */
#include "arch/boot.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/traps.h"
#include "debug/backtrace.h"
#include "debug/panic.h"

void arch_dump_frame(const struct arch_frame *f)
{
    kprintf("  rip %016lx ", f->rip);
    print_symbol(f->rip);
    kprintf("\n  cs %lx  ss %lx  rflags %lx  cr2 %lx  cr3 %lx\n", f->cs, f->ss, f->rflags,
            read_cr2(), read_cr3());
    kprintf("  rax %016lx  rbx %016lx  rcx %016lx  rdx %016lx\n", f->rax, f->rbx, f->rcx, f->rdx);
    kprintf("  rsi %016lx  rdi %016lx  rbp %016lx  rsp %016lx\n", f->rsi, f->rdi, f->rbp, f->rsp);
    kprintf("  r8  %016lx  r9  %016lx  r10 %016lx  r11 %016lx\n", f->r8, f->r9, f->r10, f->r11);
    kprintf("  r12 %016lx  r13 %016lx  r14 %016lx  r15 %016lx\n", f->r12, f->r13, f->r14, f->r15);
}

void arch_halt(void)
{
    for (;;)
        asm volatile("cli; hlt");
}

void panic_trap(const struct arch_frame *f)
{
    static const char *const names[] = {[0] = "division",
                                        [1] = "debug",
                                        [2] = "NMI",
                                        [3] = "breakpoint",
                                        [6] = "invalid opcode",
                                        [7] = "no FPU",
                                        [8] = "double fault",
                                        [11] = "segment not present",
                                        [12] = "stack fault",
                                        [13] = "general protection",
                                        [14] = "page fault",
                                        [18] = "machine check"};
    word_t guard = (word_t)_stack_guard;
    const char *name = f->vector < ARRAY_SIZE(names) ? names[f->vector] : NULL;

    kprintf("\nalmond: panic: trap %lu (%s), error %lx, in the kernel\n", f->vector,
            name ? name : "?", f->error);
    if (f->vector == VEC_DF && ALIGN_DOWN(read_cr2(), PAGE_SIZE) == guard)
        kprintf("  the kernel stack has overflowed\n");
    panic_stop(f, f->rbp);
}
