/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor tables and the task state segment with its IO bitmap. */
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

/*
 * SYSENTER finds its stack pointer in esp0.  An NMI at that moment, or the debug
 * trap of a user who steps into the kernel, pushes below: flags into link, which an
 * IRET of a user with NT follows, but no flags look like the selector of a task.
 */
struct entry_tss {
    u32 stack[64];
    struct tss tss;
};

extern struct entry_tss boot_tss;

static inline struct tss *this_tss(void)
{
    return &boot_tss.tss;
}

/* Load GDT, IDT and TSS; traps work from here on. */
void desc_init(void);

#endif
