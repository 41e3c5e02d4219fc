/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the registers of IA32 programs and the functions of api.h.  Registers
 * not named here come back as they were, but for what Ipc leaves in ECX and EDX.
 *
 *   call                in                                       out
 *   Ipc                 EAX to, ECX timeouts, EDX from, ESI MR0  EAX from, ESI MR0, EBX MR1,
 *                                                                EBP MR2
 *   Unmap               EAX control, ESI MR0                     ESI MR0
 *   ExchangeRegisters   EAX dest, ECX control, EDX sp, ESI ip,   EAX result, others old values
 *                       EDI flags, EBX handle, EBP pager
 *   ThreadControl       EAX dest, ECX pager, EDX scheduler,      EAX
 *                       ESI space, EDI utcb
 *   SpaceControl        EAX space, ECX control, EDX kip,         EAX, ECX old control
 *                       ESI utcb, EDI redirector
 *   Schedule            EAX dest, ECX priority, EDX time,        EAX, EDX old time
 *                       ESI processor, EDI preemption
 *   ThreadSwitch        EAX dest
 *   ProcessorControl    EAX processor, ECX internal,             EAX
 *                       EDX external, ESI voltage
 *   MemoryControl       EAX control, attributes ECX EDX EBX EBP, EAX
 *                       ESI MR0
 *   extensions          EAX ECX EDX ESI                          EAX, EDX, ECX
 *
 * All message registers but MR0 travel in the UTCB.
 */
#include "api/api.h"
#include "arch/entry.h"
#include "core/ipc.h"
#include "core/utcb.h"

struct ipc_call arch_ipc_call(const struct thread *t)
{
    return (struct ipc_call){t->frame.ax, t->frame.dx, t->frame.cx};
}

/* Called by fastpath.S, which has stored MR0. */
void sys_ipc(struct thread *cur)
{
    const struct arch_frame *f = &cur->frame;

    ipc_start(cur, f->ax, f->dx, f->cx);
}

void arch_ipc_result(struct thread *t, word_t from)
{
    struct arch_frame *f = &t->frame;
    const word_t *mr = utcb_mr(t->utcb);

    f->ax = from;
    f->di = t->utcb_addr; /* the fast path does not store it */
    f->si = mr[0];
    f->bx = mr[1];
    f->bp = mr[2];
}

static void sys_unmap(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t *mr = utcb_mr(cur->utcb);

    mr[0] = f->si;
    api_unmap(cur, f->ax);
}

word_t arch_unmap_control(const struct thread *t)
{
    return t->frame.ax;
}

void arch_unmap_result(struct thread *t)
{
    t->frame.si = utcb_mr(t->utcb)[0];
}

static void exchange_registers(struct thread *cur, bool local)
{
    struct arch_frame *f = &cur->frame;
    word_t dest = f->ax;
    struct exregs r = {.control = f->cx,
                       .sp = f->dx,
                       .ip = f->si,
                       .flags = f->di,
                       .handle = f->bx,
                       .pager = f->bp};
    word_t result = api_exchange_registers(cur, dest, &r);

    f->ax = result && local ? dest : result;
    f->cx = r.control;
    f->dx = r.sp;
    f->si = r.ip;
    f->di = r.flags;
    f->bx = r.handle;
    f->bp = r.pager;
}

static void sys_exregs(struct thread *cur)
{
    exchange_registers(cur, false);
}

static void sys_exregs_local(struct thread *cur)
{
    exchange_registers(cur, true);
}

static void sys_thread_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_thread_control(cur, f->ax, f->si, f->dx, f->cx, f->di);
}

static void sys_space_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t old = 0;

    f->ax = api_space_control(cur, f->ax, f->cx, f->dx, f->si, f->di, &old);
    f->cx = old;
}

static void sys_schedule(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t old = 0;

    f->ax = api_schedule(cur, f->ax, f->dx, f->si, f->cx, f->di, &old);
    f->dx = old;
}

static void sys_thread_switch(struct thread *cur)
{
    api_thread_switch(cur, cur->frame.ax);
}

static void sys_processor_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_processor_control(cur, f->ax, f->cx, f->dx, f->si);
}

static void sys_memory_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t attributes[4] = {f->cx, f->dx, f->bx, f->bp};

    utcb_mr(cur->utcb)[0] = f->si;
    f->ax = api_memory_control(cur, f->ax, attributes);
}

