/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of threads that are ready, one for each priority. */
#include "ready.h"

#include "core/cpu.h"

void ready_add(struct thread *t, bool at_head)
{
    struct cpu *cpu = cpu_of(t);
    struct sched_queue *q = &cpu->ready;

    if (t->queued)
        return;
    t->queued = true;
    if (at_head)
        list_prepend(&q->queue[t->priority], &t->link);
    else
        list_append(&q->queue[t->priority], &t->link);
    q->bitmap[t->priority / WORD_BITS] |= 1UL << t->priority % WORD_BITS;
    if (t->priority > cpu->highest) {
        cpu->highest = t->priority;
        cpu_set_gate(cpu);
    }
}

static u32 find_highest(const struct sched_queue *q)
{
    for (unsigned i = ARRAY_SIZE(q->bitmap); i-- > 0;)
        if (q->bitmap[i])
            return (i + 1) * WORD_BITS - 1 - (unsigned)__builtin_clzl(q->bitmap[i]);
    return 0;
}

void ready_remove(struct thread *t)
{
    struct cpu *cpu = cpu_of(t);
    struct sched_queue *q = &cpu->ready;

    if (!t->queued)
        return;
    t->queued = false;
    list_remove(&t->link);
    if (!list_empty(&q->queue[t->priority]))
        return;
    q->bitmap[t->priority / WORD_BITS] &= ~(1UL << t->priority % WORD_BITS);
    if (cpu->highest == t->priority) {
        cpu->highest = find_highest(q);
        cpu_set_gate(cpu);
    }
}

int ready_highest(const struct cpu *cpu)
{
    return cpu->highest || !list_empty(&cpu->ready.queue[0]) ? (int)cpu->highest : -1;
}
