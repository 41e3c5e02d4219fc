/* SPDX-License-Identifier: BSD-2-Clause */
/* What other threads have to say to a vCPU: interrupts, NMI, INIT, START. */
#include "host.h"
#include "vcpu/vcpu.h"

void vcpu_stop(struct vcpu *v)
{
    v->stopped = true;
    if (cpus_stop(&v->board->cpus))
        host_exit(MZ_EXIT_HALTED, v->state->rip, "at rip 0x%lx", v->state->rip);
}

/* The first processor would go on at the reset vector, where there is code that resets. */
static void init(struct vcpu *v)
{
    if (v->id == 0)
        host_exit(MZ_EXIT_REBOOT, 0, "%s", "");
    lapic_reset(&v->lapic);
    vcpu_enter_real(v, 0);
    v->waiting = true;
}

static void start(struct vcpu *v, uint8_t vector)
{
    vcpu_enter_real(v, vector);
    v->waiting = false;
}

void vcpu_take_signals(struct vcpu *v)
{
    struct cpus *cpus = &v->board->cpus;
    bool was_stopped = v->stopped;
    if (was_stopped)
        cpus_go(cpus);
    v->stopped = false;
    uint32_t signals = cpus_take(cpus, v->id);
    if (signals & CPU_INTERRUPT)
        lapic_gather(&v->lapic);
    if (signals & CPU_NMI)
        v->nmi = !v->waiting;
    if (signals & CPU_INIT)
        init(v);
    if ((signals & CPU_STARTS) && v->waiting)
        start(v, CPU_VECTOR(signals));
    vcpu_watch_spinning(v, true);
    if (v->waiting || (was_stopped && v->halted && !v->nmi))
        vcpu_stop(v);
}
