/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of the kernel.  The KIP's links are offsets into the KIP on IA32.
 *
 * A call may destroy EBP, which may be the compiler's frame pointer, so the
 * veneers save it on the stack, and with it any argument or result that it holds.
 */
#ifndef L4_IA32_LINKS_H
#define L4_IA32_LINKS_H

#include <l4/links.h>

#define L4_CALL "push %%ebp; call *l4_links+%c[link]; pop %%ebp"

/*
 * The same with the operand [ebp], in memory, as value of EBP before and after.  It is pushed
 * and popped while the stack pointer is the compiler's, since it may be relative to that.
 */
#define L4_CALL_EBP                                                                                \
    "push %[ebp]; xchg %%ebp, (%%esp); call *l4_links+%c[link]; xchg %%ebp, (%%esp); pop %[ebp]"

static inline L4_Word_t l4_entry(const void *kip, L4_Word_t link)
{
    return (L4_Word_t)kip + link;
}

#endif
