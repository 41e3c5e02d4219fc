/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs between guests in user mode: IA32. */
#include "guest.h"

#define VECTOR_GP 13

/* SYSENTER faults: else its address would be lost. */
enum result guest_called(unsigned n)
{
    EXPECT_PASS(guest_faults(n, VECTOR_GP));
    EXPECT_EQUAL(guest_state(n)->qual[1], 0);
    guest_state(n)->rip += 2;
    return PASS;
}

CHECK_ALMOND(guest_kernel_int, "almond", "the interrupts of the kernel's own calls end a run, too")
{
    static const L4_Word8_t code[] = {0xcd, 0xd1, 0xcd, 0xd5, 0xcd, 0xe1};
    struct l4_vcpu_state *s = guest_state(0);

    EXPECT(guest_begin(0, new_space(), (void (*)(void))code));
    for (unsigned i = 0; i < 3; i++) {
        EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
        EXPECT_EQUAL(s->qual[0], code[2 * i + 1]);
    }
    guest_end();
    return PASS;
}

static L4_Word64_t descriptor(L4_Word_t base, L4_Word_t limit)
{
    return (limit & 0xffff) | (L4_Word64_t)(base & 0xffffff) << 16 | UINT64_C(0x0040f2) << 40 |
           (L4_Word64_t)(base >> 24) << 56;
}

void guest_set_segments(struct l4_vcpu_state *s, L4_Word_t fs, L4_Word_t gs)
{
    s->seg[L4_SEG_LOCAL(0)].base = descriptor(fs, 3);
    s->seg[L4_SEG_LOCAL(1)].base = 0;
    s->seg[L4_SEG_LOCAL(2)].base = descriptor(gs, 3);
    s->seg[L4_SEG_DS].selector = s->seg[L4_SEG_ES].selector = 0x23;
    s->seg[L4_SEG_FS].selector = L4_LOCAL_SELECTOR(0);
    s->seg[L4_SEG_GS].selector = L4_LOCAL_SELECTOR(2);
    s->dirty = L4_VCPU_G_SEG;
}

CHECK_ALMOND(guest_bad_segments, "almond", "descriptors that are no user's data are not taken")
{
    static const L4_Word64_t bad[] = {
        UINT64_C(0x00cf92000000ffff), /* the kernel's data */
        UINT64_C(0x00cffa000000ffff), /* code              */
        UINT64_C(0x0000890000000067), /* a task            */
        UINT64_C(0x0000ee0000080000), /* a gate            */
        UINT64_C(0x00cf72000000ffff), /* not present       */
    };
    struct l4_vcpu_state *s = guest_state(0);

    EXPECT(guest_begin(0, new_space(), guest_segments));
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        guest_set_segments(s, 0, 0);
        s->seg[L4_SEG_LOCAL(0)].base = bad[i];
        s->rip = (L4_Word_t)guest_int;
        EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
        s->flags = L4_VCPU_SYNC;
        EXPECT_PASS(guest_runs_to(0, L4_EXIT_SYNC));
        EXPECT_EQUAL(s->seg[L4_SEG_LOCAL(0)].base, 0);
        EXPECT_EQUAL(s->seg[L4_SEG_FS].selector, 0x23);
    }
    guest_end();
    return PASS;
}

static void load_selectors(void)
{
    __asm__ volatile("mov %0, %%eax; mov %%eax, %%ds; mov %%eax, %%es; mov %%eax, %%fs;"
                     "mov %%eax, %%gs; int $0x80; mov %%ds, %%eax; mov %%es, %%ebx;"
                     "mov %%fs, %%ecx; mov %%gs, %%edx; int $0x80"
                     :
                     : "i"(L4_LOCAL_SELECTOR(1))
                     : "eax", "ebx", "ecx", "edx");
}

CHECK_ALMOND(guest_selectors, "almond", "selectors that a guest loads stay")
{
    struct l4_vcpu_state *s = guest_state(0);

    EXPECT(guest_begin(0, new_space(), load_selectors));
    guest_set_segments(s, 0, 0);
    s->seg[L4_SEG_LOCAL(1)].base = descriptor(0, 0xfffff);
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    L4_Sleep(L4_TimePeriod(1000));
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    EXPECT_EQUAL(s->gpr[L4_RAX], L4_LOCAL_SELECTOR(1));
    EXPECT_EQUAL(s->gpr[L4_RBX], L4_LOCAL_SELECTOR(1));
    EXPECT_EQUAL(s->gpr[L4_RCX], L4_LOCAL_SELECTOR(1));
    EXPECT_EQUAL(s->gpr[L4_RDX], L4_LOCAL_SELECTOR(1));
    s->seg[L4_SEG_LOCAL(1)].base = 0; /* while the guest has it everywhere */
    s->dirty = L4_VCPU_G_SEG;
    s->rip = (L4_Word_t)guest_int;
    EXPECT_PASS(guest_runs_to(0, L4_EXIT_INT));
    guest_end();
    return PASS;
}
