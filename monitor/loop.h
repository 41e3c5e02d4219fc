/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor's one thread: waits for a message, handles it, replies. */
#ifndef MONITOR_LOOP_H
#define MONITOR_LOOP_H

#include <stdbool.h>

/* Serve for ever.  Without an interrupt for input the keyboard is polled. */
_Noreturn void loop_run(bool input_by_interrupt);

#endif
