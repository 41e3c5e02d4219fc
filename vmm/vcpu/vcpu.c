/* SPDX-License-Identifier: BSD-2-Clause */
#include "vcpu/vcpu.h"

#include "devices/kvmclock.h"
#include "host.h"

static uint64_t guest_tsc(void *context)
{
    struct vcpu *v = context;
    return host_tsc() + v->state->tsc_offset;
}

void vcpu_set_deadline(struct vcpu *v)
{
    struct console *console = &v->board->console;
    __atomic_store_n(&console->changed, false, __ATOMIC_SEQ_CST);
    uint64_t due = __atomic_load_n(&console->due, __ATOMIC_RELAXED);
    uint64_t bite = __atomic_load_n(&v->board->watchdog.due, __ATOMIC_RELAXED);
    if (bite < due)
        due = bite;
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

/* Called by any thread.  Who is in its guest, or sleeps, has to be told to look. */
static void signal(void *context, uint8_t mode, uint8_t vector)
{
    struct vcpu *v = context;
    uint32_t what = mode == APIC_MODE_NMI     ? CPU_NMI
                    : mode == APIC_MODE_INIT  ? CPU_INIT
                    : mode == APIC_MODE_START ? CPU_START(vector)
                                              : CPU_INTERRUPT;
    bool news = cpus_signal(&v->board->cpus, v->id, what);
    if (v->id == host_self())
        v->attention = true;
    else if (news)
        host_notify(v->id, MZ_NOTIFY_PEER);
}

static void end_of_level(void *context, uint8_t vector)
{
    struct vcpu *v = context;
    board_end_of_level(v->board, vector);
}

static void send_command(void *context, struct lapic *from, uint64_t icr)
{
    struct vcpu *v = context;
    apic_bus_command(&v->board->apics, from, icr);
}

static const struct lapic_ops lapic_ops = {
    guest_tsc, set_timer, interrupts_changed, signal, end_of_level, send_command,
};

_Static_assert(L4_EXIT_COUNT < MZ_EXIT_KINDS && BOARD_CPUS <= MZ_VCPUS_MAX, "exits have a place");

void vcpu_init(struct vcpu *v, struct l4_vcpu_state *state, struct board *board, uint32_t id)
{
    bool faulty = host_quirks() & L4_ALMOND_Q_NO_XSETBV_EXIT; /* QEMU TCG: SMAP is faulty, too */
    struct cpuid_config config = {
        .id = id,
        .cpus = board->cpus.count,
        .no_xsave = faulty,
        .no_smap = faulty,
        .kvm_features = KVM_FEATURE_NO_IO_DELAY | KVM_FEATURE_CLOCK | KVM_FEATURE_STABLE_CLOCK,
    };
    v->state = state;
    v->board = board;
    v->id = id;
    v->exits = board->console.ring->exits[id];
    v->exact_lengths = host_features() & L4_ALMOND_F_NRIP;
    v->timer = UINT64_MAX;
    state->tsc_offset = -board->tsc_start;
    cpuid_init(&v->cpuid, &config, cpuid_host);
    msr_init(&v->msrs);
    lapic_init(&v->lapic, id, id == 0, &lapic_ops, v);
    v->apic_page = lapic_page(&v->lapic);
    board_add_lapic(board, &v->lapic);
    vcpu_enter_real(v, 0);
    v->waiting = v->stopped = id != 0;
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
    if (v->id == 0)
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
