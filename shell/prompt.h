/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shell on the console: a line that is typed, and the refreshing table of `top`.  The monitor
 * sends `:` to open the prompt and what is typed at it, Ctrl-] when the operator goes elsewhere,
 * and `s` after that for the table of VMs.
 */
#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include <stdint.h>

/* Take what was typed, and refresh the table if its time has come.  Milliseconds until that, 0: there
 * is none. */
uint64_t prompt_poll(void);

/* Keys do not go to the shell any more. */
void prompt_close(void);

#endif
