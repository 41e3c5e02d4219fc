/* SPDX-License-Identifier: BSD-2-Clause */
/* The task state segment with its IO bitmap. */
#ifndef ARCH_TSS_H
#define ARCH_TSS_H

#include "types.h"

#define IO_PORTS 65536u

struct tss {
    u32 link, esp0, ss0, esp1, ss1, esp2, ss2;
    u32 cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
    u32 es, cs, ss, ds, fs, gs, ldt;
    u16 trap, iomap_base;
    u8 iomap[IO_PORTS / 8]; /* bit set: the port is denied                      */
    u8 iomap_end;           /* all ones; the processor reads two bytes at a time */
} __attribute__((packed, aligned(4)));

_Static_assert(offsetof(struct tss, iomap) == 104, "Intel SDM vol. 3, 8.2.1");

#endif
