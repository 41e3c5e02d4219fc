/* SPDX-License-Identifier: BSD-2-Clause */
/* Rings of events. */
#include "core/trace.h"

#include "core/arch.h"
#include "core/atomic.h"
#include "core/kmem.h"

struct ring {
    struct l4_trace_event *events;
    volatile word_t head; /* the next one's number; its place is head modulo the size */
    word_t last;          /* the id that ran when the last switch was written */
};

static struct ring rings[CPU_MAX];
static unsigned ring_log2; /* 0: there are none */
static u32 wanted;         /* a set of enum l4_trace_type */

bool tracing;

static word_t ring_mask(void)
{
    return ((word_t)1 << ring_log2) - 1;
}

void trace_write(enum l4_trace_type type, word_t id, u64 a, u64 b)
{
    const struct cpu *cpu = this_cpu();
    struct ring *r = &rings[cpu->number];
    struct l4_trace_event *e = &r->events[r->head & ring_mask()];

    if (!(wanted & 1u << type))
        return;
    e->tsc = arch_tsc();
    e->thread = (u32)id_number(id);
    e->type = (u16)type;
    e->cpu = (u16)cpu->number;
    e->arg[0] = a;
    e->arg[1] = b;
    __atomic_store_n(&r->head, r->head + 1, __ATOMIC_RELEASE);
}

void trace_switch(struct cpu *cpu, const struct thread *next)
{
    struct ring *r = &rings[cpu->number];

    if (likely(!tracing))
        return;
    if (next == cpu->idle && cpu->loaded)
        arch_local_unload(cpu->loaded); /* so that the end of its rest is a switch, too */
    if (r->last != next->id)
        trace_write(L4_TRACE_SWITCH, next->id, id_number(r->last), 0);
    r->last = next->id;
}

/* ---- control ---- */

static unsigned ring_order(unsigned log2)
{
    unsigned bits = log2 + (unsigned)__builtin_ctzl(sizeof(struct l4_trace_event));

    return bits <= PAGE_SHIFT ? 0 : bits - PAGE_SHIFT;
}

static void free_rings(unsigned order)
{
    for (unsigned n = 0; n < cpu_count; n++) {
        if (rings[n].events)
            kmem_pages_free(&accounts[0], rings[n].events, order);
        rings[n] = (struct ring){0};
    }
}

bool trace_resize(unsigned log2)
{
    trace_stop();
    free_rings(ring_order(ring_log2));
    ring_log2 = 0;
    if (log2 == 0)
        return true;
    for (unsigned n = 0; n < cpu_count; n++) {
        rings[n].events = kmem_pages(&accounts[0], ring_order(log2));
        if (!rings[n].events) {
            free_rings(ring_order(log2));
            return false;
        }
    }
    ring_log2 = log2;
    return true;
}

/* On each processor. */
static void begin(void *arg)
{
    struct cpu *cpu = this_cpu();

    (void)arg;
    cpu->work = tracing ? cpu->work | WORK_TRACE : cpu->work & ~(u32)WORK_TRACE;
    cpu_set_gate(cpu);
    rings[cpu->number].last = ~(word_t)0;
    trace_switch(cpu, cpu->current);
}

void trace_start(u32 types)
{
    wanted = ring_log2 ? types : 0;
    tracing = wanted != 0;
    arch_trace_calls(tracing);
    for (unsigned n = 0; n < cpu_count; n++)
        cpu_run_on(n, begin, NULL);
}

void trace_stop(void)
{
    trace_start(0);
}

/* ---- reading ---- */

unsigned trace_read(unsigned cpu, word_t *from, struct l4_trace_event *to, unsigned max)
{
    const struct ring *r = &rings[cpu];
    word_t size = ring_mask() + 1, head, first, n;

    if (!ring_log2)
        return 0;
    head = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE);
    first = head - *from > size ? head - MIN(head, size) : *from; /* that, or it is still to come */
    n = MIN(head - first, max);
    for (word_t i = 0; i < n; i++)
        to[i] = r->events[(first + i) & ring_mask()];
    /* What was written over while it was copied, and what may be right now, is no event. */
    atomic_fence();
    head = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE);
    if (head - first >= size) {
        word_t lost = MIN(head - first - size + 1, n);

        n -= lost;
        first += lost;
        memmove(to, to + lost, n * sizeof(*to));
    }
    *from = first;
    return (unsigned)n;
}
