/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs between guests in user mode: AMD64. */
#include "guest.h"

enum result guest_called(unsigned n)
{
    EXPECT_PASS(guest_runs_to(n, L4_EXIT_SYSCALL));
    EXPECT_EQUAL(guest_state(n)->exit_len, 2);
    return PASS;
}

void guest_set_segments(struct l4_vcpu_state *s, L4_Word_t fs, L4_Word_t gs)
{
    s->seg[L4_SEG_FS].base = fs;
    s->seg[L4_SEG_GS].base = gs;
    s->dirty = L4_VCPU_G_SEG;
}

CHECK_ALMOND(guest_wild, "almond", "an address that is none is refused before the run")
{
    static const L4_Word_t wild[] = {0x800000000000, 0xffff7fffffffffff, 0x7fff7fffffffffff};

    EXPECT(guest_begin(0, new_space(), guest_int));
    for (unsigned i = 0; i < 3; i++) {
        guest_state(0)->rip = wild[i];
        EXPECT_EQUAL(L4_VcpuRun(), L4_EXIT_INVALID);
    }
    guest_state(0)->rip = (L4_Word_t)guest_int;
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    guest_state(0)->gpr[L4_RSP] = WILD_SP;
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    EXPECT_EQUAL(guest_state(0)->gpr[L4_RSP], WILD_SP);
    guest_end();
    return PASS;
}

CHECK_ALMOND(guest_wild_bases, "almond", "nor are bases that are none taken")
{
    struct l4_vcpu_state *s = guest_state(0);

    EXPECT(guest_begin(0, new_space(), guest_segments));
    guest_set_segments(s, 0x800000000000, 0x7fffffffffffffff);
    EXPECT_PASS(guest_faults(0, 14));
    EXPECT_EQUAL(s->qual[2], 0);
    s->flags = L4_VCPU_SYNC;
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_SYNC));
    EXPECT_EQUAL(s->seg[L4_SEG_FS].base, 0);
    EXPECT_EQUAL(s->seg[L4_SEG_GS].base, 0);
    guest_end();
    return PASS;
}

/* What it loads into FS and GS has the base 0. */
static void load_selectors(void)
{
    __asm__ volatile("mov %%ss, %%eax; mov %%eax, %%fs; mov %%eax, %%gs; int $0x80; jmp %P0"
                     :
                     : "i"(guest_segments)
                     : "eax");
}

CHECK_ALMOND(guest_selectors, "almond", "a guest that loads FS and GS itself")
{
    struct l4_vcpu_state *s = guest_state(0);
    L4_Word_t mine = L4_MyLocalId().raw;

    EXPECT(guest_begin(0, new_space(), load_selectors));
    guest_set_segments(s, (L4_Word_t)shared, (L4_Word_t)shared);
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    EXPECT_EQUAL(L4_MyLocalId().raw, mine);
    EXPECT_PASS(guest_faults(0, 14));
    EXPECT_EQUAL(s->qual[2], 0);
    guest_end();
    return PASS;
}
