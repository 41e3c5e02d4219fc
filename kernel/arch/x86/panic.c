/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel faults: no way back. */
#include "arch/area.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/layout.h"
#include "arch/traps.h"
#include "core/cpus.h"
#include "debug/backtrace.h"
#include "debug/panic.h"
#include "plat/apic.h"

void arch_halt(void)
{
    for (;;)
        asm volatile("cli; hlt");
}

static bool halting;

void arch_halt_others(void)
{
    halting = true;
    if (cpu_count > 1)
        lapic_send_nmi_to_others();
}

bool panic_nmi(void)
{
    return halting;
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
    word_t offset = read_cr2() - CPU_AREAS;
    const char *name = f->vector < ARRAY_SIZE(names) ? names[f->vector] : NULL;

    kprintf("\nalmond: panic: trap %lu (%s), error %lx, in the kernel\n", f->vector,
            name ? name : "?", f->error);
    if (f->vector == VEC_DF && offset < CPU_MAX * AREA_SIZE && offset % AREA_SIZE < AREA_STACK)
        kprintf("  the kernel stack has overflowed\n");
    panic_stop(f, f->bp);
}
