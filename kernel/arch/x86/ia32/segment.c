/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Users have four data segments, flat but for GS.  What they load else cannot be
 * used or cannot be loaded: then the processor faults, and all are made good.
 */
#include "arch/segment.h"

#include "arch/layout.h"
#include "core/thread.h"

/* Is there a selector that may be the cause of the fault? */
static bool odd_selector(const struct arch_frame *f)
{
    word_t fs, gs;

    asm("mov %%fs, %0; mov %%gs, %1" : "=r"(fs), "=r"(gs));
    return f->ds != SEL_UDATA || f->es != SEL_UDATA || (u16)fs != SEL_UDATA || (u16)gs != SEL_UTCB;
}

/* The length of an instruction that loads a segment register, 0 for any other; *popped: bytes of
 * the stack that it takes. */
static unsigned load_length(const u8 *code, unsigned n, unsigned *popped)
{
    unsigned prefix = n > 0 && code[0] == 0x66, word = prefix ? 2 : 4;

    *popped = 0;
    if (n < prefix + 2u)
        return 0;
    code += prefix;
    switch (code[0]) {
    case 0x07: /* POP ES, SS, DS */
    case 0x17:
    case 0x1f:
        *popped = word;
        return prefix + 1;
    case 0x0f: /* POP FS, GS */
        if (code[1] != 0xa1 && code[1] != 0xa9)
            return 0;
        *popped = word;
        return prefix + 2;
    case 0x8e: /* MOV from a register */
        return code[1] >= 0xc0 ? prefix + 2 : 0;
    default:
        return 0;
    }
}

bool segment_repair(struct thread *cur, const u8 *code, unsigned n)
{
    bool odd = odd_selector(&cur->frame);
    unsigned popped, length = load_length(code, n, &popped);

    if (!odd && !length)
        return false;
    asm volatile("mov %0, %%fs; mov %1, %%gs" : : "r"(SEL_UDATA), "r"(SEL_UTCB));
    cur->frame.ip += length; /* a load is undone */
    cur->frame.sp += popped;
    return true;
}
