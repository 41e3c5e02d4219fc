/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of things at boot; start.S comes before, core/init.c after. */
#include "arch/boot.h"

#include "api/api.h"
#include "arch/entry.h"
#include "arch/features.h"
#include "arch/insn.h"
#include "arch/memory.h"
#include "arch/msr.h"
#include "arch/tss.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "debug/panic.h"
#include "plat/acpi.h"
#include "plat/apic.h"
#include "plat/clock.h"
#include "plat/serial.h"

/* Flags that SYSCALL clears: TF IF DF IOPL NT AC, and the arithmetic ones. */
#define SYSCALL_FLAGS 0x47fd5

static INIT void cpu_init(void)
{
    boot_cpu.stack_top = (word_t)boot_stack_top;
    wrmsr(MSR_GS_BASE, (u64)&boot_cpu);
    wrmsr(MSR_KERNEL_GS_BASE, USER_UTCB_PTR);
    wrmsr(MSR_FS_BASE, 0);
}

static INIT void syscall_init(void)
{
    wrmsr(MSR_STAR, (u64)(SEL_UCODE32 & ~3) << 48 | 3UL << 48 | (u64)SEL_KCODE << 32);
    wrmsr(MSR_LSTAR, (u64)entry_syscall);
    wrmsr(MSR_CSTAR, 0);
    wrmsr(MSR_SFMASK, SYSCALL_FLAGS);
    wrmsr(MSR_SYSENTER_CS, 0);
}

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
    desc_init();
    cpu_init();
    features_init();
    patch_clac(); /* while the boot page tables let us */
    memory_init();
    syscall_init();
    fpu_init();
    acpi_init();
    irq_init();
    clock_init();
    unmap_windows();
    utcb_slots[0].clock_factor = clock_factor();
    kernel_main();
}
