/* SPDX-License-Identifier: BSD-2-Clause */
#include "traceevent.h"

#include <inttypes.h>

#include "tracenames.h"

/* A known name, or the kind and the number. */
static void name_or_number(const char *name, const char *kind, uint64_t number, char *text,
                           size_t size)
{
    if (name != NULL)
        snprintf(text, size, "%s", name);
    else
        snprintf(text, size, "%s %" PRIu64, kind, number);
}

/* Letters up to a NUL, as L4_TraceName() makes them. */
static void name_user(uint64_t word, char *text, size_t size)
{
    char letters[sizeof word + 1] = "";
    size_t n = 0;

    for (; n < sizeof word && (word >> 8 * n & 0xff) >= 0x20 && (word >> 8 * n & 0xff) < 0x7f; n++)
        letters[n] = (char)(word >> 8 * n);
    if (n == 0 || (n < sizeof word && word >> 8 * n != 0))
        snprintf(text, size, "user");
    else
        snprintf(text, size, "%s", letters);
}

void event_name(const struct l4_trace_event *e, const char *other, char *text, size_t size)
{
    uint64_t a = e->arg[0];
    char exit[32];

    switch (e->type) {
    case L4_TRACE_USER:
        return name_user(a, text, size);
    case L4_TRACE_CALL:
        return name_or_number(trace_call_name(a), "call", a, text, size);
    case L4_TRACE_IPC:
        snprintf(text, size, "ipc: %s", other);
        return;
    case L4_TRACE_PAGE_FAULT:
        snprintf(text, size, "page fault");
        return;
    case L4_TRACE_EXCEPTION:
        return name_or_number(trace_exception_name(a), "exception", a, text, size);
    case L4_TRACE_INTERRUPT:
        return name_or_number(NULL, "interrupt", a, text, size);
    case L4_TRACE_VCPU_EXIT:
        name_or_number(trace_exit_name(a), "", a, exit, sizeof exit);
        snprintf(text, size, "exit: %s", exit);
        return;
    case L4_TRACE_OWN:
        return name_or_number(NULL, "owns processor", a, text, size);
    default:
        return name_or_number(NULL, "event", e->type, text, size);
    }
}

static void put_pair(FILE *out, const char *a, uint64_t x, const char *b, uint64_t y)
{
    fprintf(out, "\"%s\":\"0x%" PRIx64 "\",\"%s\":\"0x%" PRIx64 "\"", a, x, b, y);
}

void event_arguments(const struct l4_trace_event *e, FILE *out)
{
    uint64_t a = e->arg[0], b = e->arg[1];

    switch (e->type) {
    case L4_TRACE_CALL:
        return put_pair(out, "call", a, "ip", b);
    case L4_TRACE_IPC:
        fprintf(out,
                "\"from\":%" PRIu32 ",\"to\":%" PRIu64 ",\"label\":\"0x%" PRIx64
                "\",\"untyped\":%u,\"typed\":%u",
                e->thread, a, b >> 16, (unsigned)(b & 63), (unsigned)(b >> 6 & 63));
        return;
    case L4_TRACE_PAGE_FAULT:
        return put_pair(out, "address", a, "ip", b);
    case L4_TRACE_EXCEPTION:
        return put_pair(out, "vector", a, "ip", b);
    case L4_TRACE_INTERRUPT:
        fprintf(out, "\"thread\":%" PRIu32, e->thread);
        return;
    case L4_TRACE_VCPU_EXIT:
        return put_pair(out, "reason", a, "guest ip", b);
    default:
        return put_pair(out, "a", a, "b", b);
    }
}
