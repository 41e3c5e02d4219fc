/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest in user mode: its exit to the VMM, and the way back. */
#include "kbench.h"

#define ROUNDS     10000
#define UTCB_COUNT 256 /* the root task's area has room for */

static struct l4_vcpu_state *make_guest(L4_ThreadId_t space)
{
    L4_Word_t size = UTCB_COUNT * L4_UtcbSize(L4_Kip()), base = L4_MyLocalId().raw & ~(size - 1);
    struct l4_vcpu_state *s = (struct l4_vcpu_state *)(base + size - L4_VCPU_STATE_SIZE);
    L4_Fpage_t image = L4_FpageAddRights(L4_FpageLog2(IMAGE_BASE, IMAGE_LOG2), L4_FullyAccessible);

    if (!L4_VcpuControl(me, space, s) || !L4_VcpuMap(image, IMAGE_BASE))
        fail("a guest");
    s->rip = (L4_Word_t)guest_int;
    return s;
}

/* The guest's two instructions are in the result, and the VMM's loop, which moves it on. */
static uint64_t exits(struct l4_vcpu_state *s, unsigned rounds)
{
    uint64_t begin = now();

    for (unsigned i = 0; i < rounds; i++) {
        if (L4_VcpuRun() != L4_EXIT_INT)
            fail("an exit");
        s->rip += s->exit_len;
    }
    return now() - begin;
}

void bench_vcpu(void)
{
    L4_ThreadId_t space = make_space(0);
    struct l4_vcpu_state *s = make_guest(space);

    exits(s, 1);
    report("vcpu_exit_user", exits(s, ROUNDS) / ROUNDS);
    L4_VcpuControl(me, L4_nilthread, NULL);
    kill(space);
}
