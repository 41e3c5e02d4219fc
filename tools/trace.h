/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's trace on the host: from the lines that the monitor writes (tracetext.c) to who ran
 * when (traceslices.c) to what viewers open (tracejson.c).  docs/tracing.md has the format.
 */
#ifndef TOOLS_TRACE_H
#define TOOLS_TRACE_H

#include <l4/almond.h>
#include <manifest/arena.h>
#include <stdbool.h>
#include <stdio.h>

#define TRACE_THREADS 4096
#define TRACE_CPUS    1024

struct trace_thread {
    uint32_t number;
    unsigned process; /* the same for all of one owner, from 0 on */
    const char *owner, *name;
};

/* Events without a gap of one processor's. */
struct trace_section {
    unsigned cpu;
    size_t first, count;
};

struct trace {
    struct arena arena;
    uint64_t khz;
    unsigned cpus;
    uint32_t interrupts; /* threads below this number are interrupts; but 0 is the idle one, too */
    unsigned dumps;      /* how often the monitor wrote events out */
    bool cut_off;        /* some of their ends are missing, or lines before them */
    uint64_t lost;       /* events that the kernel overwrote before they were written out */
    struct trace_thread *threads; /* sorted by their numbers */
    size_t thread_count;
    struct l4_trace_event *events;
    size_t event_count;
    struct trace_section *sections;
    size_t section_count;
};

struct trace_fault {
    unsigned line;
    const char *cause, *remedy;
};

/* Read all traces of one run of a machine out of a console's log.  trace->dumps is 0 if there is
 * none.  False: see *fault.  trace_free() in any case. */
bool trace_parse(struct trace *trace, const char *text, size_t size, struct trace_fault *fault);
static inline void trace_free(struct trace *trace)
{
    arena_free(&trace->arena);
}

/* By number, and find out who belongs together. */
void trace_sort_threads(struct trace *trace);

/* NULL: nobody has named it. */
const struct trace_thread *trace_find(const struct trace *trace, uint32_t number);

/* A thread ran; or, within that, a vCPU's guest did, if nothing else was to do in the kernel. */
struct trace_slice {
    uint64_t start, end;
    uint32_t thread;
    unsigned cpu;
    bool guest;
};

struct trace_slices {
    struct trace_slice *slices; /* sorted: not guest, guest; then by thread and start */
    size_t count, runs;         /* runs: how many are not guest */
};

/* Into the trace's arena. */
void trace_slices(struct trace *trace, struct trace_slices *slices);

/* The first of a thread's runs that ends behind tsc; NULL: there is none.  *before is the last one
 * that does not. */
const struct trace_slice *trace_run_at(const struct trace_slices *slices, uint32_t thread,
                                       uint64_t tsc, const struct trace_slice **before);

/* Chrome's trace event format. */
void trace_write_json(struct trace *trace, FILE *out);

/* The file, or standard input, "-", as JSON; `name` is what messages call it.  CODE_OK, or what to
 * exit with. */
int trace_convert(const char *path, const char *name, const char *output,
                  const char *remedy_if_none);

#endif
