/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Measures the kernel, as a root task.  Under `-icount shift=0` the time stamp counter
 * counts instructions.  Each result is a line "name value".
 */
#ifndef KBENCH_H
#define KBENCH_H

#include <l4/ipc.h>
#include <l4/kip.h>
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

#define IMAGE_BASE 0x01000000ul
#define IMAGE_LOG2 20
#define UTCB_AREA  0xb0000000ul
#define KIP_AREA   0xbff00000ul /* as in the root task, since IA32 links are relative to it */
#define UTCB_LOG2  24

extern L4_ThreadId_t me;

/* ---- threads.c ---- */
L4_ThreadId_t new_id(void);
/* An active thread that waits for its start: of the own space, of a new space, or of that of another
 * thread, with its slot-th UTCB. */
L4_ThreadId_t make_local(void);
L4_ThreadId_t make_space(unsigned slot);
L4_ThreadId_t make_beside(L4_ThreadId_t neighbour, unsigned slot);
/* Lets it begin at fn, with a stack of its own. */
void start(L4_ThreadId_t t, void (*fn)(void));
/* A thread of a new space that executes fn and waits for a message by now. */
L4_ThreadId_t start_far(void (*fn)(void));
/* Answers its page faults in the image until it sends something else, which is left in the MRs, or is
 * silent for a while. */
L4_MsgTag_t serve(L4_ThreadId_t t);
void kill(L4_ThreadId_t t);
/* 2^log2 bytes of memory, one to one. */
L4_Word_t get_memory(unsigned log2);
/* Kernel memory in use, in bytes. */
L4_Word_t kernel_memory(void);

void report(const char *name, unsigned long long value);
void fail(const char *what);

/* ---- what is measured ---- */
void bench_ipc(void);
void bench_idl(void);
void bench_faults(void);
void bench_events(void);
void bench_threads(void);
void bench_mappings(void);
void bench_vcpu(void);
void bench_latency(void);
/* On two processors, by the clock. */
void bench_scaling(void);

/* ---- spread.c: one page that is mapped to many places ---- */
#define MAPPINGS 100000ul
struct spread {
    L4_ThreadId_t thread, pager;
    L4_Fpage_t page; /* the original, with all rights */
};
struct spread spread_begin(void);
void spread_end(const struct spread *s);

/* ---- loop.S ---- */
/* Calls `to` so many times with this tag; the server replies with what it gets. */
void loop_client(L4_Word_t to, L4_Word_t tag, L4_Word_t rounds);
void loop_server(void);
void loop_pager(void);
extern L4_Word_t loop_offset;
void touch_pages(L4_Word_t address, L4_Word_t pages);
/* A guest in user mode: INT for ever. */
void guest_int(void);

static inline uint64_t now(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

#endif
