/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VcpuRun with random state.  In a VM: a real-mode guest whose memory is random, somewhat changed.
 * In user mode: a guest that executes what victims execute, in the place of one of them.
 */
#include "fuzz.h"

#define STATE_WORDS (0x250 / sizeof(L4_Word_t)) /* what the VMM writes */
#define DEADLINE    (__builtin_offsetof(struct l4_vcpu_state, deadline) / sizeof(L4_Word_t))

static void reset_machine(struct l4_vcpu_state *s, struct random *r)
{
    for (unsigned i = L4_SEG_ES; i < L4_SEG_COUNT; i++)
        s->seg[i] = (struct l4_vcpu_seg){0, 0x93, 0xffff, 0};
    s->seg[L4_SEG_CS].attr = 0x9b;
    s->seg[L4_SEG_LDTR].attr = 0x82;
    s->seg[L4_SEG_TR].attr = 0x8b;
    s->rip = below(r, 0x10000);
    s->cr0 = 0x10;
    s->cr3 = s->cr4 = s->efer = 0;
    s->dr6 = 0xffff0ff0;
    s->dr7 = 0x400;
    s->xcr0 = 1;
    s->pat = 0x0007040600070406;
}

/* The registers are of the guest, the random numbers are those of the victim in whose place it is. */
static _Noreturn void guest(void)
{
    L4_Word_t sp = (L4_Word_t)__builtin_frame_address(0);
    struct victim *v = (struct victim *)(sp & ~(STATE_BYTES - 1));

    for (;;) {
        if (one_in(&v->random, 3))
            instruction(v);
        else if (one_in(&v->random, 20))
            raw_syscall(v);
        else
            touch(v);
    }
}

static void reset_user(struct l4_vcpu_state *s, struct random *r)
{
    s->rip = one_in(r, 8) ? random_address(r) : (L4_Word_t)guest;
    s->gpr[L4_RSP] = BLOCK + (1 + below(r, VICTIMS)) * STATE_BYTES - 8 - 16 * below(r, 40);
    for (unsigned i = L4_SEG_ES; i < L4_SEG_COUNT; i++) {
        s->seg[i] = (struct l4_vcpu_seg){.selector = (uint16_t)random_selector(r)};
        s->seg[i].base = one_in(r, 2) ? random_segment(r) : 0;
    }
    s->exceptions = one_in(r, 4) ? (L4_Word32_t)random_word(r) : 0;
}

/* Some words of what the VMM writes, whatever they are. */
static void spoil(struct l4_vcpu_state *s, struct random *r)
{
    L4_Word_t *words = (L4_Word_t *)s;

    do {
        L4_Word_t i = below(r, STATE_WORDS);

        if (i - DEADLINE >= sizeof(s->deadline) / sizeof(L4_Word_t))
            words[i] = one_in(r, 2) ? random_value(r) : words[i] ^ 1ul << below(r, L4_WORD_BITS);
    } while (!one_in(r, 3));
    s->dirty = (L4_Word32_t)random_word(r);
}

static void reset(struct l4_vcpu_state *s, struct random *r, bool user)
{
    for (int i = 0; i < 16; i++)
        s->gpr[i] = random_value(r);
    s->rflags = 2 | (one_in(r, 3) ? random_word(r) & 0x3fffff : 0);
    s->dirty = L4_VCPU_G_ALL;
    if (user)
        reset_user(s, r);
    else
        reset_machine(s, r);
}

/* What the guest wants: a page, or to go on behind its fault. */
static void attend(struct l4_vcpu_state *s, struct random *r)
{
    L4_Word_t at = (L4_Word_t)s->qual[2] & ~0xffful;

    s->rip += s->exit_len;
    if (s->exit != L4_EXIT_EXCEPTION)
        return;
    if (s->qual[0] == VECTOR_PF && !one_in(r, 4))
        L4_VcpuMap(
            fpage(one_in(r, 4) ? PLAY : at, 12 + (unsigned)below(r, 3), below(r, 8) | L4_Readable),
            at);
    else if (one_in(r, 2))
        s->rip += 1 + below(r, 4);
}

void run_guest(struct victim *v)
{
    struct random *r = &v->random;
    struct l4_vcpu_state *s = (struct l4_vcpu_state *)VCPU_STATE(v->number);
    enum vcpu_kind kind = v->number < NUMBERS ? vcpu_kind[v->number] : NO_VCPU;

    if (!L4_Almond())
        return;
    if (kind == NO_VCPU) {
        L4_VcpuRun();
        return;
    }
    if (one_in(r, 4))
        reset(s, r, kind == USER_VCPU);
    if (one_in(r, 4))
        spoil(s, r);
    if (one_in(r, 3))
        L4_VcpuMap(fpage(PLAY, 12 + (unsigned)below(r, 5), L4_FullyAccessible),
                   kind == USER_VCPU ? PLAY : 0);
    s->flags = one_in(r, 2) ? 0 : (L4_Word32_t)below(r, 32);
    s->inject = one_in(r, 8) ? random_word(r) : 0;
    s->deadline = one_in(r, 100) ? random_value(r) : __builtin_ia32_rdtsc() + below(r, 50000);
    for (L4_Word_t n = below(r, 10); n > 0; n--) {
        v->exits += L4_VcpuRun() != L4_EXIT_ERROR;
        attend(s, r);
    }
}
