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
    L4_Word_t mr[1 + L4_REGMSG_WORDS]; /* from 1 on: of what was received */
    L4_Word_t *memory;                 /* the UTCB's MR0 */
};

/* Word i of what was received; i is a constant. */
static inline __attribute__((always_inline)) L4_Word_t l4_regmsg_word(const struct l4_regmsg *m,
                                                                      unsigned i)
{
    return i <= L4_REGMSG_WORDS ? m->mr[i] : m->memory[i];
}

/* Of what will be sent. */
static inline __attribute__((always_inline)) void l4_regmsg_set(struct l4_regmsg *m, unsigned i,
                                                                L4_Word_t w)
{
    m->memory[i] = w;
}

/* For those who read or write words by number: what was received to memory; what will be sent is
 * there. */
static inline __attribute__((always_inline)) L4_Word_t *l4_regmsg_to_memory(
    const struct l4_regmsg *m)
{
    m->memory[1] = m->mr[1];
    m->memory[2] = m->mr[2];
    return m->memory;
}

static inline void l4_regmsg_from_memory(struct l4_regmsg *m)
{
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
    L4_Word_t mr1, *utcb = m->memory;

    __asm__ volatile(L4_IPC_CALL
                     : "+a"(*to), "+c"(timeouts), "+d"(from_specifier), "+S"(m->tag), "+D"(utcb),
                       "=b"(mr1)
                     : L4_LINK(ipc)
                     : "memory", "cc");
    m->mr[1] = mr1;
    m->mr[2] = timeouts;
    m->memory = utcb;
}

#endif
