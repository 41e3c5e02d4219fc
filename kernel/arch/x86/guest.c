/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vCPUs in user mode: the guest runs like a thread of its space, but whatever makes it enter the
 * kernel, except for the host's interrupts, ends the run.
 *
 *   VcpuRun -> vcpu_start -> vcpu_enter -> enter -> guest_resume ... trap_guest -> vcpu_exit
 */
#include "arch/guest.h"

#include "api/api.h"
#include "arch/desc.h"
#include "arch/entry.h"
#include "arch/insn.h"
#include "arch/io.h"
#include "arch/lazy_fpu.h"
#include "arch/switch.h"
#include "core/arch.h"
#include "core/cpu.h"
#include "core/fpu.h"
#include "core/space.h"

#define BIT(n) (1u << (n))

#define ERROR_IDT      2u /* an exception's error code: it is about an entry of the IDT */
#define INT_LENGTH     2
#define SYSCALL_LENGTH 2

static struct slab_cache guests = SLAB_CACHE("guest", struct guest);

static unsigned error_shift; /* to that entry's number */

INIT void user_init(void)
{
    error_shift = desc_error_shift();
}

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
    (void)v;
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

static void load(struct cpu *cpu, struct guest *g)
{
    const struct space *s = g->v.space;

    if (g->v.thread->flags & TF_SEGMENTS && cpu->loaded == g->v.thread)
        local_save(&g->v.thread->local);
    cpu->guest_state = (void *)g->v.state;
    cpu->arch.guest = g;
    switch_frame(cpu, (word_t)(&cpu->arch.guest_frame + 1));
    if (s->table != cpu->table) {
        cpu->table = s->table;
        write_cr3(s->table);
    }
    if (unlikely(cpu->work & WORK_PORTS || cpu->ports))
        io_switch(cpu, s);
    guest_segments_load(cpu, g);
    fpu_switch(cpu, g->v.fpu == cpu->live_fpu && !(g->exceptions & BIT(VEC_NM)));
}

static void enter(struct vcpu *v)
{
    struct guest *g = guest_of(v);
    struct cpu *cpu = this_cpu();
    u64 *runs = (u64 *)&v->state->runs;

    ++*runs;
    if (cpu->guest_state != v->state)
        load(cpu, g);
    guest_resume(v->state, &g->user);
}

const struct vcpu_kind user_kind = {
    .user_mode = true,
    .alloc = alloc,
    .free = free_guest,
    .bind = bind,
    .load_gpr = load_gpr,
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

static void end(struct guest *g, unsigned reason, u32 length)
{
    g->v.state->exit_len = length;
    guest_user_store(&g->user, g->v.state);
    vcpu_exit(&g->v, reason, 0);
}

void guest_exception(struct guest *g, word_t vector, word_t error)
{
    vcpu_state_t *s = g->v.state;

    s->qual[0] = vector;
    s->qual[1] = error;
    end(g, L4_EXIT_EXCEPTION, 0);
}

static void page_fault(struct guest *g, word_t error)
{
    g->v.state->qual[2] = read_cr2();
    guest_exception(g, VEC_PF, error);
}

/* INT n; the processor is where that is, or behind it. */
static void software_interrupt(struct guest *g, word_t n)
{
    g->v.state->qual[0] = n;
    end(g, L4_EXIT_INT, INT_LENGTH);
}

/* A port that the guest's space has, while the processor has another one's bitmap? */
static bool port_there(struct guest *g)
{
    struct io_insn insn;
    u8 code[INSN_MAX];

    if (!io_decode(code, insn_fetch(code, g->user.ip), &insn))
        return false;
    return io_fault(g->v.space, insn.immediate ? insn.port : (u16)g->v.state->gpr[L4_RDX],
                    1u << insn.log2_size);
}

static void general_protection(struct guest *g, word_t error)
{
    if (error & ERROR_IDT)
        software_interrupt(g, error >> error_shift & 0xff);
    else if (error || !g->v.space->io || !port_there(g))
        guest_exception(g, VEC_GP, error);
}

void trap_guest(struct thread *cur)
{
    struct guest *g = guest_of(cur->vcpu);
    const struct arch_frame *f = &this_cpu()->arch.guest_frame;
    word_t vector = f->vector, error = f->error;

    guest_user_trapped(g, f);
    if (vector == VEC_GP) {
        general_protection(g, error);
    } else if (vector == VEC_PF) {
        page_fault(g, error);
    } else if (guest_syscall_vector(vector)) {
        g->user.ip -= SYSCALL_LENGTH;
        end(g, L4_EXIT_SYSCALL, SYSCALL_LENGTH);
    } else if (vector == VEC_NM && !(g->exceptions & BIT(VEC_NM))) {
        fpu_make_live(g->v.fpu);
    } else if (guest_int_vector(vector)) {
        g->user.ip -= INT_LENGTH;
        software_interrupt(g, vector);
    } else if (vector >= VEC_PIC) {
        g->v.state->host_intrs++;
        irq_handle((unsigned)vector);
    } else {
        guest_exception(g, vector, error);
    }
}
