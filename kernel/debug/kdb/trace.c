/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace: on, off, and what is in it. */
#include "core/trace.h"

#include "core/cpu.h"
#include "kdb.h"

#define LOG2    12
#define DEFAULT 32

static const char *const types[] = {
    [L4_TRACE_USER] = "user",           [L4_TRACE_SWITCH] = "switch, before:",
    [L4_TRACE_CALL] = "call",           [L4_TRACE_IPC] = "ipc to, tag",
    [L4_TRACE_PAGE_FAULT] = "fault at", [L4_TRACE_EXCEPTION] = "exception",
    [L4_TRACE_INTERRUPT] = "interrupt", [L4_TRACE_VCPU_EXIT] = "vCPU exit",
    [L4_TRACE_OWN] = "owns processor",
};

static void print(const struct l4_trace_event *e, u64 now)
{
    const char *type = e->type < ARRAY_SIZE(types) ? types[e->type] : "?";

    kprintf("  %8llu us ago  %6x %s %llx %llx\n", kdb_us(now - e->tsc), e->thread, type,
            (unsigned long long)e->arg[0], (unsigned long long)e->arg[1]);
}

/* The number behind a processor's last event. */
static word_t end_of(unsigned cpu)
{
    struct l4_trace_event e[16];
    word_t at = 0;
    unsigned n;

    while ((n = trace_read(cpu, &at, e, ARRAY_SIZE(e))) > 0)
        at += n;
    return at;
}

static void print_last(unsigned cpu, word_t count)
{
    word_t end = end_of(cpu), at = end > count ? end - count : 0;
    struct l4_trace_event e;
    u64 now = arch_tsc();

    kprintf("processor %u: %lu events so far\n", cpu, end);
    for (; trace_read(cpu, &at, &e, 1) > 0; at++)
        print(&e, now);
}

static bool same(const char *a, const char *b)
{
    for (; *a && *a == *b; a++)
        b++;
    return *a == *b;
}

static void turn(bool on)
{
    if (kdb_dead)
        KDB_FAIL("kdb: the kernel has panicked: its trace is as it was, and can only be read");
    if (on && !trace_resize(LOG2))
        KDB_FAIL("kdb: no memory for a trace: memory shows who has it");
    trace_start(on ? L4_TRACE_ALL : 0);
    kprintf("the trace is %s\n", on ? "empty, and on" : "off, and kept");
}

void kdb_cmd_trace(const struct kdb_args *a)
{
    const char *word = a->count ? a->word[0] : "";
    word_t count;

    if (same(word, "on") || same(word, "off")) {
        turn(word[1] == 'n');
        return;
    }
    count = a->count ? kdb_number(word) : DEFAULT;
    if (!tracing && end_of(0) == 0)
        KDB_FAIL("kdb: nothing has been traced: `trace on` and `go` begin that");
    for (unsigned n = 0; n < cpu_count; n++)
        print_last(n, count);
}
