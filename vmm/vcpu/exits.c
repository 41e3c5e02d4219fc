/* SPDX-License-Identifier: BSD-2-Clause */
/* One handler for each reason that a run can end with. */
#include "host.h"
#include "vcpu/access.h"
#include "vcpu/emulate.h"
#include "vcpu/report.h"
#include "vcpu/vcpu.h"
#include "vcpu/walk.h"

/* A RAM fault that comes back so often in a row is not going away. */
#define FAULT_REPEATS 8

static void exit_error(struct vcpu *v)
{
    host_exit(MZ_EXIT_INTERNAL, host_error(), "(VcpuRun failed, error %lu)", host_error());
}

static __attribute__((noinline)) const struct cpuid_leaf *compute_cpuid(struct vcpu *v)
{
    const struct l4_vcpu_state *st = v->state;
    uint32_t leaf = (uint32_t)st->gpr[L4_RAX], subleaf = (uint32_t)st->gpr[L4_RCX];
    v->cpuid_answer = cpuid_compute(&v->cpuid, leaf, subleaf, st->cr4, st->xcr0);
    return &v->cpuid_answer;
}

static void exit_cpuid(struct vcpu *v)
{
    struct l4_vcpu_state *st = v->state;
    uint32_t leaf = (uint32_t)st->gpr[L4_RAX];
    const struct cpuid_leaf *answer =
        cpuid_is_dynamic(leaf) ? compute_cpuid(v) : cpuid_find(&v->cpuid, leaf);
    st->gpr[L4_RAX] = answer->eax;
    st->gpr[L4_RBX] = answer->ebx;
    st->gpr[L4_RCX] = answer->ecx;
    st->gpr[L4_RDX] = answer->edx;
    vcpu_skip(v, OP_CPUID);
}

/* Who halts without interrupts has halted for good, unless another processor helps. */
static void exit_hlt(struct vcpu *v)
{
    vcpu_skip(v, OP_HLT);
    v->halted = true;
    v->attention = true;
    if (!(v->state->rflags & RFLAGS_IF) && !v->nmi)
        vcpu_stop(v);
    board_flush(v->board);
}

/* Have the page in our own space: the kernel maps only what we hold. */
static void touch(uint8_t *page)
{
    volatile uint8_t *byte = page;
    uint8_t value = *byte;
    *byte = value;
}

/* Fill the chunk and show it to the guest.  If it is not one page below us, each of its
 * pages faults once. */
static void map_ram(struct vcpu *v, uint64_t address, uint64_t offset)
{
    struct ram *ram = &v->board->ram;
    uint64_t chunk = offset - offset % CHUNK_SIZE;
    if (!ram_fill(ram, offset)) {
        v->fault_repeats = address == v->last_fault ? v->fault_repeats + 1 : 0;
        if (v->fault_repeats > FAULT_REPEATS)
            host_exit(MZ_EXIT_INTERNAL, address, "(guest memory at 0x%lx stays unmapped)", address);
    }
    v->last_fault = address;
    touch(ram->base + offset);
    if (!host_map(gpa(address - address % CHUNK_SIZE), ram->base + chunk, CHUNK_SIZE))
        host_exit(MZ_EXIT_INTERNAL, host_error(), "(mapping memory at 0x%lx failed, error %lu)",
                  address, host_error());
}

static void exit_npf(struct vcpu *v)
{
    uint64_t address = v->state->qual[0], offset;
    if (ram_offset(&v->board->ram, gpa(address), 1, &offset)) {
        map_ram(v, address, offset);
        return;
    }
    bool is_fetch = v->state->qual[1] & L4_NPF_FETCH, is_walk = v->state->qual[1] & L4_NPF_TABLE;
    if (!board_in_hole(gpa(address)) || is_fetch || is_walk ||
        (v->state->inject & L4_VCPU_EV_VALID)) {
        report_state(v, MZ_LOG_DEBUG);
        board_bad_access(v->board, gpa(address), v->state->rip);
    }
    v->mmio_exits++;
    emulate(v);
}

static void exit_timer(struct vcpu *v)
{
    if (host_tsc() >= __atomic_load_n(&v->board->console.due, __ATOMIC_RELAXED))
        board_flush(v->board);
    if (__atomic_load_n(&v->board->watchdog.due, __ATOMIC_RELAXED) <= v->state->deadline)
        board_look_at_watchdog(v->board);
    if (v->timer <= v->state->deadline)
        lapic_timer(&v->lapic);
    vcpu_set_deadline(v);
    vcpu_watch_spinning(v, true);
    v->attention = true;
}

static void exit_notify(struct vcpu *v)
{
    uint64_t bits = v->state->notify;
    host_here();
    if (bits & MZ_NOTIFY_INPUT)
        board_input(v->board);
    if (bits & MZ_NOTIFY_POWER)
        board_power_button(v->board);
    v->attention = true;
}

static void exit_irq_window(struct vcpu *v)
{
    v->attention = true;
}

static void exit_shutdown(struct vcpu *v)
{
    report_state(v, MZ_LOG_DEBUG);
    host_exit(MZ_EXIT_TRIPLE_FAULT, v->state->rip, "at rip 0x%lx, cr2 0x%lx", v->state->rip,
              v->state->cr2);
}

