/* SPDX-License-Identifier: BSD-2-Clause */
/* In 64-bit mode only GS has a base; a load of any other selector is undone when it faults. */
#include "arch/segment.h"

#include "arch/layout.h"
#include "core/cpu.h"

bool segment_repair(struct thread *cur, const u8 *code, unsigned n)
{
    struct arch_frame *f = &cur->frame;
    unsigned rex = n > 0 && (code[0] & 0xf0) == 0x40;

    if (n < rex + 2u)
        return false;
    code += rex;
    if (code[0] == 0x0f && (code[1] == 0xa1 || code[1] == 0xa9)) /* POP FS, POP GS */
        f->sp += sizeof(word_t);
    else if (code[0] != 0x8e || code[1] < 0xc0) /* MOV from a register */
        return false;
    f->ip += rex + 2;
    asm volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs" : : "r"(SEL_UDATA));
    this_cpu()->loaded = NULL; /* arch_switch() restores GS */
    return true;
}
