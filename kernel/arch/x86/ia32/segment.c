/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel and users share DS and ES, and the kernel does not load them when it is
 * entered: where a user has left another selector in them the kernel itself
 * faults, and entry.S makes them standard.  Users get the same help.
 */
#include "arch/segment.h"

#include "arch/layout.h"
#include "core/thread.h"

extern bool segment_repaired; /* entry.S has repaired DS or ES; perhaps cur was in trouble, too */

static bool standard(void)
{
    word_t ds, es, fs, gs;

    asm("mov %%ds, %0; mov %%es, %1; mov %%fs, %2; mov %%gs, %3"
        : "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
    return (u16)ds == SEL_UDATA && (u16)es == SEL_UDATA && (u16)fs == SEL_UDATA &&
           (u16)gs == SEL_UTCB;
}

static void make_standard(void)
{
    segment_repaired = false;
    asm volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %1, %%gs"
                 :
                 : "r"(SEL_UDATA), "r"(SEL_UTCB));
}

/* The length of an instruction that loads a segment register, 0 for any other; *popped: bytes of
 * the stack that it takes. */
static unsigned load_length(const u8 *code, unsigned n, unsigned *popped)
{
    unsigned prefix = n > 0 && code[0] == 0x66;

    *popped = prefix ? 2 : 4;
    if (n < prefix + 2u)
        return 0;
    code += prefix;
    switch (code[0]) {
    case 0x07: /* POP ES, SS, DS */
    case 0x17:
    case 0x1f:
        return prefix + 1;
    case 0x0f: /* POP FS, GS */
        return code[1] == 0xa1 || code[1] == 0xa9 ? prefix + 2 : 0;
    case 0x8e: /* MOV from a register */
        *popped = 0;
        return code[1] >= 0xc0 ? prefix + 2 : 0;
    default:
        return 0;
    }
}

bool segment_repair(struct thread *cur, const u8 *code, unsigned n)
{
    bool others = segment_repaired || !standard();
    unsigned popped, length = load_length(code, n, &popped);

    make_standard();
    if (!length)
        return others;
    cur->frame.ip += length;
    cur->frame.sp += popped;
    return true;
}
