/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: the list, and all of one. */
#include "core/arch.h"
#include "core/cpu.h"
#include "core/ipc.h"
#include "core/utcb.h"
#include "debug/backtrace.h"
#include "kdb.h"
#include "virt/virt.h"

static bool runs(const struct thread *t)
{
    return t->cpu < cpu_count && cpu_of(t)->current == t;
}

void kdb_cmd_threads(const struct kdb_args *a)
{
    unsigned n = 0;

    kprintf("%12s %12s %4s %4s %9s %10s %12s\n", "thread", "space", "prio", "cpu", "state", "ipc",
            "with");
    for (struct thread *t = thread_next(0); t; t = thread_next(thread_number(t) + 1), n++)
        kprintf("%12s %12s %4u %4u %9s %10s %12s%s%s%s\n", kdb_thread_id(t), kdb_space_id(t->space),
                t->priority, t->cpu, runs(t) ? "running" : kdb_state(t), kdb_kipc(t),
                kdb_awaited_id(t), thread_is_halted(t) ? " halted" : "", t->vcpu ? " vcpu" : "",
                t->id ? "" : " being deleted");
    kprintf("%u threads\n", n);
}

/* ---- one of them ---- */

static void print_flags(unsigned flags)
{
    static const char *const names[] = {"halted",  "guest",    "spent",   "timeout",
                                        "changed", "segments", "virtual", "redirected"};

    for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
        if (flags & 1u << i)
            kprintf(" %s", names[i]);
}

static void print_life(const struct thread *t)
{
    kprintf("thread %s: number %lx, space %s, domain %u, processor %u%s%s\n", kdb_thread_id(t),
            thread_number(t), kdb_space_id(t->space), t->domain, t->cpu, runs(t) ? ", running" : "",
            t->id ? "" : ", being deleted");
    kprintf("  state %s, ipc %s, goes on with %s, flags", kdb_state(t), kdb_kipc(t),
            kdb_continuation(t));
    print_flags(t->flags);
    kprintf("\n  priority %u (sensitive %u), scheduler %s, %sin a ready queue\n", t->priority,
            t->sensitive_prio, kdb_id(t->scheduler), t->queued ? "" : "not ");
    if (t->slice == TIME_NEVER)
        kprintf("  no end of its quantum");
    else
        kprintf("  quantum %llu us, %llu left", kdb_us(t->slice), kdb_us(t->slice_left));
    kprintf("; processor time %llu us\n", kdb_us(t->cpu_time));
    if (t->vcpu)
        kprintf("  a vCPU in space %s\n", kdb_space_id(vcpu_space(t)));
}

static void print_senders(const struct thread *t)
{
    unsigned n = 0;

    kprintf("  with %s, pending %x, notified %lx, waiting to send to it:", kdb_awaited_id(t),
            t->pending, t->notify_bits);
    for (const struct list *l = t->senders.next; l != &t->senders && n < 32; l = l->next, n++)
        kprintf(" %s", kdb_thread_id(container_of(l, struct thread, link)));
    kprintf("%s\n", n == 0 ? " nobody" : n == 32 ? " ..." : "");
    if (t->kipc && t->cont != CONT_UNMAP && t->cont != CONT_ATTRIBUTES)
        kprintf("  fault or handler %lx, ip %lx\n", t->fault_addr, t->fault_ip);
    if (t->transfer.partner)
        kprintf("  %s a message %s %s: item %u, %lu bytes of it\n",
                t->transfer.sends ? "sends" : "receives", t->transfer.sends ? "to" : "from",
                kdb_thread_id(t->transfer.partner), t->transfer.item, t->transfer.done);
}

static void print_message(const struct utcb *u)
{
    word_t tag = u->mr[0];
    unsigned n = MIN(TAG_U(tag) + TAG_T(tag), MR_COUNT - 1u);

    kprintf("  MR0 %lx: label %lx, %u untyped, %u typed%s%s%s%s\n", tag, TAG_LABEL(tag), TAG_U(tag),
            TAG_T(tag), tag & TAG_ERROR ? ", error" : "", tag & TAG_XCPU ? ", cross-cpu" : "",
            tag & TAG_REDIRECTED ? ", redirected" : "", tag & TAG_PROPAGATED ? ", propagated" : "");
    for (unsigned i = 1; i <= n; i++)
        kprintf("%s%lx%s", i % 4 == 1 ? "    " : " ", u->mr[i], i % 4 == 0 || i == n ? "\n" : "");
}

static void print_utcb(const struct thread *t)
{
    const struct utcb *u = t->utcb;

    if (!u) {
        kprintf("  no UTCB\n");
        return;
    }
    kprintf("  UTCB of local id %lx: pager %s, exceptions to %s\n", t->utcb_addr, kdb_id(u->pager),
            kdb_id(u->exception_handler));
    kprintf("  error %lx, flags %lx, transfer timeouts %lx, acceptor %lx\n", u->error, u->flags,
            u->xfer_timeouts, utcb_br(u, 0));
    print_message(u);
}

void kdb_cmd_thread(const struct kdb_args *a)
{
    const struct thread *t = kdb_thread(a->word[0]);

    print_life(t);
    print_senders(t);
    if (!t->space)
        return;
    kprintf("  ip %lx, sp %lx, flags %lx, entered by %lx\n", frame_ip(&t->frame),
            frame_sp(&t->frame), frame_flags(&t->frame), t->frame.vector);
    arch_dump_registers(&t->frame);
    print_utcb(t);
}
