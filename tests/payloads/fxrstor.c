/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Restores its FPU state for ever.  In QEMU 7.2 that may change the first processor's virtualization
 * state behind its back, so that VMs there would die (docs/almond-extensions.md).
 */
#include "payload.h"

#define CR0_EM_TS  0xcul
#define CR4_OSFXSR 0x200ul

static _Alignas(16) unsigned char area[512];

void payload_main(void)
{
    unsigned long cr0, cr4;

    __asm__ volatile("mov %%cr0, %0; mov %%cr4, %1" : "=r"(cr0), "=r"(cr4));
    __asm__ volatile("mov %0, %%cr0; mov %1, %%cr4; fninit; fxsave %2"
                     :
                     : "r"(cr0 & ~CR0_EM_TS), "r"(cr4 | CR4_OSFXSR), "m"(area)
                     : "memory");
    print("fxrstor: begins\n");
    for (;;)
        __asm__ volatile("fxrstor %0; fxrstor %0; fxrstor %0; fxrstor %0" : : "m"(area));
}
