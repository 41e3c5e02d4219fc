/* SPDX-License-Identifier: BSD-2-Clause */
/* The shell on the control line, COM2: `marzipan ps` and the like talk to it. */
#ifndef MONITOR_REMOTE_H
#define MONITOR_REMOTE_H

#include <stdint.h>

/* Listen, if there is such a line. */
void remote_init(void);

/* The line's interrupt came. */
void remote_interrupt(void);

/* Take some of the requests that came, each turn of the loop.  Milliseconds until it wants to
 * be called again, 0: when the interrupt comes. */
uint64_t remote_poll(void);

#endif
