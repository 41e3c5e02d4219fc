/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vCPUs in user mode: the guest runs like a thread of its space, but whatever makes it enter the
 * kernel, except for the host's interrupts, ends the run.
 *
 *   VcpuRun -> vcpu_start -> start -> guest_resume ... trap_guest -> end -> arch_return_to_user
 *                              \-> vcpu_enter -> enter -> guest_resume ... -> vcpu_exit
 *
 * The first line is for when there is nothing to do but to change registers: no FPU, no ports, no
 * segments of his own for guest or VMM, and no work that waits.  The second one does it all.
 */
#include "arch/guest.h"

#include "api/api.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/lazy_fpu.h"
#include "arch/switch.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "core/space.h"
#include "virt/virt.h"

#define BIT(n) (1u << (n))

#define ERROR_IDT      2u /* an exception's error code: it is about an entry of the IDT */
#define INT_LENGTH     2
#define SYSCALL_LENGTH 2

static struct slab_cache guests = SLAB_CACHE("guest", struct guest);

static struct guest *guest_of(struct vcpu *v)
{
    return (struct guest *)v;
}

static struct vcpu *alloc(struct account *a)
{
    struct guest *g = slab_alloc(&guests, a);

    if (!g)
        return NULL;
    guest_reset(g);
    return &g->v;
}

static void free_guest(struct account *a, struct vcpu *v)
{
    slab_free(&guests, a, v);
}

static void bind(struct vcpu *v)
{
    guest_of(v)->table = v->space->table;
}

static bool load_gpr(struct vcpu *v)
{
    return guest_user_load(&guest_of(v)->user, v->state);
}

static void store_gpr(struct vcpu *v)
{
    guest_user_store(&guest_of(v)->user, v->state);
}

static void load_groups(struct vcpu *v, u32 groups)
{
    if (groups & L4_VCPU_G_SEG)
        guest_segments_set(guest_of(v), v->state);
    if (groups & L4_VCPU_G_CONF)
        guest_of(v)->exceptions = v->state->exceptions;
}

static void store_groups(struct vcpu *v, u32 groups)
{
    if (groups & L4_VCPU_G_SEG)
        guest_segments_get(guest_of(v), v->state);
}

/* The guest's interrupt flag is not the processor's, and there is nothing to flush. */
static void nothing(struct vcpu *v)
{
    (void)v;
}

static void set_window(struct vcpu *v, bool on)
{
    (void)v;
    (void)on;
}

/* ---- in and out of the processor ---- */

void guest_leave(struct cpu *cpu)
{
    guest_segments_leave(cpu, cpu->arch.guest);
    cpu->guest_state = NULL;
    cpu->loaded = NULL; /* nor is any thread loaded */
}

static void unload(struct vcpu *v)
{
    struct cpu *cpu = this_cpu();

    if (cpu->guest_state && cpu->arch.guest == guest_of(v))
        guest_leave(cpu);
}

static inline void change_space(struct cpu *cpu, word_t frame_top, word_t table)
{
    switch_frame(cpu, frame_top);
    if (table != cpu->table) {
        cpu->table = table;
        write_cr3(table);
    }
}

static void load(struct cpu *cpu, struct guest *g)
{
    if (g->v.thread->flags & TF_SEGMENTS && cpu->loaded == g->v.thread)
        local_save(&g->v.thread->local);
    cpu->guest_state = (void *)g->v.state;
    cpu->arch.guest = g;
    change_space(cpu, (word_t)(&cpu->arch.guest_frame + 1), g->table);
    if (unlikely(cpu->work & WORK_PORTS || cpu->ports))
        io_switch(cpu, g->v.space);
    guest_segments_load(cpu, g);
    fpu_switch(cpu, g->v.fpu == cpu->live_fpu && !(g->exceptions & BIT(VEC_NM)));
}

static inline _Noreturn void resume(struct guest *g, vcpu_state_t *s)
{
    u64 *runs = (u64 *)&s->runs;

    ++*runs;
    guest_resume(s, &g->user);
}

static void enter(struct vcpu *v)
{
    struct guest *g = guest_of(v);
    struct cpu *cpu = this_cpu();

    if (cpu->guest_state != v->state)
        load(cpu, g);
    resume(g, v->state);
}

/* ---- the short way in and out: see above ---- */

static void start(struct vcpu *v)
{
    struct guest *g = guest_of(v);
    struct thread *t = v->thread;
    vcpu_state_t *s = v->state;
    struct cpu *cpu = this_cpu();

    if (unlikely(vcpu_wants(t, v, s))) {
        vcpu_start_slowly(v);
        return;
    }
    t->flags |= TF_GUEST;
    if (unlikely(!guest_user_load(&g->user, s))) {
        vcpu_end(t, L4_EXIT_INVALID);
        return;
    }
    if (unlikely(cpu->work | cpu->todo || v->fpu == cpu->live_fpu ||
                 !guest_segments_enter(cpu, &g->segments)))
        return;
    cpu->guest_state = (void *)s;
    cpu->arch.guest = g;
    change_space(cpu, (word_t)(&cpu->arch.guest_frame + 1), g->table);
    resume(g, s);
}

