/* SPDX-License-Identifier: BSD-2-Clause */
/* What each processor is going to do: ready queues, timeouts. */
#include "core/arch.h"
#include "core/cpu.h"
#include "kdb.h"
#include "virt/vcpu.h"

#define SHOWN_MAX 1000 /* threads of a queue, which may be a broken one */

static void print_queue(const struct list *q, unsigned priority)
{
    unsigned n = 0;

    kprintf("  priority %u:", priority);
    for (const struct list *l = q->next; l != q && n < SHOWN_MAX; l = l->next, n++)
        kprintf(" %s", kdb_thread_id(container_of(l, struct thread, link)));
    kprintf("%s\n", n == SHOWN_MAX ? " ..." : "");
}

static void print_timeout(const struct timeout *t, u64 now, const struct thread *of,
                          const char *what)
{
    if (t->when <= now)
        kprintf("  over since %llu us: %s of %s\n", kdb_us(now - t->when), what, kdb_thread_id(of));
    else
        kprintf("  in %llu us: %s of %s\n", kdb_us(t->when - now), what, kdb_thread_id(of));
}

static void print_timeouts(unsigned n)
{
    u64 now = arch_tsc();

    for (struct thread *t = thread_next(0); t; t = thread_next(thread_number(t) + 1)) {
        if (t->cpu != n)
            continue;
        if (t->timeout.armed)
            print_timeout(&t->timeout, now, t, "the timeout");
        if (t->vcpu && t->vcpu->timeout.armed)
            print_timeout(&t->vcpu->timeout, now, t, "the vCPU's deadline");
    }
}

static const char *who(const struct cpu *cpu, const struct thread *t)
{
    return t == cpu->idle ? "nobody" : kdb_thread_id(t);
}

void kdb_cmd_queues(const struct kdb_args *a)
{
    for (unsigned n = 0; n < cpu_count; n++) {
        const struct cpu *cpu = cpus[n];

        kprintf("processor %u: %s runs, ", n, who(cpu, cpu->current));
        kprintf("on the quantum of %s\n", who(cpu, cpu->slice_owner));
        for (unsigned i = ARRAY_SIZE(cpu->ready.queue); i-- > 0;)
            if (!list_empty(&cpu->ready.queue[i]))
                print_queue(&cpu->ready.queue[i], i);
        print_timeouts(n);
    }
}
