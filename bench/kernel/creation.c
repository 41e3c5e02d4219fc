/* SPDX-License-Identifier: BSD-2-Clause */
/* Creating threads, and what they cost in kernel memory. */
#include "kbench.h"

#define THREADS 1000u

void bench_threads(void)
{
    static L4_ThreadId_t ids[THREADS];
    L4_ThreadId_t first = make_space(0);
    uint64_t begin, took = 0;
    L4_Word_t used = kernel_memory();
    void *utcb;

    for (unsigned i = 0; i < THREADS; i++) {
        ids[i] = new_id();
        utcb = (void *)(UTCB_AREA + (i + 1) * L4_UtcbSize(L4_Kip()));
        begin = now();
        if (!L4_ThreadControl(ids[i], first, me, me, utcb))
            fail("a thread");
        took += now() - begin;
    }
    report("thread_create", took / THREADS);
    report("thread_bytes", (kernel_memory() - used) / THREADS);
    for (unsigned i = 0; i < THREADS; i++)
        kill(ids[i]);
    kill(first);
}
