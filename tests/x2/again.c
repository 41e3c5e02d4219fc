/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that take long: interrupts come first, and what others do to the caller meanwhile. */
#include <l4/exregs.h>
#include <l4/misc.h>
#include "x2.h"

#define LOG2    22
#define CALLS   20
#define CHANGES 300

/* A caller that is not the root task's thread: it runs while that sleeps. */
static void set_types(void)
{
    for (shared[1] = 0; shared[1] < CALLS; shared[1]++) {
        L4_Word_t attributes[4] = {0};

        L4_LoadMR(0, L4_FpageLog2(shared[0], LOG2).raw);
        shared[2] += L4_MemoryControl(0, attributes);
    }
}

CHECK_SPREAD(changed_meanwhile, "4.3", "flags are exchanged in the middle of a call, which goes on")
{
    L4_ThreadId_t t;

    shared[0] = get_memory(LOG2);
    if (!shared[0])
        return SKIP;
    for (L4_Word_t at = shared[0]; at < shared[0] + (1ul << LOG2); at += 4096)
        L4_Flush(page(at, 12, L4_Writable)); /* cuts it: much to do */
    t = spawn(set_types);
    for (int i = 0; i < CHANGES && shared[1] < CALLS; i++) {
        struct l4_exregs e = {.control = L4_EXREGS_FLAGS, .flags = 2};

        L4_Sleep(L4_TimePeriod(100));
        EXPECT(!L4_IsNilThread(L4_Exregs(t, &e)));
    }
    EXPECT(L4_IpcSucceeded(hear(t)));
    EXPECT_EQUAL(shared[2], CALLS);
    return PASS;
}
