/* SPDX-License-Identifier: BSD-2-Clause */
/* The operator's keyboard: what is typed goes to the VM in focus, and Ctrl-]
 * followed by a key is a command to the monitor. */
#ifndef MONITOR_KEYS_H
#define MONITOR_KEYS_H

/* Read and act on all input that the serial line holds. */
void keys_poll(void);

/* Keys go to whom the console shows, not to the shell any more, nor do those that it has not read. */
void keys_leave_shell(void);

#endif
