/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MONITOR_TRACE_NAMES_H
#define MONITOR_TRACE_NAMES_H

/* A line for each thread that there is or was: its number, whose it is, what it is called there. */
void trace_names(void);

/* One line of a trace (trace.c). */
void trace_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
