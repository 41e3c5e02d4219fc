/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits for whom. */
#include "core/arch.h"
#include "core/ipc.h"
#include "kdb.h"

static bool has_partner(const struct thread *t)
{
    return t->state == THREAD_SENDING || t->state == THREAD_TRANSFER;
}

const struct thread *kdb_awaited(const struct thread *t)
{
    if (has_partner(t))
        return t->partner;
    return t->state == THREAD_RECEIVING ? thread_find(t->recv_from) : NULL;
}

const char *kdb_awaited_id(const struct thread *t)
{
    if (has_partner(t) && t->partner)
        return kdb_thread_id(t->partner);
    return t->state == THREAD_RECEIVING ? kdb_id(t->recv_from) : "-";
}

#define STEPS_MAX 10000 /* of a way that need not end */

/* To receive from oneself is to sleep. */
static bool sleeps(const struct thread *t)
{
    return t->state == THREAD_RECEIVING && kdb_awaited(t) == t;
}

/* Does the way from t, from each thread to whom that waits for, lead back to t? */
static bool in_circle(const struct thread *t)
{
    const struct thread *next = kdb_awaited(t);

    for (unsigned i = 0; next && next != t && i < STEPS_MAX; i++)
        next = kdb_awaited(next);
    return next == t;
}

static void print_time(const struct thread *t)
{
    u64 now = arch_tsc();

    if (!t->timeout.armed)
        kprintf(" for ever");
    else if (t->timeout.when <= now)
        kprintf(", its time is over");
    else
        kprintf(", for %llu us more", kdb_us(t->timeout.when - now));
}

static void print_wait(const struct thread *t)
{
    kprintf("%12s ", kdb_thread_id(t));
    if (sleeps(t))
        kprintf("sleeps");
    else
        kprintf("%s %s",
                t->state == THREAD_SENDING     ? "sends to"
                : t->state == THREAD_RECEIVING ? "waits for"
                                               : "is in a transfer with",
                kdb_awaited_id(t));
    if (t->kipc)
        kprintf(" (%s)", kdb_kipc(t));
    print_time(t);
    if (!sleeps(t) && in_circle(t))
        kprintf("  CIRCLE");
    kprintf("\n");
}

void kdb_cmd_ipc(const struct kdb_args *a)
{
    unsigned n = 0;

    for (struct thread *t = thread_next(0); t; t = thread_next(thread_number(t) + 1)) {
        if (t->state != THREAD_RECEIVING && !has_partner(t))
            continue;
        print_wait(t);
        n++;
    }
    kprintf("%u thread%s wait%s\n", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
}