static void exit_exception(struct vcpu *v)
{
    report_state(v, MZ_LOG_DEBUG);
    host_exit(MZ_EXIT_INTERNAL, v->state->qual[0], "(exception %lu ended a run at 0x%lx)",
              v->state->qual[0], v->state->rip);
}

static void exit_invalid(struct vcpu *v)
{
    report_state(v, MZ_LOG_WARN);
    host_exit(MZ_EXIT_INTERNAL, v->state->rip, "(guest state refused at rip 0x%lx)", v->state->rip);
}

#define ENOSYS_KVM 1000

/* No hypercall is offered; the answer is that of KVM for an unknown one. */
static void exit_vmmcall(struct vcpu *v)
{
    v->state->gpr[L4_RAX] = (uint64_t)-ENOSYS_KVM;
    vcpu_skip(v, OP_VMMCALL);
}

#define XCR0_X87 UINT64_C(1)
#define XCR0_SSE UINT64_C(2)
#define XCR0_AVX UINT64_C(4)

static void exit_xsetbv(struct vcpu *v)
{
    struct l4_vcpu_state *st = v->state;
    uint64_t value = st->gpr[L4_RDX] << 32 | (uint32_t)st->gpr[L4_RAX];
    vcpu_sync(v);
    if (vcpu_cpl(v) != 0 || (uint32_t)st->gpr[L4_RCX] != 0 || (value & ~v->cpuid.xcr0) ||
        !(value & XCR0_X87) || (value & (XCR0_SSE | XCR0_AVX)) == XCR0_AVX) {
        vcpu_inject_error(v, VECTOR_GP, 0);
        return;
    }
    st->xcr0 = value;
    vcpu_dirty(v, L4_VCPU_G_CTRL);
    vcpu_skip(v, OP_XSETBV);
}

/* Guest memory is cached as any other: nothing is to be written back. */
static void exit_wbinvd(struct vcpu *v)
{
    vcpu_skip(v, OP_WBINVD);
}

static void exit_undefined(struct vcpu *v)
{
    vcpu_inject(v, VECTOR_UD);
}

static void exit_protection(struct vcpu *v)
{
    vcpu_inject_error(v, VECTOR_GP, 0);
}

static void exit_task(struct vcpu *v)
{
    report_state(v, MZ_LOG_DEBUG);
    host_exit(MZ_EXIT_BAD_INSN, v->state->rip, "(task switch) at rip 0x%lx", v->state->rip);
}

static void exit_sync(struct vcpu *v)
{
}

static void exit_rdtsc(struct vcpu *v)
{
    struct l4_vcpu_state *st = v->state;
    uint64_t tsc = v->lapic.ops->now(v);
    bool rdtscp = st->qual[0];
    st->gpr[L4_RAX] = (uint32_t)tsc;
    st->gpr[L4_RDX] = tsc >> 32;
    if (rdtscp) {
        vcpu_sync(v);
        st->gpr[L4_RCX] = (uint32_t)st->tsc_aux;
    }
    vcpu_skip(v, rdtscp ? OP_RDTSCP : OP_RDTSC);
}

static void exit_unknown(struct vcpu *v)
{
    report_state(v, MZ_LOG_WARN);
    host_exit(MZ_EXIT_INTERNAL, v->state->qual[0], "(unknown exit 0x%lx at rip 0x%lx)",
              v->state->qual[0], v->state->rip);
}

void vcpu_handle(struct vcpu *v, unsigned reason)
{
    static void (*const handlers[L4_EXIT_COUNT])(struct vcpu *) = {
        [L4_EXIT_ERROR] = exit_error,
        [L4_EXIT_IO] = exit_io,
        [L4_EXIT_CPUID] = exit_cpuid,
        [L4_EXIT_MSR] = exit_msr,
        [L4_EXIT_HLT] = exit_hlt,
        [L4_EXIT_NPF] = exit_npf,
        [L4_EXIT_TIMER] = exit_timer,
        [L4_EXIT_NOTIFY] = exit_notify,
        [L4_EXIT_IRQ_WINDOW] = exit_irq_window,
        [L4_EXIT_SHUTDOWN] = exit_shutdown,
        [L4_EXIT_CR] = exit_unknown,
        [L4_EXIT_EXCEPTION] = exit_exception,
        [L4_EXIT_INVALID] = exit_invalid,
        [L4_EXIT_VMMCALL] = exit_vmmcall,
        [L4_EXIT_XSETBV] = exit_xsetbv,
        [L4_EXIT_WBINVD] = exit_wbinvd,
        [L4_EXIT_MWAIT] = exit_undefined,
        [L4_EXIT_PAUSE] = exit_pause,
        [L4_EXIT_RDPMC] = exit_protection,
        [L4_EXIT_TASK] = exit_task,
        [L4_EXIT_SYNC] = exit_sync,
        [L4_EXIT_VIRT_INSN] = exit_undefined,
        [L4_EXIT_RDTSC] = exit_rdtsc,
        [L4_EXIT_UNKNOWN] = exit_unknown,
        [L4_EXIT_INT] = exit_unknown, /* this one and the next: of guests in user mode */
        [L4_EXIT_SYSCALL] = exit_unknown,
    };
    if (unlikely(reason >= L4_EXIT_COUNT))
        reason = L4_EXIT_UNKNOWN;
    v->exits[reason]++;
    handlers[reason](v);
}
