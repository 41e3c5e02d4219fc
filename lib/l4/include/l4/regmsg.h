/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages that stay where Ipc wants them.  L4_Ipc() takes all message registers from the UTCB
 * and puts them back there, since it cannot know which of them are used.  Here those that the
 * processor's registers carry are variables: words that nobody looks at cost nothing.
 *
 * Whatever is in a register goes to the partner, also beyond the words that the tag counts: a
 * message begins with registers that are zero.
 */
#ifndef L4_REGMSG_H
#define L4_REGMSG_H

#include <l4/links.h>
#include <l4/message.h>
#include <l4/types.h>

/* L4_Utcb(), but the compiler may leave it out: only who has many words needs it.  The operand
 * makes it read anew after each Ipc, which may have changed all memory. */
static inline L4_Word_t *l4_regmsg_memory(void)
{
    L4_Word_t *mr0;

    __asm__("mov %%gs:0, %0" : "=r"(mr0) : "m"(l4_links.kip));
    return mr0;
}

#include L4_ARCH_HEADER(regmsg.h)

/* The tag's flags that say how a message came, not what it is: propagated, redirected, from
 * another processor. */
#define L4_REGMSG_FLAGS (L4_TAG_PROPAGATED | L4_TAG_REDIRECTED | L4_TAG_XCPU)

static inline struct l4_regmsg l4_regmsg_new(void)
{
    return (struct l4_regmsg){.memory = l4_regmsg_memory()};
}

#endif
