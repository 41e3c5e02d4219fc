/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system call fuzzer, a root task.  Its victims are unprivileged threads in a few
 * spaces that call the kernel with random and half-sensible arguments; the root thread is
 * their pager and meddles with them by privileged calls.  All that happens follows from a seed.
 *
 * A victim's address space:
 *   0x01000000  the fuzzer's image, to read and execute
 *   0x40000000  the space's own block: a state and a stack for each victim
 *   0x50000000  the playground: what they map to each other, and random pages of the root's
 *   0xb0000000  UTCB area: UTCBs, then places for the state pages of vCPUs
 *   KIP_AREA    KIP
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <l4/arch.h>
#include <l4/exregs.h>
#include <l4/ipc.h>
#include <l4/kip.h>
#include <l4/links.h>
#include <l4/misc.h>
#include <l4/protocol.h>
#include <l4/schedule.h>
#include <l4/sigma0.h>
#include <l4/space.h>
#include <l4/thread.h>
#include <l4/vcpu.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "machine.h"

#define SPACES  4
#define VICTIMS 16 /* thread i belongs to space i % SPACES, at first */
#define SPARE   8  /* more thread numbers, for what the root thread makes and forgets */
#define NUMBERS (VICTIMS + SPARE)

#define IMAGE_BASE    0x01000000ul
#define IMAGE_LOG2    20
#define BLOCK         0x40000000ul
#define STATE_BYTES   8192ul /* of a victim in its space's block: state, stack */
#define BLOCK_LOG2    17
#define PLAY          0x50000000ul
#define PLAY_LOG2     22
#define UTCB_AREA     0xb0000000ul
#define UTCB_LOG2     16
#define VCPU_STATE(n) (UTCB_AREA + 0x8000 + 4096ul * ((n) % 8))

#define SAFE_PORT    0x300u /* nothing is there, on QEMU's machines */
#define SAFE_LOG2    5
#define ACCOUNTS     8  /* kernel memory accounts 1 ... that the victims' spaces may have */
#define FIRST_NUMBER 16 /* victim 0's thread number, above the first user number */

_Static_assert(VICTIMS *STATE_BYTES == 1ul << BLOCK_LOG2, "one for each in each block");

/* ---- chance (random.c): xorshift ---- */

struct random {
    uint64_t state; /* not 0 */
};

L4_Word_t random_word(struct random *r);
L4_Word_t below(struct random *r, L4_Word_t n);
bool one_in(struct random *r, L4_Word_t n);
L4_Word_t random_id(struct random *r);
L4_Word_t random_victim(struct random *r);
L4_Word_t random_address(struct random *r);
L4_Word_t random_fpage(struct random *r);
L4_Word_t random_time(struct random *r);
L4_Word_t random_value(struct random *r);
/* What segment registers can hold, and bases and descriptors. */
L4_Word_t random_selector(struct random *r);
L4_Word64_t random_segment(struct random *r);

/* ---- what victims may read of the root thread's knowledge ---- */

extern L4_Word_t ids[NUMBERS]; /* the current global ids */
extern enum vcpu_kind { NO_VCPU, HW_VCPU, USER_VCPU } vcpu_kind[NUMBERS];
extern L4_ThreadId_t root;
extern L4_Word_t user_base;

/* The addresses of all system calls: they are the first members of l4_links. */
#define ENTRIES (__builtin_offsetof(struct l4_links, almond) / sizeof(L4_Word_t))
extern L4_Word_t entries[ENTRIES];

#define VECTOR_DB 1
#define VECTOR_PF 14

/* ---- the victims (victim.c and below) ---- */

struct victim {
    struct random random;
    L4_Word_t calls, number;
    L4_Word_t strings, exits; /* how often something has worked: received, run */
};

_Noreturn void victim(void);

typedef void operation(struct victim *v);
operation message, dialogue, garbage, raw_syscall;                   /* messages.c, calls.c */
operation unmap, exchange, thread_switch, privileged, clock, extend; /* calls.c */
operation touch, debugger, thread_registers;                         /* faults.c */
operation instruction, run_guest;                                    /* machine.c, guest.c */
operation segments;                                                  /* calls.c */

/* strings.c: a string item of some words; receive buffers, from BR 1 on. */
#define STRING_WORDS 20u
unsigned string_item(struct random *r, L4_Word_t words[STRING_WORDS]);
void string_buffers(struct random *r);

/* ---- the root thread (spaces.c, pager.c, meddle.c, main.c) ---- */

extern struct random chance;
extern L4_Word_t pool; /* 2^PLAY_LOG2 bytes of the root's, one to one */

/* Delete a space's victims and make them anew. */
void space_rebuild(unsigned space);
void spaces_init(L4_Word_t seed);
/* The victim gets a vCPU in the VM space, which is made if it is not there, or in user mode. */
void give_vcpu(unsigned n);
void make_vm(void);
void delete_thread(unsigned n);
L4_ThreadId_t new_version(unsigned n);
/* The victim goes on at its beginning; false: it cannot. */
bool victim_restart(unsigned n);
/* Its number, or NUMBERS. */
unsigned victim_of(L4_ThreadId_t t);
/* How often it has called since the last time. */
L4_Word_t victim_calls(unsigned n);
/* What all of them say of `strings` and `exits`. */
void victim_counts(L4_Word_t *strings, L4_Word_t *exits);
/* The root's address of the block of space n % SPACES. */
L4_Word_t block_of(unsigned n);

/* A message has come. */
void serve(L4_ThreadId_t from, L4_MsgTag_t tag);
/* One privileged call. */
void meddle(void);
/* A victim, or nilthread. */
L4_ThreadId_t some(void);
L4_ThreadId_t some_or_none(void);
/* domains.c: some of them. */
void kernel_memory(void);
void vcpu_control(void);
void notify(void);
void domain_control(void);
void cpu_time(void);

static inline L4_Fpage_t fpage(L4_Word_t base, unsigned log2, L4_Word_t rights)
{
    return L4_FpageAddRights(L4_FpageLog2(base, (int)log2), rights);
}

#endif
