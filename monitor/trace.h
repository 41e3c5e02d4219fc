/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's trace for people: switched on by the monitor's own arguments and written out as lines
 * of text, to the serial line or to the port of QEMU's isa-debugcon.  `marzipan trace` reads them;
 * docs/tracing.md has the format.
 */
#ifndef MONITOR_TRACE_H
#define MONITOR_TRACE_H

#include <stdbool.h>
#include <stdint.h>

/* Begin to trace if the options say so: trace=LOG2 (events for each processor, 2^LOG2) and
 * trace-port=PORT.  What is wrong with them is in the log. */
void trace_init(void);

bool trace_is_on(void);

/* An event of the monitor's own: up to eight letters (IA32: four), and a number. */
void trace_note(const char *word, uint64_t number);

/* Write out all events, without new ones meanwhile, and begin anew.  Returns how many. */
unsigned trace_dump(void);

#endif
