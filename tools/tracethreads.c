/* SPDX-License-Identifier: BSD-2-Clause */
/* The threads that a trace names. */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b)
{
    const struct trace_thread *x = a, *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

void trace_sort_threads(struct trace *t)
{
    unsigned processes = 0;

    qsort(t->threads, t->thread_count, sizeof t->threads[0], by_number);
    for (size_t i = 0; i < t->thread_count; i++) {
        size_t same = 0;

        while (strcmp(t->threads[same].owner, t->threads[i].owner) != 0)
            same++;
        t->threads[i].process = same < i ? t->threads[same].process : processes++;
    }
}

const struct trace_thread *trace_find(const struct trace *trace, uint32_t n)
{
    struct trace_thread key = {.number = n};

    return bsearch(&key, trace->threads, trace->thread_count, sizeof key, by_number);
}
