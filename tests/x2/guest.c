/* SPDX-License-Identifier: BSD-2-Clause */
/* Making guests in user mode, and running them for a while. */
#include "guest.h"

#define IMAGE_BASE 0x1000000ul
#define IMAGE_LOG2 20

struct l4_vcpu_state *guest_state(unsigned n)
{
    L4_Word_t size = L4_UtcbSize(L4_Kip()), base = L4_MyLocalId().raw & ~(256 * size - 1);

    return (struct l4_vcpu_state *)(base + 256 * size - (n + 1) * 4096);
}

bool guest_show(L4_Word_t address, unsigned log2, L4_Word_t rights)
{
    return L4_VcpuMap(page(address, log2, rights), address);
}

bool guest_begin(unsigned n, L4_ThreadId_t space, void (*code)(void))
{
    struct l4_vcpu_state *s = guest_state(n);

    if (!L4_VcpuControl(L4_MyGlobalId(), space, s) ||
        !guest_show(IMAGE_BASE, IMAGE_LOG2, L4_FullyAccessible))
        return false;
    s->rip = (L4_Word_t)code;
    s->gpr[L4_RSP] = new_stack();
    return true;
}

void guest_end(void)
{
    L4_VcpuControl(L4_MyGlobalId(), L4_nilthread, NULL);
}

static void print(const struct l4_vcpu_state *s, L4_Word_t reason, L4_Word_t expected)
{
    printf("# exit %lu, not %lu, at ip %lx: %lx %lx %lx\n", reason, expected, (L4_Word_t)s->rip,
           (L4_Word_t)s->qual[0], (L4_Word_t)s->qual[1], (L4_Word_t)s->qual[2]);
}

enum result guest_runs_to(unsigned n, enum l4_vcpu_exit reason)
{
    struct l4_vcpu_state *s = guest_state(n);
    L4_Word_t result = L4_VcpuRun();

    if (result != reason || s->exit != reason) {
        print(s, result, reason);
        return FAIL;
    }
    s->rip += s->exit_len;
    return PASS;
}

enum result guest_faults(unsigned n, L4_Word_t vector)
{
    struct l4_vcpu_state *s = guest_state(n);

    EXPECT_PASS(guest_runs_to(n, L4_EXIT_EXCEPTION));
    EXPECT_EQUAL(s->qual[0], vector);
    EXPECT_EQUAL(s->exit_len, 0);
    return PASS;
}
