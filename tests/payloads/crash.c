/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends in the way that kind= says: triple, halt, reboot, poweroff or control (reserved bits of
 * CR4, which QEMU's SVM takes for a broken VMCB), after delay=TICKS.
 */
#include "payload.h"

void payload_main(void)
{
    const char *kind = argument("kind", "triple");
    uint64_t end = rdtsc() + argument_number("delay", 0);

    print("crash: %s\n", kind);
    while (rdtsc() < end)
        __asm__ volatile("pause");
    if (kind[0] == 't')
        triple_fault();
    if (kind[0] == 'h')
        halt();
    if (kind[0] == 'c')
        __asm__ volatile("mov %%cr4, %%rax; bts $63, %%rax; mov %%rax, %%cr4" : : : "rax");
    if (kind[0] == 'r')
        reboot();
}