/* Returns if that cannot be. */
static inline void return_to_vmm(struct cpu *cpu, struct thread *t)
{
    if (unlikely(cpu->work | cpu->todo || t->flags != TF_GUEST || !guest_segments_exit(cpu)))
        return;
    t->flags = 0;
    cpu->guest_state = NULL;
    change_space(cpu, (word_t)(&t->frame + 1), t->table);
    switch_slot(cpu)->utcb = t->utcb_addr;
    arch_return_to_user(t);
}

const struct vcpu_kind user_kind = {
    .user_mode = true,
    .size = sizeof(struct guest),
    .alloc = alloc,
    .free = free_guest,
    .bind = bind,
    .load_gpr = load_gpr,
    .start = start,
    .store_gpr = store_gpr,
    .load = load_groups,
    .store = store_groups,
    .unload = unload,
    .set_shadow = nothing,
    .set_window = set_window,
    .flush_tlb = nothing,
    .enter = enter,
};

/* ---- what ends a run ---- */

static inline void end(struct thread *t, vcpu_state_t *s, unsigned reason, u32 length)
{
    struct cpu *cpu = this_cpu();
    const struct arch_frame *f = &cpu->arch.guest_frame;

    s->exit_len = length;
    guest_user_ended(&cpu->arch.guest->user, s, f);
    vcpu_ended(s, reason, 0);
    t->frame.ax = reason;
    return_to_vmm(cpu, t);
    vcpu_exit(t->vcpu, reason, 0);
}

void guest_exception(struct thread *t, word_t vector, word_t error)
{
    vcpu_state_t *s = this_cpu()->guest_state;

    s->qual[0] = vector;
    s->qual[1] = error;
    end(t, s, L4_EXIT_EXCEPTION, 0);
}

static void page_fault(struct thread *t, word_t error)
{
    vcpu_state_t *s = this_cpu()->guest_state;

    s->qual[2] = read_cr2();
    guest_exception(t, VEC_PF, error);
}

/* INT n; the processor is where that is, or behind it. */
static inline __attribute__((always_inline)) void software_interrupt(struct thread *t, word_t n)
{
    vcpu_state_t *s = this_cpu()->guest_state;

    s->qual[0] = n;
    end(t, s, L4_EXIT_INT, INT_LENGTH);
}

/* A port that the guest's space has, while the processor has another one's bitmap? */
static bool port_there(struct guest *g, word_t ip)
{
    struct io_insn insn;
    u8 code[INSN_MAX];

    if (!io_decode(code, insn_fetch(code, ip), &insn))
        return false;
    return io_fault(g->v.space, insn.immediate ? insn.port : (u16)g->v.state->gpr[L4_RDX],
                    1u << insn.log2_size);
}

/* The guest goes on, now or after others. */
static __attribute__((noinline)) void stay(struct guest *g, const struct arch_frame *f)
{
    guest_user_trapped(&g->user, f);
    if (f->vector == VEC_NM) {
        fpu_make_live(g->v.fpu);
    } else if (f->vector >= VEC_PIC) {
        g->v.state->host_intrs++;
        irq_handle((unsigned)f->vector);
    }
}

static __attribute__((noinline)) void other_trap(struct thread *cur, struct arch_frame *f)
{
    struct guest *g = this_cpu()->arch.guest;
    word_t vector = f->vector;

    if (guest_syscall_vector(vector)) {
        f->ip -= SYSCALL_LENGTH;
        end(cur, g->v.state, L4_EXIT_SYSCALL, SYSCALL_LENGTH);
    } else if (guest_int_vector(vector)) {
        f->ip -= INT_LENGTH;
        software_interrupt(cur, vector);
    } else if (vector >= VEC_PIC || (vector == VEC_NM && !(g->exceptions & BIT(VEC_NM))) ||
               (vector == VEC_GP && !f->error && g->v.space->io && port_there(g, f->ip))) {
        stay(g, f);
    } else {
        guest_exception(cur, vector, f->error);
    }
}

void trap_guest(struct thread *cur)
{
    struct arch_frame *f = &this_cpu()->arch.guest_frame;

    if (f->vector == VEC_GP && f->error & ERROR_IDT)
        software_interrupt(cur, guest_error_entry(f->error));
    else if (f->vector == VEC_PF)
        page_fault(cur, f->error);
    else
        other_trap(cur, f);
}
