/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting the other processors: INIT and two start-up interrupts (Intel SDM vol. 3,
 * 9.4.4; AMD APM vol. 2, 14.1) lead each to a page of the first megabyte, from where
 * start.S brings it here.
 */
#include "arch/smp.h"

#include "arch/insn.h"
#include "arch/memory.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/kmem.h"
#include "core/sched.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"

#define INIT_US     10000
#define STARTUP_US  200
#define PATIENCE_US 1000000

enum { SLOT_TRAMPOLINE = 0 }; /* of the boot window */

u64 other_table, other_stack;
u32 other_number;

static INIT void wait(u64 us)
{
    u64 end = arch_tsc() + arch_us_to_tsc(us);

    while (arch_tsc() < end)
        cpu_relax();
}

static INIT bool came(unsigned n, u64 us)
{
    u64 end = arch_tsc() + arch_us_to_tsc(us);

    while (cpu_count <= n && arch_tsc() < end)
        cpu_relax();
    return *(volatile unsigned *)&cpu_count > n;
}

static INIT bool start_one(unsigned n, u32 lapic_id)
{
    struct cpu *cpu = area_cpu(n);

    if (!area_create(n))
        return false;
    cpu->number = n;
    cpu->arch.lapic_id = lapic_id;
    sched_init(cpu);
    other_number = n;
    other_stack = area_stack_top(n);
    other_table = arch_kernel_table();
    atomic_fence();
    lapic_send_init(lapic_id);
    wait(INIT_US);
    lapic_send_startup(lapic_id, TRAMPOLINE);
    if (came(n, STARTUP_US))
        return true;
    lapic_send_startup(lapic_id, TRAMPOLINE);
    return came(n, PATIENCE_US);
}

INIT void arch_start_others(void)
{
    static u8 saved[PAGE_SIZE];
    u8 *low = map_window(SLOT_TRAMPOLINE, TRAMPOLINE);

    memcpy(saved, low, PAGE_SIZE);
    memcpy(low, trampoline, (word_t)trampoline_end - (word_t)trampoline);
    for (unsigned i = 0; i < acpi.processors && cpu_count < CPU_MAX; i++) {
        u32 id = acpi.processor[i];

        if (id == lapic_id())
            continue;
        if (!start_one(cpu_count, id)) {
            kprintf("almond: processor %u does not start\n", id);
            break; /* it might come late, in the place of the next */
        }
    }
    memcpy(low, saved, PAGE_SIZE);
    unmap_windows();
}
