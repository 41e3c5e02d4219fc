/* SPDX-License-Identifier: BSD-2-Clause */
/* VcpuRun with random state: a real-mode guest whose memory is random, somewhat changed. */
#include "fuzz.h"

static L4_Word_t tsc(void)
{
    L4_Word32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (L4_Word_t)high << 32 | low;
}

static void reset(struct l4_vcpu_state *s, struct random *r)
{
    for (int i = 0; i < 16; i++)
        s->gpr[i] = random_value(r);
    for (unsigned i = L4_SEG_ES; i < L4_SEG_COUNT; i++)
        s->seg[i] = (struct l4_vcpu_seg){0, 0x93, 0xffff, 0};
    s->seg[L4_SEG_CS].attr = 0x9b;
    s->seg[L4_SEG_LDTR].attr = 0x82;
    s->seg[L4_SEG_TR].attr = 0x8b;
    s->rip = below(r, 0x10000);
    s->rflags = 2 | (one_in(r, 3) ? random_word(r) & 0x3fffff : 0);
    s->cr0 = 0x10;
    s->cr3 = s->cr4 = s->efer = 0;
    s->dr6 = 0xffff0ff0;
    s->dr7 = 0x400;
    s->xcr0 = 1;
    s->pat = 0x0007040600070406;
    s->dirty = L4_VCPU_G_ALL;
}

/* Some words of what the VMM writes, whatever they are. */
static void spoil(struct l4_vcpu_state *s, struct random *r)
{
    L4_Word_t *words = (L4_Word_t *)s;

    do {
        L4_Word_t i = below(r, 0x250 / 8);

        if (i != __builtin_offsetof(struct l4_vcpu_state, deadline) / 8)
            words[i] = one_in(r, 2) ? random_value(r) : words[i] ^ 1ul << below(r, 64);
    } while (!one_in(r, 3));
    s->dirty = (L4_Word32_t)random_word(r);
}

void run_guest(struct victim *v)
{
    struct random *r = &v->random;
    struct l4_vcpu_state *s = (struct l4_vcpu_state *)VCPU_STATE(v->number);

    if (!L4_Almond())
        return;
    if (!has_vcpu[v->number]) {
        L4_VcpuRun();
        return;
    }
    if (one_in(r, 4))
        reset(s, r);
    if (one_in(r, 4))
        spoil(s, r);
    if (one_in(r, 3))
        L4_VcpuMap(fpage(PLAY, 12 + (unsigned)below(r, 5), L4_FullyAccessible), 0);
    s->flags = one_in(r, 2) ? 0 : (L4_Word32_t)below(r, 32);
    s->inject = one_in(r, 8) ? random_word(r) : 0;
    s->deadline = one_in(r, 100) ? random_value(r) : tsc() + below(r, 50000);
    L4_VcpuRun();
    s->rip += s->exit_len;
}
