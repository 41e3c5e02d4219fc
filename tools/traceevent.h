/* SPDX-License-Identifier: BSD-2-Clause */
/* What viewers show of a single event. */
#ifndef TOOLS_TRACEEVENT_H
#define TOOLS_TRACEEVENT_H

#include "trace.h"

/* `other`: the name of the thread in arg[0], of use for IPC. */
void event_name(const struct l4_trace_event *e, const char *other, char *text, size_t size);

/* The inner part of a JSON object. */
void event_arguments(const struct l4_trace_event *e, FILE *out);

#endif
