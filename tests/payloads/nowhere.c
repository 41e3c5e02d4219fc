/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leaves the VM's memory: kind=jump, read, write or fpu (an instruction that no VMM emulates),
 * at address=N, by default 16 MiB behind the end of memory.
 */
#include "payload.h"

enum { BEHIND = 16 << 20 };

void payload_main(void)
{
    uint64_t address = argument_number("address", ram_top() + BEHIND);
    char kind = argument("kind", "jump")[0];

    print("nowhere: %s 0x%lx\n", argument("kind", "jump"), address);
    if (kind == 'r')
        print("nowhere: read 0x%lx\n", *(volatile uint64_t *)address);
    else if (kind == 'w')
        *(volatile uint64_t *)address = UINT64_C(0x6d61727a6970616e);
    else if (kind == 'f')
        __asm__ volatile("fildl (%0)" : : "r"(address));
    else
        ((void (*)(void))address)();
    print("nowhere: still here\n");
}
