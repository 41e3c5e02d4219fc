/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages in registers: the tag travels in ESI, and what is received has MR1 in EBX and MR2 in
 * EBP, perhaps nowhere else.  What is sent is in memory but for the tag.
 */
#ifndef L4_IA32_REGMSG_H
#define L4_IA32_REGMSG_H

#include <l4/ia32/syscalls.h>

#define L4_REGMSG_WORDS 2

struct l4_regmsg {
    L4_Word_t tag;
    L4_Word_t mr[1 + L4_REGMSG_WORDS]; /* from 1 on */
    L4_Word_t *memory;                 /* the UTCB's MR0 */
};

/* Word i, which is a constant. */
static inline __attribute__((always_inline)) L4_Word_t l4_regmsg_word(const struct l4_regmsg *m,
                                                                      unsigned i)
{
    return i <= L4_REGMSG_WORDS ? m->mr[i] : m->memory[i];
}

/* To memory, from where it is sent, too; what stands there twice costs once. */
static inline __attribute__((always_inline)) void l4_regmsg_set(struct l4_regmsg *m, unsigned i,
                                                                L4_Word_t w)
{
    m->memory[i] = w;
    if (i <= L4_REGMSG_WORDS)
        m->mr[i] = w;
}

/* For those who read or write words by number: all of them to memory, and back. */
static inline __attribute__((always_inline)) L4_Word_t *l4_regmsg_to_memory(
    const struct l4_regmsg *m)
{
    m->memory[1] = m->mr[1];
    m->memory[2] = m->mr[2];
    return m->memory;
}

static inline __attribute__((always_inline)) void l4_regmsg_from_memory(struct l4_regmsg *m)
{
    m->mr[1] = m->memory[1];
    m->mr[2] = m->memory[2];
}

/* What was received is not needed any more. */
static inline __attribute__((always_inline)) void l4_regmsg_taken(struct l4_regmsg *m)
{
    m->mr[1] = m->mr[2] = 0;
}

/* *to becomes the sender, if there was a receive phase. */
static inline __attribute__((always_inline)) void l4_regmsg_ipc(struct l4_regmsg *m, L4_Word_t *to,
                                                                L4_Word_t from_specifier,
                                                                L4_Word_t timeouts)
{
    L4_Word_t mr1, *utcb;

    __asm__ volatile("mov %%gs:0, %%edi; " L4_IPC_CALL
                     : "+a"(*to), "+c"(timeouts), "+d"(from_specifier), "+S"(m->tag), "=&D"(utcb),
                       "=b"(mr1)
                     : L4_LINK(ipc)
                     : "memory", "cc");
    m->mr[1] = mr1;
    m->mr[2] = timeouts;
    m->memory = utcb;
}

#endif
