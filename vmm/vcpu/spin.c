/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that spins waits for another vCPU.  If that one shares the processor it would
 * wait in vain until the end of its time slice; so the first PAUSE gives way to a sibling
 * that could run here.  (The sender of an interrupt must not give way at once: Linux sends
 * some with the lock held that the receiver takes next.)  While there is none to give way to,
 * PAUSE is the guest's own; the next signal, or tick of its timer, changes that again.
 */
#include "host.h"
#include "vcpu/decode.h"
#include "vcpu/vcpu.h"

void vcpu_watch_spinning(struct vcpu *v, bool on)
{
    uint32_t intercept = on ? L4_VCPU_I_PAUSE : 0;
    if (v->board->cpus.count == 1 || v->state->intercept == intercept)
        return;
    v->state->intercept = intercept;
    vcpu_dirty(v, L4_VCPU_G_CONF);
}

/* The next one behind v that is ready on this processor, of those first to whom something was
 * signalled: they may be waited for.  -1: none. */
static int sibling(const struct vcpu *v)
{
    const struct cpus *cpus = &v->board->cpus;
    int found = -1;
    for (unsigned i = 1; i < cpus->count; i++) {
        unsigned n = (v->id + i) % cpus->count;
        if (!cpus_ready(cpus, n) || !host_shares(n))
            continue;
        if (cpus_signalled(cpus, n))
            return (int)n;
        if (found < 0)
            found = (int)n;
    }
    return found;
}

void exit_pause(struct vcpu *v)
{
    int n = sibling(v);
    vcpu_skip(v, OP_PAUSE);
    if (n < 0)
        vcpu_watch_spinning(v, false);
    else
        host_let_run((unsigned)n);
}