static void sys_vcpu_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_vcpu_control(cur, f->ax, f->cx, f->dx);
}

void arch_vcpu_result(struct thread *t, word_t reason)
{
    t->frame.ax = reason;
}

static void sys_vcpu_map(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_vcpu_map(cur, f->ax, f->cx);
}

static void sys_notify(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_notify(cur, f->ax, f->cx);
}

static void sys_kmem_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t limit = 0;

    f->ax = api_kmem_control(cur, f->ax, f->cx, &limit);
    f->dx = limit;
}

static void sys_domain_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_domain_control(cur, f->ax, f->cx, f->dx);
}

static void sys_cpu_time(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    u64 us;
    word_t sent;

    f->ax = api_cpu_time(cur, f->ax, &us, &sent);
    f->si = sent;
    f->dx = (word_t)us;
    f->cx = (word_t)(us >> 32);
}

static void sys_thread_local(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_thread_local(cur, f->ax, f->cx, f->dx);
}

static void sys_trace_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t from = f->dx;

    f->ax = api_trace_control(cur, f->ax, f->cx, &from);
    f->dx = from;
}

static void sys_interrupt_message(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t data = 0;

    f->ax = api_interrupt_message(cur, f->ax, &data);
    f->dx = data;
}

void arch_call_again(struct thread *t)
{
    word_t vector = t->frame.vector;

    syscall_table[vector == FRAME_SYSENTER ? SYS_IPC : vector - VEC_SYSCALL](t);
}

syscall_fn *const syscall_table[SYS_COUNT] = {
    [SYS_IPC] = sys_ipc,
    [SYS_UNMAP] = sys_unmap,
    [SYS_EXREGS] = sys_exregs,
    [SYS_EXREGS_LOCAL] = sys_exregs_local,
    [SYS_THREAD_CONTROL] = sys_thread_control,
    [SYS_SPACE_CONTROL] = sys_space_control,
    [SYS_SCHEDULE] = sys_schedule,
    [SYS_THREAD_SWITCH] = sys_thread_switch,
    [SYS_PROCESSOR_CONTROL] = sys_processor_control,
    [SYS_MEMORY_CONTROL] = sys_memory_control,
    [SYS_VCPU_CONTROL] = sys_vcpu_control,
    [SYS_VCPU_RUN] = api_vcpu_run,
    [SYS_VCPU_MAP] = sys_vcpu_map,
    [SYS_NOTIFY] = sys_notify,
    [SYS_KMEM_CONTROL] = sys_kmem_control,
    [SYS_DOMAIN_CONTROL] = sys_domain_control,
    [SYS_CPU_TIME] = sys_cpu_time,
    [SYS_THREAD_LOCAL] = sys_thread_local,
    [SYS_TRACE_CONTROL] = sys_trace_control,
    [SYS_INTERRUPT_MESSAGE] = sys_interrupt_message,
};

/* The register order of exception messages, from MR1; l4-x2 IA32 exception protocol. */
static const u8 exception_order[EXC_WORDS] = {
#define AT(member) (offsetof(struct arch_frame, member) / sizeof(word_t))
    AT(ip), AT(flags), AT(vector), AT(error), AT(di), AT(si), AT(bp),
    AT(sp), AT(bx),    AT(dx),     AT(cx),    AT(ax)
#undef AT
};
enum { EXC_FLAGS = 1, EXC_VECTOR = 2, EXC_ERROR = 3 }; /* the last two are for reading only */

void arch_exc_store(const struct thread *t, word_t *mr)
{
    const word_t *regs = (const word_t *)&t->frame;

    for (unsigned i = 0; i < EXC_WORDS; i++)
        mr[i] = regs[exception_order[i]];
}

void arch_exc_load(struct thread *t, const word_t *mr, unsigned count)
{
    word_t *regs = (word_t *)&t->frame;

    for (unsigned i = 0; i < MIN(count, EXC_WORDS); i++)
        if (i != EXC_FLAGS && i != EXC_VECTOR && i != EXC_ERROR)
            regs[exception_order[i]] = mr[i];
    if (count > EXC_FLAGS)
        frame_set_flags(&t->frame, mr[EXC_FLAGS]);
}
