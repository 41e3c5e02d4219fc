/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's keyboard: what is typed goes to the VM in focus, and Ctrl-]
 * followed by a key is a command to the monitor. */
#ifndef MONITOR_KEYS_H
#define MONITOR_KEYS_H

/* Read and act on all input that the serial line holds. */
void keys_poll(void);

/* The console shows another domain, at somebody else's wish: keys go there, not to the prompt. */
void keys_leave_prompt(void);

#endif
