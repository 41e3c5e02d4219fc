/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chrome's trace event format, which Perfetto opens: an array of events, each with a type "ph":
 * M names, X slices, i instants, s and f the ends of arrows.  Times are in microseconds.
 */
#include "trace.h"

#include <inttypes.h>
#include <string.h>

#include "traceevent.h"

#define CPUS  1 /* "process" numbers; tracks begin with 1, too: viewers take 0 for something else */
#define OTHER 2 /* threads without a name */
#define FIRST 3 /* owners */

#define LABEL 128

struct writer {
    struct trace *trace;
    FILE *out;
    uint64_t start; /* of the trace: TSC */
    struct trace_slices slices;
    uint64_t written, arrows;
    bool others; /* some threads have no name */
};

static void put_string(FILE *out, const char *s)
{
    putc('"', out);
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            fprintf(out, "\\u%04x", c);
        else
            putc(c, out);
    }
    putc('"', out);
}

static uint64_t nanoseconds(const struct writer *w, uint64_t tsc)
{
    return (uint64_t)((unsigned __int128)(tsc - w->start) * 1000000 / w->trace->khz);
}

static void put_time(struct writer *w, const char *key, uint64_t ns)
{
    fprintf(w->out, ",\"%s\":%" PRIu64 ".%03" PRIu64, key, ns / 1000, ns % 1000);
}

static unsigned process_of(struct writer *w, uint32_t thread)
{
    const struct trace_thread *t = trace_find(w->trace, thread);

    w->others |= t == NULL;
    return t != NULL ? FIRST + t->process : OTHER;
}

static void name_thread(const struct writer *w, uint32_t number, char *text, size_t size)
{
    const struct trace_thread *t = trace_find(w->trace, number);

    if (number < w->trace->interrupts)
        snprintf(text, size, "interrupt %" PRIu32, number);
    else if (t == NULL)
        snprintf(text, size, "thread %" PRIu32, number);
    else if (strcmp(t->owner, t->name) == 0)
        snprintf(text, size, "%s", t->name);
    else
        snprintf(text, size, "%s %s", t->owner, t->name);
}

/* An object's beginning: type, name, track. */
static void put_begin(struct writer *w, const char *kind, const char *name, unsigned process,
                      uint64_t track)
{
    fprintf(w->out, "%s\n{\"ph\":\"%s\",\"pid\":%u,\"tid\":%" PRIu64 ",\"name\":",
            w->written++ > 0 ? "," : "", kind, process, track);
    put_string(w->out, name);
}

static void put_name(struct writer *w, const char *what, unsigned process, uint64_t track,
                     const char *name)
{
    put_begin(w, "M", what, process, track);
    fputs(",\"args\":{\"name\":", w->out);
    put_string(w->out, name);
    fputs("}}", w->out);
}

static void put_names(struct writer *w)
{
    const struct trace *t = w->trace;
    char name[32];

    put_name(w, "process_name", CPUS, 1, "processors");
    put_begin(w, "M", "process_sort_index", CPUS, 1);
    fputs(",\"args\":{\"sort_index\":-1}}", w->out);
    for (unsigned cpu = 0; cpu < t->cpus; cpu++) {
        snprintf(name, sizeof name, "CPU %u", cpu);
        put_name(w, "thread_name", CPUS, cpu + 1, name);
    }
    for (size_t i = 0; i < t->thread_count; i++) {
        const struct trace_thread *thread = &t->threads[i];

        if (thread->number == 0) /* idle */
            continue;
        put_name(w, "process_name", FIRST + thread->process, thread->number, thread->owner);
        put_name(w, "thread_name", FIRST + thread->process, thread->number, thread->name);
    }
}

static void put_slice(struct writer *w, const struct trace_slice *s)
{
    uint64_t start = nanoseconds(w, s->start), end = nanoseconds(w, s->end);
    char name[LABEL];

    if (!s->guest) {
        name_thread(w, s->thread, name, sizeof name);
        put_begin(w, "X", name, CPUS, s->cpu + 1);
        put_time(w, "ts", start);
        put_time(w, "dur", end - start);
        putc('}', w->out);
    }
    put_begin(w, "X", s->guest ? "guest" : "runs", process_of(w, s->thread), s->thread);
    put_time(w, "ts", start);
    put_time(w, "dur", end - start);
    fprintf(w->out, ",\"args\":{\"cpu\":%u}}", s->cpu);
}

static void put_arrow_end(struct writer *w, const char *kind, uint32_t thread, uint64_t tsc)
{
    put_begin(w, kind, "ipc", process_of(w, thread), thread);
    put_time(w, "ts", nanoseconds(w, tsc));
    fprintf(w->out, ",\"cat\":\"ipc\",\"id\":%" PRIu64 "%s}", w->arrows,
            *kind == 'f' ? ",\"bp\":\"e\"" : "");
}

/* From where the sender ran last to where the receiver runs next: arrows end in slices. */
static void put_arrow(struct writer *w, const struct l4_trace_event *e)
{
    uint32_t to = (uint32_t)e->arg[0];
    const struct trace_slice *before;
    const struct trace_slice *f = trace_run_at(&w->slices, to, e->tsc, &before);
    const struct trace_slice *s = trace_run_at(&w->slices, e->thread, e->tsc, &before);
    uint64_t from = e->tsc, inside = w->trace->khz / 1000000 + 1; /* a nanosecond */

    if (s == NULL || s->start > e->tsc) {
        if (before == NULL)
            return;
        from = before->end - before->start > inside ? before->end - inside : before->start;
    }
    if (f == NULL)
        return;
    w->arrows++;
    put_arrow_end(w, "s", e->thread, from);
    put_arrow_end(w, "f", to, f->start > e->tsc ? f->start : e->tsc);
}

static void put_instant(struct writer *w, const struct l4_trace_event *e)
{
    uint32_t thread = e->thread;
    char name[LABEL], other[LABEL];

    name_thread(w, (uint32_t)e->arg[0], other, sizeof other);
    if (e->type == L4_TRACE_IPC && thread < w->trace->interrupts)
        thread = (uint32_t)e->arg[0]; /* interrupts have no tracks */
    event_name(e, thread == e->thread ? other : "interrupt", name, sizeof name);
    if (e->type == L4_TRACE_INTERRUPT)
        put_begin(w, "i", name, CPUS, e->cpu + 1u);
    else
        put_begin(w, "i", name, process_of(w, thread), thread);
    put_time(w, "ts", nanoseconds(w, e->tsc));
    fputs(",\"s\":\"t\",\"args\":{", w->out);
    event_arguments(e, w->out);
    fputs("}}", w->out);
}

void trace_write_json(struct trace *trace, FILE *out)
{
    struct writer w = {.trace = trace, .out = out, .start = UINT64_MAX};

    for (size_t i = 0; i < trace->event_count; i++)
        w.start = trace->events[i].tsc < w.start ? trace->events[i].tsc : w.start;
    trace_slices(trace, &w.slices);
    fprintf(out,
            "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"lost\":\"%" PRIu64 "\"},"
            "\"traceEvents\":[",
            trace->lost);
    put_names(&w);
    for (size_t i = 0; i < w.slices.count; i++)
        put_slice(&w, &w.slices.slices[i]);
    for (size_t i = 0; i < trace->event_count; i++) {
        if (trace->events[i].type != L4_TRACE_SWITCH)
            put_instant(&w, &trace->events[i]);
        if (trace->events[i].type == L4_TRACE_IPC)
            put_arrow(&w, &trace->events[i]);
    }
    if (w.others)
        put_name(&w, "process_name", OTHER, 1, "threads without a name");
    fputs("\n]}\n", out);
}
