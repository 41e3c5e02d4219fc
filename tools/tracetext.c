/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's lines, somewhere in a log. */
#include "trace.h"

#include <marzipan/trace.h>
#include <string.h>

#include "tracewords.h"

struct reader {
    struct trace *trace;
    struct words words;
    bool in_dump, in_section;
    bool wrong_version;
    size_t dump_first; /* its first event */
    uint64_t tsc;      /* of the latest event */
    uint64_t highest;  /* of all, of earlier dumps */
    uint64_t earlier;
};

static bool read_version(struct reader *r)
{
    struct trace *t = r->trace;
    uint64_t version, cpus, interrupts;

    if (!words_number(&r->words, 1, 10, UINT32_MAX, &version))
        return false;
    if (version != MZ_TRACE_VERSION) {
        r->wrong_version = true;
        return words_fail(&r->words, "the trace is of another version");
    }
    if (!words_keyword(&r->words, 2, "khz") ||
        !words_number(&r->words, 3, 10, UINT32_MAX, &t->khz) ||
        !words_keyword(&r->words, 4, "cpus") ||
        !words_number(&r->words, 5, 10, TRACE_CPUS, &cpus) ||
        !words_keyword(&r->words, 6, "interrupts") ||
        !words_number(&r->words, 7, 10, UINT32_MAX, &interrupts))
        return false;
    if (t->khz == 0 || cpus == 0)
        return words_fail(&r->words, "a number must not be 0");
    t->cut_off |= r->in_dump;
    t->cpus = (unsigned)cpus;
    t->interrupts = (uint32_t)interrupts;
    t->dumps++;
    r->in_dump = true;
    r->in_section = false;
    r->dump_first = t->event_count;
    r->earlier = r->highest;
    return true;
}

static bool read_thread(struct reader *r)
{
    struct trace *t = r->trace;
    struct trace_thread *thread = t->threads;
    uint64_t n;

    if (!words_number(&r->words, 1, 10, UINT32_MAX, &n))
        return false;
    if (r->words.count != 4)
        return words_fail(&r->words, "a name is missing");
    while (thread < t->threads + t->thread_count && thread->number != n)
        thread++;
    if (thread == t->threads + TRACE_THREADS)
        return words_fail(&r->words, "there are too many threads");
    if (thread == t->threads + t->thread_count)
        t->thread_count++;
    thread->number = (uint32_t)n;
    thread->owner = arena_copy(&t->arena, r->words.word[2], strlen(r->words.word[2]));
    thread->name = arena_copy(&t->arena, r->words.word[3], strlen(r->words.word[3]));
    return true;
}

/* What came before this dump is of another run of the machine. */
static void forget_earlier(struct reader *r)
{
    struct trace *t = r->trace;

    t->event_count -= r->dump_first;
    memmove(t->events, t->events + r->dump_first, t->event_count * sizeof t->events[0]);
    t->section_count = 0;
    t->lost = 0;
    t->dumps = 1;
    t->cut_off = false;
    r->dump_first = 0;
    r->earlier = r->highest = 0;
}

static bool read_cpu(struct reader *r)
{
    struct trace *t = r->trace;
    uint64_t cpu, tsc, lost;

    if (!words_number(&r->words, 1, 10, t->cpus - 1, &cpu) ||
        !words_number(&r->words, 2, 16, UINT64_MAX, &tsc) || !words_keyword(&r->words, 3, "lost") ||
        !words_number(&r->words, 4, 10, UINT64_MAX, &lost))
        return false;
    if (tsc < r->earlier)
        forget_earlier(r);
    r->tsc = tsc;
    r->in_section = true;
    t->lost += lost;
    t->sections[t->section_count++] =
        (struct trace_section){.cpu = (unsigned)cpu, .first = t->event_count};
    return true;
}

static bool read_event(struct reader *r)
{
    struct trace *t = r->trace;
    struct l4_trace_event *e = &t->events[t->event_count];
    uint64_t type, thread, delta;

    if (!r->in_section)
        return words_fail(&r->words, "the line that names the processor is missing before it");
    if (r->words.count > 5)
        return words_fail(&r->words, "an event has more than five numbers");
    if (!words_number(&r->words, 0, 16, 15, &type) ||
        !words_number(&r->words, 1, 16, UINT64_MAX - r->tsc, &delta) ||
        !words_number(&r->words, 2, 16, UINT32_MAX, &thread) ||
        !words_number(&r->words, 3, 16, UINT64_MAX, &e->arg[0]) ||
        !words_number(&r->words, 4, 16, UINT64_MAX, &e->arg[1]))
        return false;
    e->tsc = r->tsc += delta;
    e->type = (uint16_t)type;
    e->thread = (uint32_t)thread;
    e->cpu = (uint16_t)t->sections[t->section_count - 1].cpu;
    r->highest = r->tsc > r->highest ? r->tsc : r->highest;
    t->sections[t->section_count - 1].count++;
    t->event_count++;
    return true;
}

static bool read_end(struct reader *r)
{
    uint64_t count;

    if (!words_number(&r->words, 1, 10, UINT64_MAX, &count))
        return false;
    r->trace->cut_off |= count != r->trace->event_count - r->dump_first;
    r->in_dump = r->in_section = false;
    return true;
}

static bool read_line(struct reader *r, const char *line, size_t size)
{
    if (!words_split(&r->words, line, size))
        return false;
    if (strcmp(r->words.word[0], "version") == 0)
        return read_version(r);
    if (!r->in_dump)
        return r->trace->dumps == 0 || words_fail(&r->words, "it stands behind the trace's end");
    if (strcmp(r->words.word[0], "thread") == 0)
        return read_thread(r);
    if (strcmp(r->words.word[0], "cpu") == 0)
        return read_cpu(r);
    if (strcmp(r->words.word[0], "end") == 0)
        return read_end(r);
    return read_event(r);
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 1;

    for (const char *end = text + size; (text = memchr(text, '\n', (size_t)(end - text))) != NULL;
         text++)
        lines++;
    return lines;
}

bool trace_parse(struct trace *trace, const char *text, size_t size, struct trace_fault *fault)
{
    static const size_t mark = sizeof MZ_TRACE_MARK - 1;
    size_t lines = count_lines(text, size), left = size, len;
    struct reader reader = {.trace = trace};

    *trace = (struct trace){.dumps = 0};
    trace->threads = arena_alloc(&trace->arena, (TRACE_THREADS + 1) * sizeof trace->threads[0]);
    trace->events = arena_alloc(&trace->arena, lines * sizeof trace->events[0]);
    trace->sections = arena_alloc(&trace->arena, lines * sizeof trace->sections[0]);
    for (fault->line = 1; left > 0; text += len, left -= len, fault->line++) {
        const char *newline = memchr(text, '\n', left);

        len = newline != NULL ? (size_t)(newline - text) + 1 : left;
        if (len < mark || memcmp(text, MZ_TRACE_MARK, mark) != 0 || newline == NULL)
            continue; /* the log's last line, without an end, may be cut off anywhere */
        if (!read_line(&reader, text + mark, len - mark - 1)) {
            fault->cause = reader.words.fault;
            fault->remedy = reader.wrong_version
                                ? "take the marzipan that belongs to the machine's monitor"
                                : "take the lines out of the log as they are, or trace again";
            return false;
        }
    }
    trace->cut_off |= reader.in_dump;
    trace_sort_threads(trace);
    return true;
}
