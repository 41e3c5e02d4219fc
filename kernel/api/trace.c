/* SPDX-License-Identifier: BSD-2-Clause */
/* TraceControl (extension). */
#include "core/trace.h"

#include "core/arch.h"
#include "core/utcb.h"
#include "error.h"

#define EVENT_WORDS (sizeof(struct l4_trace_event) / sizeof(word_t))

static word_t read(struct thread *cur, word_t cpu, word_t *from)
{
    struct l4_trace_event events[MR_COUNT / EVENT_WORDS];
    unsigned n;

    if (cpu >= cpu_count) {
        api_fail(cur, ERR_PARAM);
        return ~(word_t)0;
    }
    n = trace_read((unsigned)cpu, from, events, ARRAY_SIZE(events));
    memcpy(utcb_mr(cur->utcb), events, n * sizeof(events[0]));
    return n;
}

static word_t resize(struct thread *cur, word_t log2)
{
    if (log2 && (log2 < L4_TRACE_MIN_LOG2 || log2 > L4_TRACE_MAX_LOG2))
        return api_fail(cur, ERR_PARAM);
    api_stop_others(cur);
    return trace_resize((unsigned)log2) ? 1 : api_fail(cur, ERR_MEMORY);
}

static word_t start(struct thread *cur, word_t types)
{
    if (types & ~(word_t)L4_TRACE_ALL)
        return api_fail(cur, ERR_PARAM);
    api_stop_others(cur);
    trace_start((u32)types);
    return 1;
}

word_t api_trace_control(struct thread *cur, word_t operation, word_t argument, word_t *from)
{
    if (operation == L4_TRACE_WRITE) {
        trace(L4_TRACE_USER, cur, argument, *from);
        return tracing;
    }
    if (!api_privileged(cur)) {
        api_fail(cur, ERR_PRIVILEGE);
        return operation == L4_TRACE_READ ? ~(word_t)0 : 0;
    }
    switch (operation) {
    case L4_TRACE_SIZE:
        return resize(cur, argument);
    case L4_TRACE_START:
        return start(cur, argument);
    case L4_TRACE_STOP:
        return start(cur, 0);
    case L4_TRACE_READ:
        return read(cur, argument, from);
    default:
        return api_fail(cur, ERR_PARAM);
    }
}

/* Called by entry.S for each system call while the trace is on. */
void syscall_traced(struct thread *cur, u32 number);

void syscall_traced(struct thread *cur, u32 number)
{
    trace(L4_TRACE_CALL, cur, number, frame_ip(&cur->frame));
    arch_call_again(cur);
}
