/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of the kernel.  The KIP's links are absolute on AMD64.
 *
 * A call destroys RCX, R11 and RBP.  RBP may be the compiler's frame pointer, so
 * the veneers save it on the stack; programs must be compiled without red zone.
 */
#ifndef L4_AMD64_LINKS_H
#define L4_AMD64_LINKS_H

#include <l4/links.h>

#define L4_CALL "push %%rbp; call *l4_links+%c[link](%%rip); pop %%rbp"

static inline L4_Word_t l4_entry(const void *kip, L4_Word_t link)
{
    return link;
}

#endif
