/* SPDX-License-Identifier: BSD-2-Clause */
/* The states that a processor begins with. */
#include "vcpu/vcpu.h"
#include "vcpu/walk.h"

/* Present, accessed, of a code or data segment; the last two: 32-bit, granularity of 4 KiB. */
#define SEG_CODE16 0x09bu
#define SEG_DATA16 0x093u
#define SEG_CODE32 0xc9bu
#define SEG_DATA32 0xc93u
#define SEG_TSS32  0x08bu
#define SEG_LDT    0x082u

#define CR0_ET        UINT64_C(0x10)
#define RFLAGS_ALWAYS UINT64_C(2)
#define DR6_RESET     UINT64_C(0xffff0ff0)
#define DR7_RESET     UINT64_C(0x400)
#define PAT_RESET     UINT64_C(0x0007040600070406)

/* What is the same in both modes, and all groups to be loaded. */
static void begin(struct vcpu *v, uint64_t rip, struct l4_vcpu_seg code, struct l4_vcpu_seg data)
{
    struct l4_vcpu_state *st = v->state;
    for (unsigned i = L4_SEG_ES; i <= L4_SEG_GS; i++)
        st->seg[i] = data;
    st->seg[L4_SEG_CS] = code;
    st->seg[L4_SEG_LDTR] = (struct l4_vcpu_seg){0, SEG_LDT, 0xffff, 0};
    st->seg[L4_SEG_TR] = (struct l4_vcpu_seg){0, SEG_TSS32, 0x67, 0};
    st->seg[L4_SEG_GDTR] = (struct l4_vcpu_seg){0, 0, 0xffff, 0};
    st->seg[L4_SEG_IDTR] = (struct l4_vcpu_seg){0, 0, 0xffff, 0};
    st->cr2 = st->cr3 = st->cr4 = st->efer = 0;
    st->cr8 = 0;
    st->dr6 = DR6_RESET;
    st->dr7 = DR7_RESET;
    st->xcr0 = v->cpuid.xcr0 ? 1 : 0; /* 0 is ignored: the host's stays */
    st->pat = PAT_RESET;
    st->rip = rip;
    st->rflags = RFLAGS_ALWAYS;
    st->exceptions = st->intercept = 0;
    st->inject = 0;
    st->intr_shadow = 0;
    st->flags = 0;
    st->dirty = st->valid = L4_VCPU_G_ALL;
    v->halted = v->nmi = false;
}

void vcpu_enter_flat(struct vcpu *v, uint64_t rip, uint16_t code, uint16_t data)
{
    begin(v, rip, (struct l4_vcpu_seg){code, SEG_CODE32, UINT32_MAX, 0},
          (struct l4_vcpu_seg){data, SEG_DATA32, UINT32_MAX, 0});
    v->state->cr0 = CR0_PE | CR0_ET;
}

/* Caches are on, other than after a hardware reset: they are the host's business. */
void vcpu_enter_real(struct vcpu *v, uint8_t page)
{
    uint16_t selector = (uint16_t)(page << 8);
    begin(v, 0, (struct l4_vcpu_seg){selector, SEG_CODE16, 0xffff, (uint64_t)selector << 4},
          (struct l4_vcpu_seg){0, SEG_DATA16, 0xffff, 0});
    for (unsigned i = 0; i < 16; i++)
        v->state->gpr[i] = 0;
    v->state->gpr[L4_RDX] = cpuid_find(&v->cpuid, 1)->eax; /* as after INIT */
    v->state->cr0 = CR0_ET;
}
