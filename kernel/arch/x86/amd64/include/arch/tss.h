/* SPDX-License-Identifier: BSD-2-Clause */
/* The task state segment with its IO bitmap. */
#ifndef ARCH_TSS_H
#define ARCH_TSS_H

#include "types.h"

#define IO_PORTS 65536u

struct tss {
    u32 reserved0;
    u64 rsp[3];
    u64 reserved1;
    u64 ist[7]; /* [0] is IST 1 */
    u64 reserved2;
    u16 reserved3;
    u16 iomap_base;
    u8 iomap[IO_PORTS / 8]; /* bit set: the port is denied                        */
    u8 iomap_end;           /* all ones; the processor reads two bytes at a time   */
} __attribute__((packed));

_Static_assert(offsetof(struct tss, iomap) == 104, "AMD APM vol. 2, 12.2.5");

#endif
