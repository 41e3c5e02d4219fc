/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the registers of AMD64 programs and the functions of api.h.  Registers
 * not named here come back as they were, but for RCX, R11 and RBP (the call's number).
 *
 *   call                in                                       out
 *   Ipc, Unmap          MR0-7: R9 RAX RBX R10 R12 R13 R14 R15    the same
 *   Ipc                 RSI to, RDX from, R8 timeouts            RSI from
 *   Unmap               RDX control
 *   ExchangeRegisters   RAX dest, RSI control, RDX sp, R8 ip,    RAX result, others old values
 *                       R9 flags, R10 handle, RDI pager
 *   ThreadControl       RDI dest, R8 space, RDX scheduler,       RAX
 *                       RSI pager, R9 utcb
 *   SpaceControl        RDI space, RSI control, RDX kip,         RAX, RDX old control
 *                       R8 utcb, R9 redirector
 *   Schedule            RDI dest, RDX time, R8 processor,        RAX, RDX old time
 *                       RSI priority, R9 preemption
 *   ThreadSwitch        RDI dest
 *   ProcessorControl    RDI processor, RSI internal,             RAX
 *                       RDX external, R8 voltage
 *   MemoryControl       RDX control, attributes RDI RSI R8 R9    RAX and RDX
 *   extensions          RDI RSI RDX R8                           RAX, RDX
 */
#include "api/api.h"
#include "arch/entry.h"
#include "core/ipc.h"
#include "core/utcb.h"

static void store_mrs(const struct thread *t)
{
    const struct arch_frame *f = &t->frame;
    word_t *mr = utcb_mr(t->utcb);

    mr[0] = f->r9;
    mr[1] = f->ax;
    mr[2] = f->bx;
    mr[3] = f->r10;
    mr[4] = f->r12;
    mr[5] = f->r13;
    mr[6] = f->r14;
    mr[7] = f->r15;
}

static void load_mrs(struct thread *t)
{
    struct arch_frame *f = &t->frame;
    const word_t *mr = utcb_mr(t->utcb);

    f->r9 = mr[0];
    f->ax = mr[1];
    f->bx = mr[2];
    f->r10 = mr[3];
    f->r12 = mr[4];
    f->r13 = mr[5];
    f->r14 = mr[6];
    f->r15 = mr[7];
}

struct ipc_call arch_ipc_call(const struct thread *t)
{
    return (struct ipc_call){t->frame.si, t->frame.dx, t->frame.r8};
}

/* Called by fastpath.S, which has stored the message registers. */
void sys_ipc(struct thread *cur)
{
    ipc_start(cur, cur->frame.si, cur->frame.dx, cur->frame.r8);
}

void arch_ipc_result(struct thread *t, word_t from)
{
    load_mrs(t);
    t->frame.di = t->utcb_addr; /* the fast path does not store it */
    t->frame.si = from;
}

static void sys_unmap(struct thread *cur)
{
    store_mrs(cur);
    api_unmap(cur, cur->frame.dx);
}

word_t arch_unmap_control(const struct thread *t)
{
    return t->frame.dx;
}

void arch_unmap_result(struct thread *t)
{
    load_mrs(t);
}

static void exchange_registers(struct thread *cur, bool local)
{
    struct arch_frame *f = &cur->frame;
    word_t dest = f->ax;
    struct exregs r = {.control = f->si,
                       .sp = f->dx,
                       .ip = f->r8,
                       .flags = f->r9,
                       .handle = f->r10,
                       .pager = f->di};
    word_t result = api_exchange_registers(cur, dest, &r);

    f->ax = result && local ? dest : result;
    f->si = r.control;
    f->dx = r.sp;
    f->r8 = r.ip;
    f->r9 = r.flags;
    f->r10 = r.handle;
    f->di = r.pager;
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

    f->ax = api_thread_control(cur, f->di, f->r8, f->dx, f->si, f->r9);
}

static void sys_space_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t old = 0;

    f->ax = api_space_control(cur, f->di, f->si, f->dx, f->r8, f->r9, &old);
    f->dx = old;
}

static void sys_schedule(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t old = 0;

    f->ax = api_schedule(cur, f->di, f->dx, f->r8, f->si, f->r9, &old);
    f->dx = old;
}

static void sys_thread_switch(struct thread *cur)
{
    api_thread_switch(cur, cur->frame.di);
}

static void sys_processor_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_processor_control(cur, f->di, f->si, f->dx, f->r8);
}

/* MR0 is in the UTCB already, R9 is an attribute. */
static void sys_memory_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t attributes[4] = {f->di, f->si, f->r8, f->r9}, mr0 = utcb_mr(cur->utcb)[0];
    word_t control = f->dx;

    store_mrs(cur);
    utcb_mr(cur->utcb)[0] = mr0;
    f->ax = f->dx = api_memory_control(cur, control, attributes);
}

static void sys_vcpu_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_vcpu_control(cur, f->di, f->si, f->dx);
}

void arch_vcpu_result(struct thread *t, word_t reason)
{
    t->frame.ax = reason;
}

static void sys_vcpu_map(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_vcpu_map(cur, f->di, f->si);
}

static void sys_notify(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_notify(cur, f->di, f->si);
}

static void sys_kmem_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t limit = 0;

    f->ax = api_kmem_control(cur, f->di, f->si, &limit);
    f->dx = limit;
}

static void sys_domain_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_domain_control(cur, f->di, f->si, f->dx);
}

static void sys_cpu_time(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    u64 us;
    word_t sent;

    f->ax = api_cpu_time(cur, f->di, &us, &sent);
    f->dx = us;
    f->si = sent;
}

static void sys_thread_local(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;

    f->ax = api_thread_local(cur, f->di, f->si, f->dx);
}

static void sys_trace_control(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t from = f->dx;

    f->ax = api_trace_control(cur, f->di, f->si, &from);
    f->dx = from;
}

static void sys_interrupt_message(struct thread *cur)
{
    struct arch_frame *f = &cur->frame;
    word_t data = 0;

    f->ax = api_interrupt_message(cur, f->di, &data);
    f->dx = data;
}

void arch_call_again(struct thread *t)
{
    syscall_table[(u32)t->frame.bp](t); /* which is all that entry.S has looked at */
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

/* The register order of exception messages, from MR1; l4-x2 AMD64 exception protocol. */
static const u8 exception_order[EXC_WORDS] = {
#define AT(member) (offsetof(struct arch_frame, member) / sizeof(word_t))
    AT(ip), AT(bx),  AT(r10), AT(r12),   AT(r13),    AT(r14),  AT(r15),
    AT(ax), AT(cx),  AT(dx),  AT(si),    AT(di),     AT(bp),   AT(r8),
    AT(r9), AT(r11), AT(sp),  AT(flags), AT(vector), AT(error)
#undef AT
};
#define EXC_FLAGS 17 /* index of RFLAGS; exception number and error code follow, for reading only */

void arch_exc_store(const struct thread *t, word_t *mr)
{
    const word_t *regs = (const word_t *)&t->frame;

    for (unsigned i = 0; i < EXC_WORDS; i++)
        mr[i] = regs[exception_order[i]];
}

void arch_exc_load(struct thread *t, const word_t *mr, unsigned count)
{
    word_t *regs = (word_t *)&t->frame;

    for (unsigned i = 0; i < MIN(count, EXC_FLAGS); i++)
        regs[exception_order[i]] = mr[i];
    if (count > EXC_FLAGS)
        frame_set_flags(&t->frame, mr[EXC_FLAGS]);
}
