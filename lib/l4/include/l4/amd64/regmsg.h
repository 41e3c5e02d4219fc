/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages in registers: MR1 to MR7 travel in RAX RBX R10 R12-R15, the tag in R9. */
#ifndef L4_AMD64_REGMSG_H
#define L4_AMD64_REGMSG_H

#include <l4/amd64/syscalls.h>

#define L4_REGMSG_WORDS 7

struct l4_regmsg {
    L4_Word_t tag;
    L4_Word_t mr[1 + L4_REGMSG_WORDS]; /* from 1 on */
    L4_Word_t *memory;                 /* the UTCB's MR0: the words beyond lie there */
};

/* Word i, which is a constant. */
static inline __attribute__((always_inline)) L4_Word_t l4_regmsg_word(const struct l4_regmsg *m,
                                                                      unsigned i)
{
    return i <= L4_REGMSG_WORDS ? m->mr[i] : m->memory[i];
}

static inline __attribute__((always_inline)) void l4_regmsg_set(struct l4_regmsg *m, unsigned i,
                                                                L4_Word_t w)
{
    if (i <= L4_REGMSG_WORDS)
        m->mr[i] = w;
    else
        m->memory[i] = w;
}

/* For those who read or write words by number: all of them to memory, and back.  No loops, since
 * an array that is indexed by a variable cannot be in registers. */
static inline __attribute__((always_inline)) L4_Word_t *l4_regmsg_to_memory(
    const struct l4_regmsg *m)
{
    L4_Word_t *memory = m->memory;

    memory[1] = m->mr[1];
    memory[2] = m->mr[2];
    memory[3] = m->mr[3];
    memory[4] = m->mr[4];
    memory[5] = m->mr[5];
    memory[6] = m->mr[6];
    memory[7] = m->mr[7];
    return memory;
}

static inline __attribute__((always_inline)) void l4_regmsg_from_memory(struct l4_regmsg *m)
{
    const L4_Word_t *memory = m->memory;

    m->mr[1] = memory[1];
    m->mr[2] = memory[2];
    m->mr[3] = memory[3];
    m->mr[4] = memory[4];
    m->mr[5] = memory[5];
    m->mr[6] = memory[6];
    m->mr[7] = memory[7];
}

/* What was received is not needed any more.  The words in registers that a compiler can leave alone
 * stay as they are: they are the partner's own. */
static inline __attribute__((always_inline)) void l4_regmsg_taken(struct l4_regmsg *m)
{
    m->mr[1] = m->mr[2] = m->mr[3] = 0;
}

/* *to becomes the sender, if there was a receive phase. */
static inline __attribute__((always_inline)) void l4_regmsg_ipc(struct l4_regmsg *m, L4_Word_t *to,
                                                                L4_Word_t from_specifier,
                                                                L4_Word_t timeouts)
{
    L4_Word_t rax = m->mr[1], rbx = m->mr[2], *utcb;
    register L4_Word_t r8 __asm__("r8") = timeouts;
    register L4_Word_t r9 __asm__("r9") = m->tag;
    register L4_Word_t r10 __asm__("r10") = m->mr[3];
    register L4_Word_t r12 __asm__("r12") = m->mr[4];
    register L4_Word_t r13 __asm__("r13") = m->mr[5];
    register L4_Word_t r14 __asm__("r14") = m->mr[6];
    register L4_Word_t r15 __asm__("r15") = m->mr[7];

    __asm__ volatile("mov %%gs:0, %%rdi; " L4_CALL
                     : "+S"(*to), "+d"(from_specifier), "=&D"(utcb), "+r"(r8), "+r"(r9), "+a"(rax),
                       "+b"(rbx), "+r"(r10), "+r"(r12), "+r"(r13), "+r"(r14), "+r"(r15)
                     : L4_LINK(ipc)
                     : "rcx", "r11", "memory", "cc");
    *m = (struct l4_regmsg){r9, {0, rax, rbx, r10, r12, r13, r14, r15}, utcb};
}

#endif
