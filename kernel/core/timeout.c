/* SPDX-License-Identifier: BSD-2-Clause */
/* A pairing heap: insertion in a handful of instructions, removal amortized logarithmic. */
#include "core/timeout.h"

#include "core/cpu.h"

static struct timeout *at(kptr_t k)
{
    return kptr_deref(k);
}

static struct timeout *meld(struct timeout *a, struct timeout *b)
{
    if (!a || !b)
        return a ? a : b;
    if (b->when < a->when) {
        struct timeout *t = a;
        a = b;
        b = t;
    }
    b->prev = kptr(a);
    b->next = a->child;
    if (b->next)
        at(b->next)->prev = kptr(b);
    a->child = kptr(b);
    return a;
}

/* Meld a list of siblings: pairs from the left, then all of them from the right. */
static struct timeout *meld_siblings(struct timeout *first)
{
    struct timeout *pairs = NULL, *root = NULL;

    while (first) {
        struct timeout *a = first, *b = at(a->next);

        first = b ? at(b->next) : NULL;
        a->next = a->prev = 0;
        if (b)
            b->next = b->prev = 0;
        a = meld(a, b);
        a->next = kptr(pairs);
        pairs = a;
    }
    while (pairs) {
        struct timeout *t = pairs;

        pairs = at(t->next);
        t->next = 0;
        root = meld(root, t);
    }
    return root;
}

void timeout_cancel(struct cpu *cpu, struct timeout *t)
{
    struct timeout *rest, *prev;

    if (!t->armed)
        return;
    rest = meld_siblings(at(t->child));
    if (cpu->timeouts == t) {
        cpu->timeouts = rest;
    } else {
        prev = at(t->prev);
        if (prev->child == kptr(t))
            prev->child = t->next;
        else
            prev->next = t->next;
        if (t->next)
            at(t->next)->prev = t->prev;
        cpu->timeouts = meld(cpu->timeouts, rest);
    }
    if (cpu->timeouts)
        cpu->timeouts->next = cpu->timeouts->prev = 0;
    t->child = t->next = t->prev = 0;
    t->armed = false;
    /* The alarm may ring for nothing once; that is cheaper than to set it again. */
}

void timeout_set(struct cpu *cpu, struct timeout *t, u64 when)
{
    timeout_cancel(cpu, t);
    if (when == TIME_NEVER)
        return;
    t->when = when;
    t->armed = true;
    cpu->timeouts = meld(cpu->timeouts, t);
    if (when < cpu->alarm)
        cpu->todo |= TODO_ALARM;
}
