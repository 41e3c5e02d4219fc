/* SPDX-License-Identifier: BSD-2-Clause */
/* The shell on the monitor's console: a line that is typed, and the refreshing table of `top`. */
#ifndef MONITOR_PROMPT_H
#define MONITOR_PROMPT_H

#include <stdbool.h>
#include <stdint.h>

/* Show the prompt; keys go to prompt_key() from now on. */
void prompt_open(void);

/* One key.  False: the operator has left. */
bool prompt_key(int key);

/* Refresh the table if its time has come.  Milliseconds until then, 0: there is none. */
uint64_t prompt_poll(void);

#endif
