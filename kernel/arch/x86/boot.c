/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of things at boot; start.S comes before, core/init.c after. */
#include "arch/boot.h"

#include "api/api.h"
#include "arch/entry.h"
#include "arch/features.h"
#include "arch/memory.h"
#include "arch/tss.h"
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

    if (cpu_features.smap)
        memcpy(entry_clac, clac, sizeof(clac));
}

INIT void arch_boot(void)
{
    serial_init();
    boot_cpu.stack_top = (word_t)boot_stack_top;
    desc_init();
    syscall_init();
    features_init();
    patch_clac(); /* while the boot page tables let us */
    memory_init();
    fpu_init();
    acpi_init();
    irq_init();
    clock_init();
    unmap_windows();
    syscall_set_clock(clock_factor());
    kernel_main();
}
