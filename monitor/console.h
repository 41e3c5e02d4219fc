/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console multiplexer.  One serial line shows one of these views:
 *
 *   all      complete lines of every domain, prefixed and coloured, and the log
 *   focus    one domain's bytes as they are, and the log between them
 *   log      the log from its oldest line on, and what follows
 *
 * and what the operator's shell writes in between, as it comes.
 *
 * What a domain writes while it is not in focus stays in its backlog, which is
 * replayed when it comes into focus.  keys.c turns key strokes into the calls.
 */
#ifndef MONITOR_CONSOLE_H
#define MONITOR_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain.h"

/* Give every domain its backlog, `history` bytes each; false if there is no memory. */
bool console_init(uint32_t history);

/* The same for a domain that is new, and the end of it. */
bool console_open(struct domain *d);
void console_close(struct domain *d);

/* The domain's rings are new (it starts), or go away (it ends). */
void console_attach(struct domain *d);
void console_detach(struct domain *d);

/* Take what is in the domain's output ring.  False: the line is busy; d->flusher,
 * if set, gets its reply once all has been taken. */
bool console_drain(struct domain *d);

/* The serial line may have room again: go on with whatever waits. */
void console_pump(void);

/* Show lines that have been waiting for their end, such as prompts.  Returns the
 * milliseconds until it wants to be called again, or 0 if not. */
uint64_t console_poll(void);

/* Operator's commands. */
void console_show_all(void);
void console_show_log(void);
void console_focus(struct domain *d);
struct domain *console_focused(void);

/* Put bytes typed by the operator into the domain's input ring and notify it. */
void console_type(struct domain *d, const uint8_t *bytes, size_t count);

/* Take back what the domain, which waits for an answer, has not read yet. */
size_t console_untype(struct domain *d, uint8_t bytes[static MZ_IN_SIZE]);

/* One line from the monitor to the operator, not kept in the log. */
void console_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What comes next begins in column 0. */
void console_start_line(void);

/* One line as it is, in any view; waits until the serial line has taken it. */
void console_dump(const char *line);

/* For log.c: a finished line. */
void console_log(const char *line, size_t length);

#endif
