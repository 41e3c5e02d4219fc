/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/vcpu.h"

#include "devices/kvmclock.h"
#include "host.h"
#include "vcpu/walk.h"

#define SEG_CODE32 0xc9bu /* present, code, readable, accessed, 32-bit, 4 KiB granularity */
#define SEG_DATA32 0xc93u
#define SEG_TSS32  0x08bu
#define SEG_LDT    0x082u

#define CR0_ET        UINT64_C(0x10)
#define RFLAGS_ALWAYS UINT64_C(2)
#define DR6_RESET     UINT64_C(0xffff0ff0)
#define DR7_RESET     UINT64_C(0x400)
#define PAT_RESET     UINT64_C(0x0007040600070406)

static uint64_t guest_tsc(void *context)
{
    struct vcpu *v = context;
    return host_tsc() + v->state->tsc_offset;
}

void vcpu_set_deadline(struct vcpu *v)
{
    uint64_t due = v->board->console.due;
    v->board->console.changed = false;
    if (v->board->watchdog.due < due)
        due = v->board->watchdog.due;
    v->state->deadline = due < v->timer ? due : v->timer;
}

/* A time too far off to express never comes. */
static void set_timer(void *context, uint64_t when)
{
    struct vcpu *v = context;
    uint64_t now = host_tsc(), guest_now = now + v->state->tsc_offset;
    if (when == 0)
        v->timer = UINT64_MAX;
    else if (when <= guest_now)
        v->timer = now;
    else
        v->timer = when - guest_now > UINT64_MAX - now ? UINT64_MAX : now + (when - guest_now);
    vcpu_set_deadline(v);
}

static void interrupts_changed(void *context)
{
    struct vcpu *v = context;
    v->attention = true;
}

static void request_nmi(void *context)
{
    struct vcpu *v = context;
    v->nmi = v->attention = true;
}

static void end_of_level(void *context, uint8_t vector)
{
    struct vcpu *v = context;
    ioapic_end(&v->board->ioapic, vector);
}

static void send_command(void *context, struct lapic *from, uint64_t icr)
{
    struct vcpu *v = context;
    apic_bus_command(&v->board->apics, from, icr);
}

static const struct lapic_ops lapic_ops = {
    guest_tsc, set_timer, interrupts_changed, request_nmi, end_of_level, send_command,
};

void vcpu_init(struct vcpu *v, struct l4_vcpu_state *state, struct board *board, uint32_t id)
{
    bool faulty = host_quirks() & L4_ALMOND_Q_NO_XSETBV_EXIT; /* QEMU TCG: SMAP is faulty, too */
    struct cpuid_config config = {
        .id = id,
        .cpus = 1,
        .no_xsave = faulty,
        .no_smap = faulty,
        .kvm_features = KVM_FEATURE_NO_IO_DELAY | KVM_FEATURE_CLOCK | KVM_FEATURE_STABLE_CLOCK,
    };
    v->state = state;
    v->board = board;
    v->exact_lengths = host_features() & L4_ALMOND_F_NRIP;
    state->tsc_offset = -host_tsc(); /* the guest's TSC starts at 0 */
    cpuid_init(&v->cpuid, &config, cpuid_host);
    msr_init(&v->msrs);
    lapic_init(&v->lapic, id, id == 0, &lapic_ops, v);
    board_add_lapic(board, &v->lapic);
}

void vcpu_enter_flat(struct vcpu *v, uint64_t rip, uint16_t code, uint16_t data)
{
    struct l4_vcpu_state *st = v->state;
    const struct l4_vcpu_seg flat = {data, SEG_DATA32, UINT32_MAX, 0};
    for (unsigned i = L4_SEG_ES; i <= L4_SEG_GS; i++)
        st->seg[i] = flat;
    st->seg[L4_SEG_CS] = (struct l4_vcpu_seg){code, SEG_CODE32, UINT32_MAX, 0};
    st->seg[L4_SEG_LDTR] = (struct l4_vcpu_seg){0, SEG_LDT, 0xffff, 0};
    st->seg[L4_SEG_TR] = (struct l4_vcpu_seg){0, SEG_TSS32, 0x67, 0};
    st->seg[L4_SEG_GDTR] = (struct l4_vcpu_seg){0, 0, 0xffff, 0};
    st->seg[L4_SEG_IDTR] = (struct l4_vcpu_seg){0, 0, 0xffff, 0};
    st->cr0 = CR0_PE | CR0_ET;
    st->cr2 = st->cr3 = st->cr4 = st->efer = 0;
    st->dr6 = DR6_RESET;
    st->dr7 = DR7_RESET;
    st->xcr0 = v->cpuid.xcr0 ? 1 : 0; /* 0 is ignored: the host's stays */
    st->pat = PAT_RESET;
    st->rip = rip;
    st->rflags = RFLAGS_ALWAYS;
    st->exceptions = st->intercept = 0;
    st->inject = 0;
    st->deadline = v->timer = UINT64_MAX;
    st->flags = 0;
    st->dirty = L4_VCPU_G_ALL;
}

/* What describes an exit. */
struct exit_info {
    uint64_t qual[3];
    uint32_t exit, exit_len, intr_shadow;
};

void vcpu_sync(struct vcpu *v)
{
    struct l4_vcpu_state *st = v->state;
    if ((st->valid & L4_VCPU_G_ALL) == L4_VCPU_G_ALL)
        return;
    struct exit_info info = {
        {st->qual[0], st->qual[1], st->qual[2]}, st->exit, st->exit_len, st->intr_shadow};
    st->flags = L4_VCPU_SYNC;
    unsigned reason = host_run();
    if (reason != L4_EXIT_SYNC)
        host_exit(MZ_EXIT_INTERNAL, reason, "(no state from the kernel, exit %u)", reason);
    v->exits[L4_EXIT_SYNC]++;
    for (unsigned i = 0; i < 3; i++)
        st->qual[i] = info.qual[i];
    st->exit = info.exit;
    st->exit_len = info.exit_len;
    st->intr_shadow = info.intr_shadow;
}

_Noreturn void vcpu_loop(struct vcpu *v)
{
    v->attention = true;
    vcpu_events(v);
    unsigned reason = host_run();
    host_started(v->state->first_tsc);
    for (;;) {
        vcpu_handle(v, reason);
        if (unlikely(v->attention))
            vcpu_events(v);
        if (unlikely(v->board->console.changed))
            vcpu_set_deadline(v);
        reason = host_run();
    }
}
