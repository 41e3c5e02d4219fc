/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of things at boot; start.S comes before, core/init.c after. */
#include "arch/boot.h"

#include "api/api.h"
#include "arch/desc.h"
#include "arch/entry.h"
#include "arch/features.h"
#include "arch/memory.h"
#include "arch/smp.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"
#include "plat/clock.h"
#include "plat/serial.h"

/* User code may have set AC, which would let the kernel touch user pages: entries clear it. */
static INIT void patch_clac(void)
{
    static const u8 clac[] = {0x0f, 0x01, 0xca};

    for (char *const *site = clac_sites; cpu_features.smap && *site; site++)
        memcpy(*site, clac, sizeof(clac));
}

/* On the boot stack: what makes the first processor's area. */
INIT word_t arch_boot(void)
{
    serial_init();
    features_init();
    patch_clac(); /* while the boot page tables let us */
    memory_init();
    return area_stack_top(0);
}

/* What every processor does, on its own stack. */
static INIT void start_processor(struct cpu *cpu, unsigned n)
{
    cpu->self = cpu;
    cpu->number = n;
    cpu->stack_top = (word_t)cpu;
    cpu->flushed = 1;
    cpu->table = arch_kernel_table();
    desc_start(cpu);
    syscall_init(cpu);
    cpus[n] = cpu;
}

INIT void arch_boot_first(void)
{
    desc_init();
    start_processor(area_cpu(0), 0);
    cpu_count = 1;
    fpu_init();
    fpu_start();
    acpi_init();
    irq_init();
    clock_init();
    kernel_main();
}

/* The same for another one, which start.S leads here. */
INIT void arch_boot_other(unsigned n)
{
    struct cpu *cpu = area_cpu(n);

    start_processor(cpu, n);
    features_start();
    fpu_start();
    lapic_start();
    clock_start();
    cpu_enter_idle();
}
