/* SPDX-License-Identifier: BSD-2-Clause */
/* What viewers show of a single event. */
#ifndef TOOLS_TRACEEVENT_H
#define TOOLS_TRACEEVENT_H

#include <string.h>

#include "trace.h"

#define LABEL 128

struct writer {
    struct trace *trace;
    FILE *out;
    uint64_t start; /* of the trace: TSC */
    struct trace_slices slices;
    uint64_t written, arrows;
    bool others; /* some threads have no name */
};

/* An object's beginning: type, name, track. */
void event_begin(struct writer *w, const char *kind, const char *name, unsigned process,
                 uint64_t track);

/* `other`: the name of the thread in arg[0], of use for IPC. */
void event_name(const struct l4_trace_event *e, const char *other, char *text, size_t size);

/* The inner part of a JSON object. */
void event_arguments(const struct l4_trace_event *e, FILE *out);

#endif
