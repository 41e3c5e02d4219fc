/* SPDX-License-Identifier: BSD-2-Clause */
#include "threads.h"

#include <setjmp.h>

#include "api/api.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "core/ipc.h"
#include "core/sched.h"
#include "debug/panic.h"
#include "fake.h"

/* ---- in and out of the kernel ---- */

enum { LEFT_TO_USER = 1, LEFT_TO_IDLE, LEFT_ENTRY };

static jmp_buf out;

struct thread *fake_run(void)
{
    switch (setjmp(out)) {
    case LEFT_TO_USER:
        return this_cpu()->current;
    case LEFT_TO_IDLE:
        return NULL;
    default: /* at first, and with an entry's stack forgotten */
        kernel_exit();
    }
}

void arch_return_to_user(struct thread *next)
{
    (void)next;
    longjmp(out, LEFT_TO_USER);
}

void arch_idle(void)
{
    longjmp(out, LEFT_TO_IDLE);
}

void kernel_abandon(void)
{
    longjmp(out, LEFT_ENTRY);
}

void fake_call(struct thread *t, void (*fn)(struct thread *t))
{
    t->frame.bx = (word_t)fn;
    if (setjmp(out) == 0)
        fn(t);
}

/* Registers, the same names on both widths: bx what was called; si destination, then sender; dx from;
 * cx timeouts. */
static void ipc(struct thread *t)
{
    ipc_start(t, t->frame.si, t->frame.dx, t->frame.cx);
}

void fake_ipc(struct thread *t, word_t to, word_t from, word_t timeouts)
{
    t->frame.si = to;
    t->frame.dx = from;
    t->frame.cx = timeouts;
    fake_call(t, ipc);
}

static void unmap(struct thread *t)
{
    api_unmap(t, t->frame.dx);
}

void fake_unmap(struct thread *t, word_t control)
{
    t->frame.dx = control;
    fake_call(t, unmap);
}

void arch_call_again(struct thread *t)
{
    ((void (*)(struct thread *))t->frame.bx)(t);
}

struct ipc_call arch_ipc_call(const struct thread *t)
{
    return (struct ipc_call){.to = t->frame.si, .from = t->frame.dx, .timeouts = t->frame.cx};
}

void arch_ipc_result(struct thread *t, word_t from)
{
    t->frame.si = from;
    t->frame.bp++;
}

word_t arch_unmap_control(const struct thread *t)
{
    return t->frame.dx;
}

void arch_unmap_result(struct thread *t)
{
    t->frame.bp++;
}

void arch_local_unload(struct thread *t)
{
    (void)t;
}

/* ---- registers ---- */

void arch_frame_init(struct arch_frame *f)
{
    memset(f, 0, sizeof(*f));
}

void arch_exc_store(const struct thread *t, word_t *mr)
{
    memset(mr, 0, EXC_WORDS * sizeof(*mr));
    mr[0] = t->frame.ip;
}

void arch_exc_load(struct thread *t, const word_t *mr, unsigned count)
{
    if (count > 0)
        t->frame.ip = mr[0];
}

#define FPU_AREA 64

void fpu_area_free(struct account *a, void *area, struct cpu *cpu)
{
    (void)area;
    (void)cpu;
    account_return(a, FPU_AREA);
}

word_t fpu_area_size(void)
{
    return FPU_AREA;
}

void fpu_save_live(void *area)
{
    (void)area;
}

/* ---- the trace ---- */

void arch_trace_calls(bool on)
{
    (void)on;
}

/* ---- interrupts ---- */

bool arch_irq_message(unsigned irq, word_t *address, word_t *data)
{
    (void)irq;
    (void)address;
    (void)data;
    return false;
}

unsigned arch_irq_count(void)
{
    return (unsigned)system_base;
}

bool arch_irq_available(unsigned irq)
{
    (void)irq;
    return true;
}

void arch_irq_unmask(unsigned irq)
{
    (void)irq;
}

void arch_irq_mask(unsigned irq)
{
    (void)irq;
}

void arch_irq_route(unsigned irq, unsigned n)
{
    (void)irq;
    (void)n;
}

/* ---- other processors: they are at rest, and do at once what they are asked for ---- */

#define CLAIM_WANTS 0x100u /* of core/cpus.c */
#define CLAIM_HAS   0x200u

void arch_ipi(unsigned n)
{
    u32 claim = cpus[n]->claim;

    if (claim & CLAIM_WANTS)
        cpus[n]->claim = (claim & ~CLAIM_WANTS) | CLAIM_HAS;
}

void arch_pause(void)
{
    unsigned me = this_cpu()->number;

    for (unsigned n = 0; n < FAKE_CPUS; n++) {
        struct cpu *cpu = cpus[n];

        fake_enter_cpu(n);
        if (cpu->command)
            cpu->command(cpu->command_arg);
        cpu->command = NULL;
        if (!cpu->flushed)
            arch_flush();
        cpu->flushed = 1;
    }
    fake_enter_cpu(me);
}
