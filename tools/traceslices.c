/* SPDX-License-Identifier: BSD-2-Clause */
/* Who ran when, from the switches. */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

#include "tracenames.h"

#define NOBODY UINT32_MAX

struct builder {
    struct trace *trace;
    struct trace_slices *out;
    unsigned cpu;
    uint32_t thread; /* that runs on it; NOBODY: not known yet */
    uint64_t since;
    /* Of each thread with a name: when its guest's run began, ~0: it does not. */
    uint64_t *guest_since;
};

static uint64_t *guest_of(struct builder *b, uint32_t thread)
{
    const struct trace_thread *t = trace_find(b->trace, thread);

    return t != NULL ? &b->guest_since[t - b->trace->threads] : NULL;
}

static void add(struct builder *b, uint64_t start, uint64_t end, bool guest)
{
    if (start < end && b->thread != 0 && b->thread != NOBODY)
        b->out->slices[b->out->count++] =
            (struct trace_slice){start, end, b->thread, b->cpu, guest};
}

/* The guest leaves the processor, with its thread or before it. */
static void add_guest(struct builder *b, uint64_t end)
{
    const uint64_t *since = guest_of(b, b->thread);

    if (since != NULL && *since != UINT64_MAX)
        add(b, *since > b->since ? *since : b->since, end, true);
}

static void switch_to(struct builder *b, const struct l4_trace_event *e)
{
    if (b->thread == NOBODY)
        b->thread = (uint32_t)e->arg[0];
    add_guest(b, e->tsc);
    add(b, b->since, e->tsc, false);
    b->thread = e->thread;
    b->since = e->tsc;
}

static void take(struct builder *b, const struct l4_trace_event *e)
{
    uint64_t *guest;

    if (e->type == L4_TRACE_SWITCH) {
        switch_to(b, e);
    } else if (e->type == L4_TRACE_CALL && e->arg[0] == TRACE_CALL_VCPU_RUN) {
        guest = guest_of(b, e->thread);
        if (guest != NULL)
            *guest = e->tsc;
    } else if (e->type == L4_TRACE_VCPU_EXIT) {
        if (e->thread == b->thread)
            add_guest(b, e->tsc);
        guest = guest_of(b, e->thread);
        if (guest != NULL)
            *guest = UINT64_MAX;
    }
}

static void take_section(struct builder *b, const struct trace_section *s)
{
    const struct l4_trace_event *events = b->trace->events + s->first;

    if (s->count == 0)
        return;
    memset(b->guest_since, 0xff, b->trace->thread_count * sizeof b->guest_since[0]);
    b->cpu = s->cpu;
    b->thread = NOBODY;
    b->since = events[0].tsc;
    for (size_t i = 0; i < s->count; i++)
        take(b, &events[i]);
    add_guest(b, events[s->count - 1].tsc);
    add(b, b->since, events[s->count - 1].tsc, false);
}

static int compare(const void *a, const void *b)
{
    const struct trace_slice *x = a, *y = b;

    if (x->guest != y->guest)
        return x->guest ? 1 : -1;
    if (x->thread != y->thread)
        return x->thread < y->thread ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

void trace_slices(struct trace *trace, struct trace_slices *out)
{
    size_t most = 2 * (trace->event_count + trace->section_count) + 1;
    struct builder b = {.trace = trace, .out = out};

    *out = (struct trace_slices){arena_alloc(&trace->arena, most * sizeof out->slices[0]), 0, 0};
    b.guest_since = arena_alloc(&trace->arena, (trace->thread_count + 1) * sizeof b.guest_since[0]);
    for (size_t i = 0; i < trace->section_count; i++)
        take_section(&b, &trace->sections[i]);
    qsort(out->slices, out->count, sizeof out->slices[0], compare);
    while (out->runs < out->count && !out->slices[out->runs].guest)
        out->runs++;
}

const struct trace_slice *trace_run_at(const struct trace_slices *slices, uint32_t thread,
                                       uint64_t tsc, const struct trace_slice **before)
{
    const struct trace_slice *s = slices->slices;
    size_t low = 0, high = slices->runs;

    while (low < high) { /* all below low end before it, or are of threads before */
        size_t middle = low + (high - low) / 2;

        if (s[middle].thread < thread || (s[middle].thread == thread && s[middle].end <= tsc))
            low = middle + 1;
        else
            high = middle;
    }
    *before = low > 0 && s[low - 1].thread == thread ? &s[low - 1] : NULL;
    return low < slices->runs && s[low].thread == thread ? &s[low] : NULL;
}
