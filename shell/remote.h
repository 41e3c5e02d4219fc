/* SPDX-License-Identifier: BSD-2-Clause */
/* The shell on the control line, COM2: `marzipan ps` and the like talk to it. */
#ifndef SHELL_REMOTE_H
#define SHELL_REMOTE_H

#include <stdint.h>

#include <l4/types.h>

/* Listen, if there is such a line. */
void remote_init(void);

/* A message came: if it is the line's interrupt, take it. */
void remote_interrupt(L4_ThreadId_t from);

/* Take some of the requests that came, each turn of the loop.  Milliseconds until it wants to
 * be called again, 0: when the interrupt comes. */
uint64_t remote_poll(void);

#endif
