/* SPDX-License-Identifier: BSD-2-Clause */
/* A pairing heap: insertion in a handful of instructions, removal amortized logarithmic. */
#include "core/timeout.h"

#include "core/arch.h"
#include "core/cpu.h"

static struct timeout *meld(struct timeout *a, struct timeout *b)
{
    if (!a || !b)
        return a ? a : b;
    if (b->when < a->when) {
        struct timeout *t = a;
        a = b;
        b = t;
    }
    b->prev = a;
    b->next = a->child;
    if (b->next)
        b->next->prev = b;
    a->child = b;
    return a;
}

/* Meld a list of siblings: pairs from the left, then all of them from the right. */
static struct timeout *meld_siblings(struct timeout *first)
{
    struct timeout *pairs = NULL, *root = NULL;

    while (first) {
        struct timeout *a = first, *b = a->next;

        first = b ? b->next : NULL;
        a->next = a->prev = NULL;
        if (b)
            b->next = b->prev = NULL;
        a = meld(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs) {
        struct timeout *t = pairs;

        pairs = t->next;
        t->next = NULL;
        root = meld(root, t);
    }
    return root;
}

static void heap_remove(struct cpu *cpu, struct timeout *t)
{
    struct timeout *rest = meld_siblings(t->child);

    if (cpu->timeouts == t) {
        cpu->timeouts = rest;
    } else {
        if (t->prev->child == t)
            t->prev->child = t->next;
        else
            t->prev->next = t->next;
        if (t->next)
            t->next->prev = t->prev;
        cpu->timeouts = meld(cpu->timeouts, rest);
    }
    if (cpu->timeouts)
        cpu->timeouts->next = cpu->timeouts->prev = NULL;
    t->child = t->next = t->prev = NULL;
    t->armed = false;
}

void timeout_set(struct timeout *t, u64 when)
{
    struct cpu *cpu = this_cpu();
    bool was_first = t->armed && cpu->timeouts == t;

    if (t->armed)
        heap_remove(cpu, t);
    if (when != TIME_NEVER) {
        t->when = when;
        t->armed = true;
        cpu->timeouts = meld(cpu->timeouts, t);
    }
    if (was_first || cpu->timeouts == t)
        arch_timer_set(timeout_next());
}

void timeout_cancel(struct timeout *t)
{
    /* The timer may fire for nothing once; that is cheaper than to set it again. */
    if (t->armed)
        heap_remove(this_cpu(), t);
}

void timeout_run(u64 now)
{
    struct cpu *cpu = this_cpu();

    while (cpu->timeouts && cpu->timeouts->when <= now) {
        struct timeout *t = cpu->timeouts;

        heap_remove(cpu, t);
        t->expired(t);
    }
    arch_timer_set(timeout_next());
}

u64 timeout_next(void)
{
    return this_cpu()->timeouts ? this_cpu()->timeouts->when : TIME_NEVER;
}
